// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "executions.h"

#include "fleet/rights.h"

#include <QJsonArray>

namespace catamaran::ctl {

StepTeller::StepTeller(const Context &context, QMap<QString, QString> titles)
    : m_context(context)
    , m_titles(std::move(titles))
{
}

void StepTeller::tell(const ops::StepProgress &progress)
{
    const QString note = progress.error ? progress.error->text() : progress.note;
    const QString line = m_titles.value(progress.stepId, progress.stepId) + QStringLiteral(": ") + ops::stateName(progress.state)
        + (note.isEmpty() ? QString() : QStringLiteral(" - ") + note);
    if (progress.state == ops::StepState::Waiting || line == m_last)
        return;
    m_last = line;
    m_context.progress(line);
}

std::optional<core::Error> missingRights(const Context &context, const QString &tried, const QList<ops::Right> &rights)
{
    const fleet::Rights refused = fleet::refusedOf(fleet::byCluster(rights), *context.session, context.stop);
    return refused.isEmpty() ? std::nullopt : std::optional(fleet::rightsError(tried, refused));
}

QJsonObject toJson(const ops::ExecutionResult &result, const QMap<QString, QString> &titles)
{
    QJsonArray outcomes;
    for (const ops::StepOutcome &step : result.steps) {
        QJsonObject one { { QStringLiteral("id"), step.stepId }, { QStringLiteral("title"), titles.value(step.stepId) },
            { QStringLiteral("state"), ops::stateName(step.state) }, { QStringLiteral("note"), step.note },
            { QStringLiteral("elapsed_ms"), step.elapsedMs } };
        if (!step.evidence.text.isEmpty()) {
            one.insert(QStringLiteral("evidence"), step.evidence.text);
            one.insert(QStringLiteral("source"), step.evidence.source);
            one.insert(QStringLiteral("at"), step.evidence.at.toString(Qt::ISODateWithMs));
        }
        if (!step.requestId.isEmpty())
            one.insert(QStringLiteral("request_id"), step.requestId);
        if (step.error)
            one.insert(QStringLiteral("error"), step.error->text());
        outcomes += one;
    }
    return { { QStringLiteral("execution"), result.execution == 0 ? QJsonValue(QJsonValue::Null) : QJsonValue(result.execution) },
        { QStringLiteral("complete"), result.complete }, { QStringLiteral("done_steps"), QJsonArray::fromStringList(result.doneSteps()) },
        { QStringLiteral("outcomes"), outcomes } };
}

core::Error whyIncomplete(const ops::ExecutionResult &result, const QString &tried, const QString &target)
{
    if (result.error)
        return *result.error;
    if (result.stopped)
        return core::Error::make(
            core::ErrorKind::Cancelled, tried, target, Say::tr("stopped on request"), Say::tr("Run it again to go on from there."));
    for (const ops::StepOutcome &step : result.steps)
        if (step.state != ops::StepState::Done)
            return core::Error::make(core::ErrorKind::Precondition, tried, step.stepId, step.note);
    return core::Error::make(core::ErrorKind::Internal, tried, target, Say::tr("it ended without a reason"));
}

} // namespace catamaran::ctl
