// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "truth/prover.h"

#include "mesh/sequences.h"
#include "observe/fleetview.h"

#include <QElapsedTimer>
#include <QThreadPool>
#include <QTimer>

#include <algorithm>

namespace catamaran::truth {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

constexpr qsizetype largeFleet = 10; ///< clusters; from here on judging is not for the thread of the window
constexpr auto gather = 100ms;
constexpr int restBetween = 3; ///< times as long as the last judging took
constexpr auto timesAge = 30s; ///< so old the times of what did not change may grow: half of what makes them stale

/// What judging on another thread starts from.
struct Work {
    observe::ObservedFleet seen;
    Proofs proofs;
    Ages ages;
    QDateTime now;
    Matrix before;
    std::optional<QSet<QString>> clusters; ///< whose directions alone are to be judged
    QHash<Direction, Standing> standings;
};

/// And what it brings.
struct Judged {
    Matrix matrix;
    MatrixDelta delta;
    Summary summary;
    QHash<Direction, Standing> standings;
    News news;
};

Judged judged(Work work)
{
    Judged result;
    result.matrix = work.clusters ? judgeAgain(work.before, *work.clusters, work.seen, work.proofs, work.ages, work.now)
                                  : judge(work.seen, work.proofs, work.ages, work.now);
    result.delta = deltaOf(work.before, result.matrix);
    result.summary = result.matrix.summary();
    result.standings = std::move(work.standings);
    if (result.delta.all) {
        result.news = newsOf(result.matrix.directions, result.standings);
    } else {
        QList<DirectionState> differing;
        for (const DirectionState &state : std::as_const(result.matrix.directions))
            if (result.delta.clusters.contains(state.direction.from))
                differing.append(state);
        result.news = newsOf(differing, result.standings);
    }
    return result;
}

} // namespace

struct Prover::Private {
    Private(Prover *owner, session::Session &of, observe::LiveFleet &live)
        : q(owner)
        , session(of)
        , fleet(live)
    {
    }

    Prover *q;
    session::Session &session;
    observe::LiveFleet &fleet;
    Question question;
    Ages ages;
    RollingProofs proofs;
    Matrix matrix;
    MatrixDelta delta; ///< of the matrix to the one before
    Summary summary; ///< of the matrix
    observe::FleetDelta changes; ///< of the fleet since it was judged
    bool wantsAll = true;
    QElapsedTimer judging, wholly; ///< since it was begun
    QHash<Direction, Standing> before; ///< what newsOf() knows
    QTimer publish, ageing, again;
    milliseconds interval = 5s;
    QElapsedTimer began; ///< the look
    bool keeps = false, isProving = false, isJudging = false, judgeAgain = false;
    QList<Direction> waiting; ///< to be asked after the look that is under way
    bool waitsForAll = false;
    std::stop_source stop;
    mesh::Sequences sequences; ///< last: ends first

    void soon()
    {
        if (!publish.isActive())
            publish.start();
    }

    void judgeNow()
    {
        if (isJudging) {
            judgeAgain = true;
            return;
        }
        const bool isLarge = fleet.fleet().clusters.size() >= largeFleet;
        Work work { fleet.fleet(), proofs.shown(), ages, QDateTime::currentDateTimeUtc(), matrix, {}, before };
        if (isLarge && !wantsAll && !changes.places && !changes.whole && changes.meshes.isEmpty())
            work.clusters = changes.clusters;
        else
            wholly.start();
        wantsAll = false;
        changes = {};
        if (!isLarge)
            return take(judged(std::move(work)));
        isJudging = true;
        judging.start();
        auto promise = std::make_shared<QPromise<Judged>>();
        promise->start();
        core::whenReady(promise->future(), q, [this](const Judged &result) {
            isJudging = false;
            publish.setInterval(std::max<milliseconds>(gather, milliseconds(judging.elapsed() * restBetween)));
            take(result);
            if (std::exchange(judgeAgain, false))
                soon();
        });
        QThreadPool::globalInstance()->start([promise, work = std::move(work)]() mutable {
            promise->addResult(judged(std::move(work)));
            promise->finish();
        });
    }

    /// The whole of it: something that is not of single clusters is another.
    void allSoon()
    {
        wantsAll = true;
        soon();
    }

    void take(const Judged &result)
    {
        matrix = result.matrix;
        delta = result.delta;
        summary = result.summary;
        before = result.standings;
        waitForAgeing();
        emit q->changed(matrix);
        if (!result.news.isEmpty())
            emit q->told(result.news);
    }

    /// Nothing happens when a proof grows old: a timer has to say so.
    void waitForAgeing()
    {
        const QDateTime now = QDateTime::currentDateTimeUtc();
        std::optional<milliseconds> next;
        const auto consider = [&](const QDateTime &at) {
            const milliseconds left = ages.proof - milliseconds(at.msecsTo(now));
            if (at.isValid() && left >= 0ms && (!next || left < *next))
                next = left;
        };
        for (const RequestProof &proof : proofs.shown().requests)
            consider(proof.at);
        for (const ProxyProof &proof : proofs.shown().proxies)
            consider(proof.at);
        for (const QList<GatewayProof> &all : proofs.shown().gateways)
            for (const GatewayProof &proof : all)
                consider(proof.at);
        if (next)
            ageing.start(*next + 1ms);
        else
            ageing.stop();
    }

    /// @p isOneOfMany: as few requests as there are directions; what one look does not tell the next ones do.
    void look(const QList<Direction> &directions, bool isOneOfMany = false)
    {
        isProving = true;
        began.start();
        stop = {};
        Question asked = question;
        if (isOneOfMany)
            asked.count = int(std::max<qsizetype>(1, fleet.fleet().clusters.size() - 1));
        emit q->provingChanged(true);
        const auto onProof = [this](const Proofs &found) { core::postTo(q, [this, found] { q->take(found); }); };
        core::whenReady(sequences.run(stop.get_token(),
                            [this, seen = fleet.fleet(), asked, directions, onProof](
                                std::stop_token ends) { return truth::prove(session, seen, asked, directions, ends, onProof); }),
            q, [this](const Proofs &) { ended(); }); // each was told as it came
    }

    void ended()
    {
        if (waitsForAll || !waiting.isEmpty()) {
            const QList<Direction> next = std::exchange(waiting, {});
            return look(std::exchange(waitsForAll, false) ? QList<Direction>() : next);
        }
        isProving = false;
        if (keeps)
            again.start(std::max<milliseconds>(0ms, interval - milliseconds(began.elapsed())));
        emit q->provingChanged(false);
    }
};

Prover::Prover(session::Session &session, observe::LiveFleet &live, QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>(this, session, live))
{
    static const int type = qRegisterMetaType<Matrix>();
    Q_UNUSED(type);
    for (QTimer *timer : { &d->publish, &d->ageing, &d->again })
        timer->setSingleShot(true);
    d->publish.setInterval(gather);
    connect(&d->publish, &QTimer::timeout, this, [this] { d->judgeNow(); });
    connect(&d->ageing, &QTimer::timeout, this, [this] {
        d->wantsAll = true;
        d->judgeNow();
    });
    connect(&d->again, &QTimer::timeout, this, [this] {
        if (!d->isProving)
            d->look({}, true);
    });
    connect(&live, &observe::LiveFleet::published, this, [this](const observe::FleetView &, const observe::FleetDelta &delta) {
        d->changes += delta;
        const bool hasOldTimes = !d->wholly.isValid() || d->wholly.elapsed() >= milliseconds(timesAge).count();
        if (hasOldTimes || d->fleet.fleet().clusters.size() < largeFleet)
            d->allSoon();
        else if (!delta.isEmpty())
            d->soon();
    });
    d->matrix = judge(live.fleet(), {}, d->ages, QDateTime::currentDateTimeUtc());
    d->summary = d->matrix.summary();
}

Prover::~Prover()
{
    d->stop.request_stop();
    d->sequences.stopAndWait();
}

const Matrix &Prover::matrix() const
{
    return d->matrix;
}

const MatrixDelta &Prover::delta() const
{
    return d->delta;
}

const Summary &Prover::summary() const
{
    return d->summary;
}

const Question &Prover::question() const
{
    return d->question;
}

void Prover::setQuestion(const Question &question)
{
    d->question = question;
    d->proofs = {}; // of another question
    d->allSoon();
}

void Prover::setClients(const QHash<QString, Client> &clients)
{
    d->question.clients = clients;
}

QStringList Prover::withoutClient() const
{
    return truth::withoutClient(d->proofs.shown());
}

void Prover::prove(const QList<Direction> &directions)
{
    if (!d->isProving)
        return d->look(directions);
    if (directions.isEmpty())
        d->waitsForAll = true;
    for (const Direction &direction : directions)
        if (!d->waiting.contains(direction))
            d->waiting.append(direction);
}

bool Prover::isProving() const
{
    return d->isProving;
}

void Prover::stop()
{
    d->waiting.clear();
    d->waitsForAll = false;
    d->stop.request_stop();
}

void Prover::keepProving(bool on, milliseconds interval)
{
    d->interval = std::max<milliseconds>(interval, 1s);
    d->keeps = on;
    d->again.stop();
    if (on && !d->isProving)
        prove();
}

bool Prover::isKeepingProving() const
{
    return d->keeps;
}

milliseconds Prover::interval() const
{
    return d->interval;
}

void Prover::take(const Proofs &proofs)
{
    d->proofs.take(proofs, d->ages);
    d->allSoon();
}

} // namespace catamaran::truth
