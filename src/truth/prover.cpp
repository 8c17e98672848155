// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "truth/prover.h"

#include "mesh/sequences.h"

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
    QHash<Direction, Standing> before; ///< the last that was proven or failed
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
        const observe::ObservedFleet seen = fleet.fleet();
        const QDateTime now = QDateTime::currentDateTimeUtc();
        if (seen.clusters.size() < largeFleet)
            return take(judge(seen, proofs.shown(), ages, now));
        isJudging = true;
        auto promise = std::make_shared<QPromise<Matrix>>();
        promise->start();
        core::whenReady(promise->future(), q, [this](const Matrix &result) {
            isJudging = false;
            take(result);
            if (std::exchange(judgeAgain, false))
                soon();
        });
        QThreadPool::globalInstance()->start([promise, seen, asked = proofs.shown(), ages = ages, now] {
            promise->addResult(judge(seen, asked, ages, now));
            promise->finish();
        });
    }

    void take(const Matrix &result)
    {
        matrix = result;
        QList<DirectionState> broken, mended;
        for (const DirectionState &state : std::as_const(matrix.directions)) {
            if (state.standing != Standing::Proven && state.standing != Standing::Failed)
                continue;
            const auto known = before.constFind(state.direction);
            if (known != before.cend() && *known != state.standing)
                (state.standing == Standing::Failed ? broken : mended).append(state);
            before.insert(state.direction, state.standing);
        }
        waitForAgeing();
        emit q->changed(matrix);
        for (const DirectionState &state : std::as_const(broken))
            emit q->broke(state);
        for (const DirectionState &state : std::as_const(mended))
            emit q->mended(state);
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
    connect(&d->ageing, &QTimer::timeout, this, [this] { d->judgeNow(); });
    connect(&d->again, &QTimer::timeout, this, [this] {
        if (!d->isProving)
            d->look({}, true);
    });
    connect(&live, &observe::LiveFleet::changed, this, [this] { d->soon(); });
    d->matrix = judge(live.fleet(), {}, d->ages, QDateTime::currentDateTimeUtc());
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

const Question &Prover::question() const
{
    return d->question;
}

void Prover::setQuestion(const Question &question)
{
    d->question = question;
    d->proofs = {}; // of another question
    d->soon();
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
    d->soon();
}

} // namespace catamaran::truth
