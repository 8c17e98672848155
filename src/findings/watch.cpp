// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "findings/watch.h"

#include "findings/acceptance.h"
#include "findings/engine.h"
#include "mesh/sequences.h"
#include "session/session.h"

#include <QTimer>

namespace catamaran::findings {

namespace {

/// One look.
struct Looked {
    FleetFacts facts;
    QList<Finding> found;
    QList<FailoverVerdict> failover;
    std::optional<core::Error> acceptanceError;
};

core::Result<Looked> look(session::Session &session, const documents::Environment &environment,
    const std::optional<documents::FleetDocument> &wish, const FleetFacts &before, std::stop_token stop)
{
    Looked looked;
    looked.facts = withWhatWasKnown(readFacts(session, wish, stop), before);
    looked.found = judge(looked.facts);
    looked.failover = failover(looked.facts, looked.found);
    const auto acceptances = loadAcceptances(environment);
    if (acceptances)
        accept(looked.found, *acceptances, looked.facts.now.date());
    else
        looked.acceptanceError = acceptances.error();
    return looked;
}

} // namespace

struct Watch::Private {
    session::Session &session;
    Looked last;
    std::optional<documents::FleetDocument> wish;
    QTimer timer;
    bool isLooking = false, again = false;
    mesh::Sequences sequences; // last: ends first
};

Watch::Watch(session::Session &session, QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>(session))
{
    d->timer.setSingleShot(true);
    connect(&d->timer, &QTimer::timeout, this, &Watch::refresh);
}

Watch::~Watch() = default;

void Watch::start(std::chrono::milliseconds every)
{
    d->timer.setInterval(every);
    refresh();
}

void Watch::setWish(const std::optional<documents::FleetDocument> &wish)
{
    d->wish = wish;
}

void Watch::refresh()
{
    if (d->isLooking) {
        d->again = true;
        return;
    }
    d->isLooking = true;
    d->timer.stop();
    auto future = d->sequences.run(
        {}, [session = &d->session, environment = d->session.environment(), wish = d->wish, before = d->last.facts](std::stop_token stop) {
            return look(*session, environment, wish, before, stop);
        });
    core::whenReady(future, this, [this](core::Result<Looked> looked) {
        d->isLooking = false;
        if (looked) {
            QHash<QString, QDateTime> since;
            for (const Finding &finding : std::as_const(d->last.found))
                since.insert(finding.id() + u'|' + observe::healthName(finding.state), finding.since);
            for (Finding &finding : looked->found)
                finding.since = since.value(finding.id() + u'|' + observe::healthName(finding.state), looked->facts.now);
            d->last = std::move(*looked);
            emit changed();
        }
        if (std::exchange(d->again, false))
            refresh();
        else if (d->timer.intervalAsDuration().count() > 0)
            d->timer.start();
    });
}

const QList<Finding> &Watch::findings() const
{
    return d->last.found;
}

const QList<FailoverVerdict> &Watch::failover() const
{
    return d->last.failover;
}

const FleetFacts &Watch::facts() const
{
    return d->last.facts;
}

const std::optional<core::Error> &Watch::acceptanceError() const
{
    return d->last.acceptanceError;
}

} // namespace catamaran::findings
