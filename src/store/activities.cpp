// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "store/columns.h"
#include "store/database.h"
#include "store/say.h"

#include <QHash>
#include <QJsonArray>
#include <QSet>
#include <QSqlQuery>

#include <algorithm>

/// Activities as rows of executions and events.
namespace catamaran::store {

using core::Done;
using core::ErrorKind;
using core::Result;

namespace {

/// "apply two-meshes": an execution's purpose and its name.
QString purposeOf(const QString &operation)
{
    return operation.section(u' ', 0, 0);
}

QString nameOf(const QString &operation)
{
    return some(operation.section(u' ', 1));
}

/// A step's id without the turn that makes it unique in its execution: "create-mesh-1~2".
QString stepOf(const QString &id)
{
    bool number = false;
    const qsizetype mark = id.lastIndexOf(u'~');
    if (mark >= 0)
        (void)id.mid(mark + 1).toInt(&number);
    return number ? id.left(mark) : id;
}

QString idOfTurn(const QString &step, const QJsonArray &steps)
{
    const auto turns
        = std::count_if(steps.begin(), steps.end(), [&](const QJsonValue &one) { return stepOf(one[u"id"].toString()) == step; });
    return turns == 0 ? step : step + u'~' + QString::number(turns + 1);
}

QHash<QString, QJsonObject> stepsOf(const QJsonObject &plan)
{
    QHash<QString, QJsonObject> steps;
    const QJsonArray list = plan[u"steps"].toArray();
    for (const QJsonValue &step : list)
        steps.insert(step[u"id"].toString(), step.toObject());
    return steps;
}

/// What the plan says of the step.
void describe(Activity &activity, const QJsonObject &step)
{
    activity.what = step[u"title"].toString();
    activity.target = step[u"subject"].toString();
    QStringList calls;
    const QJsonArray list = step[u"calls"].toArray();
    for (const QJsonValue &call : list)
        calls += call[u"method"].toString();
    activity.call = calls.join(QStringLiteral("; "));
    activity.command = step[u"command"].toString();
    activity.undo = step[u"undo"].toString();
}

} // namespace

Result<qint64> Database::begin(const Activity &activity)
{
    const QString tried = Say::tr("write the journal");
    qint64 event = 0;
    const auto written = transaction(tried, [&]() -> Result<Done> {
        // One execution for what this object writes of one operation.
        qint64 execution = 0;
        QJsonArray steps;
        const auto known = forEach(tried,
            QStringLiteral("SELECT id, plan FROM execution WHERE environment = ? AND purpose = ? AND name = ? AND boot = ?"),
            { some(activity.environment), some(purposeOf(activity.operation)), nameOf(activity.operation), writer() },
            [&](const QSqlQuery &row) {
                execution = row.value(0).toLongLong();
                steps = objectOf(row.value(1))[u"steps"].toArray();
                return true;
            });
        if (!known)
            return known;
        const bool found = execution != 0;
        const QString step = some(idOfTurn(activity.step, steps));
        steps += QJsonObject { { QStringLiteral("id"), step }, { QStringLiteral("title"), activity.what },
            { QStringLiteral("subject"), activity.target },
            { QStringLiteral("calls"), QJsonArray { QJsonObject { { QStringLiteral("method"), activity.call } } } },
            { QStringLiteral("command"), activity.command }, { QStringLiteral("undo"), activity.undo } };
        const QString plan = compact({ { QStringLiteral("steps"), steps } });
        const auto kept = found
            ? run(tried, QStringLiteral("UPDATE execution SET plan = ?, ended = ? WHERE id = ?"), { plan, moment(activity.at), execution })
            : run(tried,
                QStringLiteral(
                    "INSERT INTO execution (uid, at, environment, purpose, name, plan, undoes, state, host, boot, pid, started, heartbeat, "
                    "ended) VALUES (lower(hex(randomblob(16))), ?, ?, ?, ?, ?, 0, 'done', '', ?, 0, 0, 0, ?)"),
                { moment(activity.at), some(activity.environment), some(purposeOf(activity.operation)), nameOf(activity.operation), plan,
                    writer(), moment(activity.at) });
        if (!kept)
            return core::fail(kept.error());
        if (!found)
            execution = kept->lastInsertId().toLongLong();
        const bool started = activity.state.isEmpty() || activity.state == QLatin1String("started");
        const auto inserted = run(tried,
            QStringLiteral(
                "INSERT INTO event (execution, step, at, state, seen, answer, request_id, evidence, duration_ms) VALUES (?, ?, ?, ?, '{}', "
                "?, ?, '{}', ?)"),
            { execution, step, moment(activity.at), started ? QStringLiteral("intent") : activity.state, some(activity.answer),
                some(activity.requestId), activity.durationMs });
        if (!inserted)
            return core::fail(inserted.error());
        event = inserted->lastInsertId().toLongLong();
        return Done {};
    });
    if (!written)
        return core::fail(written.error());
    return event;
}

Result<Done> Database::complete(qint64 id, const QString &state, const QString &answer, const QString &requestId, qint64 durationMs)
{
    const QString tried = Say::tr("write the journal");
    return transaction(tried, [&]() -> Result<Done> {
        const auto ended = run(tried,
            QStringLiteral(
                "INSERT INTO event (execution, step, at, state, seen, answer, request_id, evidence, duration_ms) SELECT execution, step, "
                "?, ?, '{}', ?, ?, '{}', ? FROM event WHERE id = ?"),
            { moment({}), some(state), some(answer), some(requestId), durationMs, id });
        if (!ended)
            return core::fail(ended.error());
        if (ended->numRowsAffected() < 1)
            return core::fail(ErrorKind::NotFound, tried, file(), Say::tr("there is no entry %1").arg(id));
        return run(tried,
            QStringLiteral(
                "UPDATE execution SET ended = ?, state = CASE WHEN ? = 'failed' THEN 'failed' ELSE state END WHERE id = (SELECT execution "
                "FROM event WHERE id = ?)"),
            { moment({}), some(state), id })
            .map([](const QSqlQuery &) { return Done {}; });
    });
}

Result<QList<Activity>> Database::activities(int limit, const QString &environment) const
{
    const QString tried = Say::tr("read the journal");
    QList<Activity> list;
    QSet<std::pair<qint64, QString>> met;
    QHash<qint64, QHash<QString, QJsonObject>> plans;
    Result<Done> detail = Done {};
    // Backwards through the events: the first one met of a step is its newest, which says how it stands.
    const auto newest = [&](const QSqlQuery &row) {
        const auto text = [&](int column) { return row.value(column).toString(); };
        const qint64 execution = row.value(0).toLongLong();
        const QString step = text(1);
        if (met.contains({ execution, step }))
            return true;
        met.insert({ execution, step });
        Activity activity;
        activity.step = stepOf(step);
        activity.state = text(2) == QLatin1String("intent") || text(2) == QLatin1String("sent") ? QStringLiteral("started") : text(2);
        activity.answer = text(3);
        activity.requestId = text(4);
        activity.durationMs = row.value(5).toLongLong();
        activity.environment = text(6);
        activity.operation = text(8).isEmpty() ? text(7) : text(7) + u' ' + text(8);
        if (!plans.contains(execution))
            detail = forEach(tried, QStringLiteral("SELECT plan FROM execution WHERE id = ?"), { execution }, [&](const QSqlQuery &plan) {
                plans.insert(execution, stepsOf(objectOf(plan.value(0))));
                return true;
            });
        describe(activity, plans.value(execution).value(step));
        if (detail)
            detail = forEach(tried,
                QStringLiteral("SELECT id, at FROM event WHERE execution = ? AND step = ? AND state <> 'planned' ORDER BY id LIMIT 1"),
                { execution, step }, [&](const QSqlQuery &first) {
                    activity.id = first.value(0).toLongLong();
                    activity.at = momentOf(first.value(1));
                    return true;
                });
        list.append(activity);
        return detail && list.size() < limit;
    };
    const auto read = forEach(tried,
        QStringLiteral(
            "SELECT e.execution, e.step, e.state, e.answer, e.request_id, e.duration_ms, x.environment, x.purpose, x.name FROM event e "
            "JOIN execution x ON x.id = e.execution WHERE (? = '' OR x.environment = ?) AND e.state <> 'planned' ORDER BY e.id DESC"),
        { some(environment), some(environment) }, newest);
    if (!read || !detail)
        return core::fail(read ? detail.error() : read.error());
    std::sort(list.begin(), list.end(), [](const Activity &a, const Activity &b) { return a.id > b.id; });
    return list;
}

} // namespace catamaran::store
