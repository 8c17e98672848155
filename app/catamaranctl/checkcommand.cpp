// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "context.h"

#include "check/verdict.h"
#include "core/printable.h"
#include "core/regularfile.h"
#include "findings/acceptance.h"
#include "findings/engine.h"

namespace catamaran::ctl {

using check::Case;
using check::State;
using core::Done;
using core::Result;

namespace {

Result<Done> writeJunit(const QString &file, const check::Report &report)
{
    return file.isEmpty() ? Result<Done>(Done {}) : core::writeRegularFile(file, report.toJunit(), Say::tr("write the JUnit file"));
}

QString describe(const check::Report &report)
{
    QList<QStringList> rows;
    for (const Case &one : report.cases)
        rows += { one.state == State::Pass ? Say::tr("holds")
                : one.state == State::Fail ? Say::tr("FAILS")
                                           : Say::tr("NOT KNOWN"),
            one.group, one.name, one.words };
    return table({ Say::tr("STATE"), Say::tr("OF"), Say::tr("EXPECTATION"), Say::tr("SEEN") }, rows) + u'\n'
        + Say::tr("%1 of %2 expectations hold, %3 fail, %4 are not known.")
              .arg(report.count(State::Pass))
              .arg(report.cases.size())
              .arg(report.count(State::Fail))
              .arg(report.count(State::Unknown))
        + u'\n';
}

/// Carries one check out: what needs the same reading is read once.
class Checking {
public:
    Checking(Context &context, const check::Expectations &expectations)
        : m_context(context)
        , m_expectations(expectations)
    {
    }

    /// Adds to @p cases; an error: nothing could be looked at.
    Result<Done> run(QList<Case> &cases)
    {
        QStringList namespaces { m_expectations.question.ns };
        for (const check::ExpectedRun &run : m_expectations.runs)
            namespaces += run.spec.source.ns;
        namespaces.removeDuplicates();
        auto fleet = look(m_context, namespaces);
        if (!fleet)
            return core::fail(fleet.error());
        m_fleet = std::move(*fleet);
        m_isUnheard = unheardCode(m_fleet.errors) == Unreachable;
        if (m_expectations.asksDirections())
            cases += timed([this] { return directions(); });
        if (m_expectations.asksFindings())
            if (const auto read = findings(cases); !read)
                return core::fail(read.error());
        for (const check::ExpectedRun &run : m_expectations.runs) {
            if (m_context.stop.stop_requested())
                break;
            m_context.progress(Say::tr("sending from %1 to %2").arg(run.spec.source.text(), run.spec.url));
            cases += timed([&] { return send(run); });
        }
        return Done {};
    }
    /// Whether some part of the environment did not answer at all.
    [[nodiscard]] bool isUnheard() const { return m_isUnheard; }

private:
    /// The time that several cases took together is told with the first.
    template <typename Function> QList<Case> timed(Function function)
    {
        QElapsedTimer clock;
        clock.start();
        QList<Case> cases = function();
        if (!cases.isEmpty())
            cases.first().seconds = double(clock.elapsed()) / 1000;
        return cases;
    }

    QList<Case> directions()
    {
        m_context.progress(Say::tr("asking about directions"));
        const truth::Proofs proofs
            = truth::prove(*m_context.session, m_fleet, m_expectations.question, m_expectations.directions, m_context.stop);
        return check::judgeDirections(m_expectations, truth::judge(m_fleet, proofs, {}, QDateTime::currentDateTimeUtc()));
    }

    Result<Done> findings(QList<Case> &cases)
    {
        m_context.progress(Say::tr("asking the rules"));
        const auto acceptances = findings::loadAcceptances(m_context.environment);
        if (!acceptances)
            return core::fail(acceptances.error());
        cases += timed([&] {
            const findings::FleetFacts facts = findings::readFacts(*m_context.session, {}, m_context.stop);
            QList<findings::Finding> found = findings::judge(facts);
            findings::accept(found, *acceptances, facts.now.date());
            QStringList unread;
            for (const observe::ClusterObjects &cluster : facts.clusters)
                if (!cluster.services.isRead() || !cluster.namespaces.isRead())
                    unread << cluster.name;
            return check::judgeFindings(m_expectations, found)
                + check::judgeFailover(m_expectations, findings::failover(facts, found), unread);
        });
        return Done {};
    }

    QList<Case> send(const check::ExpectedRun &run)
    {
        kube::KubeClient *client = m_context.session->cluster(run.spec.source.cluster);
        if (!client) {
            const auto error = m_context.session->clusterError(run.spec.source.cluster)
                                   .value_or(core::Error::make(core::ErrorKind::NotFound, Say::tr("send requests"), run.spec.source.cluster,
                                       Say::tr("the environment has no cluster “%1”").arg(run.spec.source.cluster)));
            return check::judgeRun(run, core::fail(error), {}, {});
        }
        truth::SplitExpectation expectation;
        if (run.sharesAsRead)
            expectation = truth::expectedSplit(truth::readSplit(*m_context.session, m_fleet, run.spec, m_context.stop));
        const auto test = std::make_shared<probe::ShareTest>(run.sharesAsRead ? expectation.shares : run.shares);
        const auto result = core::await(
            probe::run(*client, run.spec, m_context.stop, [test](const QList<probe::Sample> &samples) { test->add(samples); }),
            std::stop_token());
        return check::judgeRun(run, result, expectation, test->verdict());
    }

    Context &m_context;
    const check::Expectations &m_expectations;
    observe::ObservedFleet m_fleet;
    bool m_isUnheard = false;
};

int carryOut(Context &context, const check::Expectations &expectations, const QString &junit)
{
    for (const truth::Direction &direction : expectations.directions)
        for (const QString &cluster : { direction.from, direction.to })
            if (!context.session->clusterNames().contains(cluster))
                return context.failed(
                    badArgument(QStringLiteral("expect.directions"), Say::tr("the environment has no cluster %1").arg(cluster)));
    check::Report report { expectations.name, context.environment.name, QDateTime::currentDateTimeUtc(), {} };
    Checking checking(context, expectations);
    const auto done = checking.run(report.cases);
    const bool stopped = context.stop.stop_requested();
    if (!done)
        report.cases = check::unknownCases(expectations, done.error().text());
    else if (stopped)
        report.cases = check::unknownCases(expectations, Say::tr("stopped before it was known"));
    if (const auto written = writeJunit(junit, report); !written)
        return context.failed(written.error());
    if (!done)
        return context.failed(done.error(), report.toJson());
    context.print(report.toJson(), describe(report));
    if (stopped)
        return Aborted;
    if (report.holds())
        return Holds;
    return report.count(State::Unknown) > 0 && checking.isUnheard() ? Unreachable : Failed;
}

Result<Work> prepare(const QCommandLineParser &parser, const QStringList &words)
{
    if (words.isEmpty())
        return core::fail(badArgument(QStringLiteral("FILE"), Say::tr("missing"), Say::tr("Name a file with what is expected.")));
    if (words.size() > 1)
        return core::fail(badArgument(words.at(1), Say::tr("not expected here")));
    const auto expectations = check::loadExpectations(words.first());
    if (!expectations)
        return core::fail(expectations.error());
    const QString junit = parser.value(QStringLiteral("junit"));
    if (parser.isSet(QStringLiteral("junit")) && junit.isEmpty())
        return core::fail(badArgument(QStringLiteral("--junit"), Say::tr("empty"), Say::tr("Name the file to write.")));
    // Whatever ends this before its time, what an earlier one wrote is not taken for its word.
    const check::Report untried { expectations->name, {}, QDateTime::currentDateTimeUtc(),
        check::unknownCases(*expectations, Say::tr("it did not come to that: see the job's log")) };
    if (const auto written = writeJunit(junit, untried); !written)
        return core::fail(written.error());
    return Work([expectations = *expectations, junit](Context &context) { return carryOut(context, expectations, junit); });
}

} // namespace

Command checkCommand()
{
    Command command { "check",
        Say::tr(
            "Looks whether the fleet is as a file expects it. 0: all of it holds, 1: something does not or is not known, 3: a part could not be reached."),
        QStringLiteral("FILE"), true, {}, &prepare, {} };
    command.declare = [](QCommandLineParser &parser) {
        parser.addOption({ QStringLiteral("junit"), Say::tr("Writes JUnit XML there too, with a test case for each expectation."),
            QStringLiteral("FILE") });
    };
    return command;
}

} // namespace catamaran::ctl
