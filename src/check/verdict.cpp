// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "check/verdict.h"

#include "check/say.h"

#include <QXmlStreamWriter>

#include <algorithm>

namespace catamaran::check {

using observe::Health;

namespace {

const QString directionsGroup = QStringLiteral("directions"), findingsGroup = QStringLiteral("findings"),
              failoverGroup = QStringLiteral("failover"), requestsGroup = QStringLiteral("requests");

QString nameOf(const truth::Direction &direction)
{
    return Say::tr("%1 to %2 is proven").arg(direction.from, direction.to);
}

QString nameOfFindings(const Expectations &expectations)
{
    return *expectations.warningsAllowed ? Say::tr("nothing worse than a warning") : Say::tr("no warning and no failure");
}

QString nameOf(const ExpectedFailover &one)
{
    return one.from.isEmpty() ? Say::tr("%1 fails over").arg(one.service)
                              : Say::tr("%1 fails over for clients in %2").arg(one.service, one.from);
}

struct Limit {
    QString name;
    std::chrono::milliseconds most;
    double probe::Percentiles::*figure;
};

QList<Limit> limitsOf(const ExpectedRun &run)
{
    QList<Limit> limits;
    const auto add = [&](const char *name, const std::optional<std::chrono::milliseconds> &most, double probe::Percentiles::*figure) {
        if (most)
            limits.append(
                { Say::tr("%1: %2 at most %3 ms").arg(run.name, QLatin1String(name), QString::number(most->count())), *most, figure });
    };
    add("p50", run.p50, &probe::Percentiles::p50);
    add("p95", run.p95, &probe::Percentiles::p95);
    add("p99", run.p99, &probe::Percentiles::p99);
    return limits;
}

QString nameOfAnswers(const ExpectedRun &run)
{
    return run.mostFailed == 0 ? Say::tr("%1: every request is answered").arg(run.name)
                               : Say::tr("%1: at most %2 requests fail").arg(run.name, QString::number(run.mostFailed));
}

QString nameOfShares(const ExpectedRun &run)
{
    return Say::tr("%1: the answers are shared out as expected").arg(run.name);
}

QList<Case> unknownCases(const ExpectedRun &run, const QString &words)
{
    QList<Case> cases { { requestsGroup, nameOfAnswers(run), State::Unknown, words } };
    if (run.judgesShares())
        cases.append({ requestsGroup, nameOfShares(run), State::Unknown, words });
    for (const Limit &limit : limitsOf(run))
        cases.append({ requestsGroup, limit.name, State::Unknown, words });
    return cases;
}

/// What XML 1.0 cannot say at all is shown as what it is not.
QString xmlText(QString text)
{
    for (QChar &c : text) {
        const char16_t u = c.unicode();
        if ((u < 0x20 && u != u'\n' && u != u'\t') || u == 0x7f || u == 0xfffe || u == 0xffff)
            c = QChar(QChar::ReplacementCharacter);
    }
    return QString::fromUtf8(text.toUtf8()); // half a surrogate pair is none
}

} // namespace

QString stateName(State state)
{
    return state == State::Pass ? QStringLiteral("pass") : state == State::Fail ? QStringLiteral("fail") : QStringLiteral("unknown");
}

int Report::count(State state) const
{
    return int(std::count_if(cases.begin(), cases.end(), [state](const Case &one) { return one.state == state; }));
}

bool Report::holds() const
{
    return !cases.isEmpty() && count(State::Pass) == cases.size();
}

QJsonObject Report::toJson() const
{
    QJsonArray list;
    for (const Case &one : cases)
        list.append(QJsonObject { { QStringLiteral("group"), one.group }, { QStringLiteral("name"), one.name },
            { QStringLiteral("state"), stateName(one.state) }, { QStringLiteral("words"), one.words },
            { QStringLiteral("seconds"), one.seconds } });
    return { { QStringLiteral("check"), name }, { QStringLiteral("environment"), environment },
        { QStringLiteral("at"), at.toString(Qt::ISODateWithMs) }, { QStringLiteral("holds"), holds() },
        { QStringLiteral("passed"), count(State::Pass) }, { QStringLiteral("failed"), count(State::Fail) },
        { QStringLiteral("unknown"), count(State::Unknown) }, { QStringLiteral("cases"), list } };
}

QByteArray Report::toJunit() const
{
    double seconds = 0;
    for (const Case &one : cases)
        seconds += one.seconds;
    const auto time = [](double value) { return QString::number(value, 'f', 3); };
    QByteArray bytes;
    QXmlStreamWriter xml(&bytes);
    xml.setAutoFormatting(true);
    xml.writeStartDocument();
    const auto counts = [&] {
        xml.writeAttribute(QStringLiteral("name"), xmlText(name));
        xml.writeAttribute(QStringLiteral("tests"), QString::number(cases.size()));
        xml.writeAttribute(QStringLiteral("failures"), QString::number(count(State::Fail)));
        xml.writeAttribute(QStringLiteral("errors"), QString::number(count(State::Unknown)));
        xml.writeAttribute(QStringLiteral("time"), time(seconds));
    };
    xml.writeStartElement(QStringLiteral("testsuites"));
    counts();
    xml.writeStartElement(QStringLiteral("testsuite"));
    counts();
    xml.writeAttribute(QStringLiteral("skipped"), QStringLiteral("0"));
    xml.writeAttribute(QStringLiteral("timestamp"), at.toUTC().toString(QStringLiteral("yyyy-MM-ddTHH:mm:ss")));
    xml.writeStartElement(QStringLiteral("properties"));
    xml.writeEmptyElement(QStringLiteral("property"));
    xml.writeAttribute(QStringLiteral("name"), QStringLiteral("environment"));
    xml.writeAttribute(QStringLiteral("value"), xmlText(environment));
    xml.writeEndElement();
    for (const Case &one : cases) {
        xml.writeStartElement(QStringLiteral("testcase"));
        xml.writeAttribute(QStringLiteral("classname"), xmlText(QStringLiteral("catamaran.") + name + u'.' + one.group));
        xml.writeAttribute(QStringLiteral("name"), xmlText(one.name));
        xml.writeAttribute(QStringLiteral("time"), time(one.seconds));
        if (one.state != State::Pass) {
            xml.writeStartElement(one.state == State::Fail ? QStringLiteral("failure") : QStringLiteral("error"));
            xml.writeAttribute(QStringLiteral("message"), xmlText(one.words).section(u'\n', 0, 0));
            xml.writeAttribute(QStringLiteral("type"), stateName(one.state));
            xml.writeCharacters(xmlText(one.words));
            xml.writeEndElement();
        } else if (!one.words.isEmpty()) {
            xml.writeTextElement(QStringLiteral("system-out"), xmlText(one.words));
        }
        xml.writeEndElement();
    }
    xml.writeEndElement();
    xml.writeEndElement();
    xml.writeEndDocument();
    return bytes;
}

QList<Case> unknownCases(const Expectations &expectations, const QString &words)
{
    QList<Case> cases;
    if (expectations.allDirections)
        cases.append({ directionsGroup, Say::tr("every direction is proven"), State::Unknown, words });
    for (const truth::Direction &direction : expectations.directions)
        cases.append({ directionsGroup, nameOf(direction), State::Unknown, words });
    if (expectations.warningsAllowed)
        cases.append({ findingsGroup, nameOfFindings(expectations), State::Unknown, words });
    for (const ExpectedFailover &one : expectations.failover)
        cases.append({ failoverGroup, nameOf(one), State::Unknown, words });
    for (const ExpectedRun &run : expectations.runs)
        cases += unknownCases(run, words);
    return cases;
}

QList<Case> judgeDirections(const Expectations &expectations, const truth::Matrix &matrix)
{
    QList<truth::Direction> wanted = expectations.directions;
    if (expectations.allDirections)
        for (const truth::DirectionState &state : matrix.directions)
            wanted.append(state.direction);
    QList<Case> cases;
    for (const truth::Direction &direction : std::as_const(wanted)) {
        Case one { directionsGroup, nameOf(direction), State::Unknown, Say::tr("nobody knows of this direction") };
        if (const truth::DirectionState *state = matrix.find(direction.from, direction.to)) {
            const truth::Cell &cell = state->decisive();
            one.words = truth::layerName(cell.layer) + QStringLiteral(": ") + cell.evidence;
            if (!cell.latent.isEmpty())
                one.words += QStringLiteral(". ") + cell.latent;
            if (!cell.needs.isEmpty() && cell.health != Health::Ok)
                one.words += QStringLiteral(" [") + Say::tr("needs: %1").arg(cell.needs) + u']';
            if (state->isProven() && state->health == Health::Ok)
                one.state = State::Pass;
            else if (state->health == Health::Failed || state->health == Health::Warning)
                one.state = State::Fail;
        }
        cases.append(one);
    }
    if (cases.isEmpty() && expectations.allDirections)
        cases.append({ directionsGroup, Say::tr("every direction is proven"), State::Unknown, Say::tr("there are no two clusters") });
    return cases;
}

QList<Case> judgeFindings(const Expectations &expectations, const QList<findings::Finding> &found)
{
    if (!expectations.warningsAllowed)
        return {};
    QStringList worse, open;
    int accepted = 0;
    for (const findings::Finding &finding : found) {
        if (!finding.counts()) {
            ++accepted;
            continue;
        }
        const QString words = finding.rule + (finding.cluster.isEmpty() ? QString() : u' ' + finding.cluster)
            + (finding.object.isEmpty() ? QString() : u' ' + finding.object) + QStringLiteral(": ") + finding.sentence;
        if (finding.state == Health::Failed || (finding.state == Health::Warning && !*expectations.warningsAllowed))
            worse += words;
        else if (finding.state == Health::Unknown || finding.state == Health::Stale)
            open += words;
    }
    Case one { findingsGroup, nameOfFindings(expectations) };
    if (!worse.isEmpty()) {
        one.state = State::Fail;
        one.words = worse.join(u'\n');
    } else if (!open.isEmpty()) {
        one.words = Say::tr("not all rules could be asked:") + u'\n' + open.join(u'\n');
    } else {
        one.state = State::Pass;
        one.words = accepted > 0 ? Say::tr("%1 findings are accepted").arg(accepted) : QString();
    }
    return { one };
}

QList<Case> judgeFailover(const Expectations &expectations, const QList<findings::FailoverVerdict> &verdicts, const QStringList &unread)
{
    QList<Case> cases;
    for (const ExpectedFailover &wanted : expectations.failover) {
        Case one { failoverGroup, nameOf(wanted) };
        QStringList yes, no, open;
        for (const findings::FailoverVerdict &verdict : verdicts) {
            if (verdict.service != wanted.service || (!wanted.from.isEmpty() && verdict.from != wanted.from))
                continue;
            (verdict.answer == findings::Answer::Yes         ? yes
                    : verdict.answer == findings::Answer::No ? no
                                                             : open)
                += verdict.from + QStringLiteral(": ") + verdict.sentence;
        }
        for (const QString &cluster : unread)
            if (wanted.from.isEmpty() || wanted.from == cluster)
                open += Say::tr("%1: its services could not be read").arg(cluster);
        if (!no.isEmpty()) {
            one.state = State::Fail;
            one.words = no.join(u'\n');
        } else if (!open.isEmpty()) {
            one.words = open.join(u'\n');
        } else if (yes.isEmpty()) {
            one.state = State::Fail;
            one.words = Say::tr("no service of the mesh is called so there");
        } else {
            one.state = State::Pass;
            one.words = yes.join(u'\n');
        }
        cases.append(one);
    }
    return cases;
}

QList<Case> judgeRun(const ExpectedRun &run, const core::Result<probe::RunResult> &result, const truth::SplitExpectation &expectation,
    const probe::ShareVerdict &verdict)
{
    if (!result)
        return unknownCases(run, result.error().text());
    const probe::Summary summary = result->figures();
    const int lost = summary.errors + summary.notSent;
    Case answers { requestsGroup, nameOfAnswers(run), lost <= run.mostFailed ? State::Pass : State::Fail,
        probe::verdictSentence(summary, QStringList()) };
    if (result->error || summary.requests + summary.notSent < run.spec.count) {
        // What was not sent may have failed: only a failure is sure.
        if (answers.state == State::Pass)
            answers.state = State::Unknown;
        answers.words += u' ' + (result->error ? result->error->text() : Say::tr("Not all requests were sent."));
    }
    QList<Case> cases { answers };
    if (run.judgesShares()) {
        const QMap<QString, double> &expected = run.sharesAsRead ? expectation.shares : run.shares;
        Case shares { requestsGroup, nameOfShares(run) };
        shares.words = probe::verdictSentence(summary, expected, verdict);
        if (run.sharesAsRead)
            shares.words += u' ' + expectation.sentence();
        if (verdict.state == probe::ShareVerdict::State::AsExpected)
            shares.state = State::Pass;
        else if (verdict.state == probe::ShareVerdict::State::Differs)
            shares.state = State::Fail;
        cases.append(shares);
    }
    for (const Limit &limit : limitsOf(run)) {
        const double seen = summary.latencyMs.*(limit.figure);
        Case one { requestsGroup, limit.name, State::Unknown, Say::tr("no request was answered") };
        if (summary.ok > 0) {
            one.state = seen <= double(limit.most.count()) ? State::Pass : State::Fail;
            one.words = Say::tr("%1 ms, of %2 good answers, from when each was due")
                            .arg(QString::number(seen, 'f', 1), QString::number(summary.ok));
        }
        cases.append(one);
    }
    return cases;
}

} // namespace catamaran::check
