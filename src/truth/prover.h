// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/async.h"
#include "observe/observedfleet.h"
#include "truth/matrix.h"
#include "truth/news.h"

#include <QObject>

#include <functional>
#include <memory>

namespace catamaran::session {
class Session;
}

/// Asks, so that directions are known: requests from pods of one cluster that pods of the other answer, the gateways' ports, the proxies.
namespace catamaran::truth {

/// Who sends in one cluster.
struct Client {
    QString ns, workload;
    QString pod {}, container {}; ///< empty: a ready one of the workload, and the container that kubectl would take
    bool operator==(const Client &) const = default;
};

/// The code of the error of a request that could not be sent because the cluster has no client: none is ready, or what is ready has no
/// shell and curl. A probe would do.
inline const QString noClientCode = QStringLiteral("NoClient");

/// What is asked.
struct Question {
    QString ns = QStringLiteral("default"), workload = QStringLiteral("sleep"); ///< whom requests are sent from, in each cluster
    QString container {};
    QString url = QStringLiteral("http://helloworld:5000/hello");
    int count = 0; ///< requests per sending cluster; 0: as many as it takes to meet every cluster, see enoughFor()
    std::chrono::milliseconds timeout { 2000 }; ///< per request
    std::chrono::milliseconds patience { 30'000 }; ///< per sending cluster: what was not sent by then stays unsent
    int sideBySide = 10; ///< sending clusters at once
    bool greetsGateways = true, asksProxies = true; ///< besides sending requests
    /// By cluster: who sends there instead of the workload above. A URL that names a service by its first name alone means the one in @c ns
    /// for these too.
    QHash<QString, Client> clients {};

    [[nodiscard]] Client clientIn(const QString &cluster) const;
    /// The URL as a pod of namespace @p from has to ask it.
    [[nodiscard]] QString urlFrom(const QString &from) const;
};

/// How many requests, spread evenly, meet a cluster that has @p share of the ready pods with all but @p missChance. Pure.
[[nodiscard]] int enoughFor(double share, double missChance);

/// Asks about @p directions (empty: all) once. One run of requests per sending cluster serves all its directions. @p onProof hears each as
/// it comes, on the worker thread. For a worker thread; a stop ends it early with what it has.
[[nodiscard]] Proofs prove(session::Session &session, const observe::ObservedFleet &fleet, const Question &question,
    const QList<Direction> &directions, std::stop_token stop, const std::function<void(const Proofs &)> &onProof = {});

/// The requests of somebody else (a verification, a drill) are proofs too. Pure.
[[nodiscard]] Proofs proofsOf(const observe::ObservedFleet &fleet, const QString &cluster, const QString &source, const QString &url,
    const QList<probe::Sample> &samples);
/// The clusters that nothing could be sent from for want of a client, sorted. Pure.
[[nodiscard]] QStringList withoutClient(const Proofs &proofs);
/// @p into gets what is newer in @p from.
void merge(Proofs &into, const Proofs &from);

/// Proofs that come again and again, each of few requests: those that did not cross are added up until they tell something, and until
/// then the last that crossed stands, with its age. Pure.
class RollingProofs {
public:
    void take(const Proofs &look, const Ages &ages);
    [[nodiscard]] const Proofs &shown() const { return m_shown; }

private:
    Proofs m_shown;
    QHash<Direction, RequestProof> m_missed; ///< since the last that crossed
};

/// Keeps the matrix of a live fleet current: judged anew when the fleet changes, a proof comes or something grows old. Main thread.
class Prover : public QObject {
    Q_OBJECT
public:
    Prover(session::Session &session, observe::LiveFleet &live, QObject *parent = nullptr);
    ~Prover() override;

    [[nodiscard]] const Matrix &matrix() const;
    [[nodiscard]] const Summary &summary() const; ///< of the matrix, counted once
    /// What changed() tells: what is another than before. For who takes each.
    [[nodiscard]] const MatrixDelta &delta() const;
    [[nodiscard]] const Question &question() const;
    void setQuestion(const Question &question);
    /// Who sends in some clusters instead of the question's workload; what is proven stands.
    void setClients(const QHash<QString, Client> &clients);
    /// The clusters that nothing could be sent from for want of a client.
    [[nodiscard]] QStringList withoutClient() const;
    /// Asks once; empty: all directions. While it runs, another call is added to it.
    void prove(const QList<Direction> &directions = {});
    [[nodiscard]] bool isProving() const;
    void stop();
    /// Asks again and again. Off at first; the user turns it on. At most one request in five seconds per direction by default.
    void keepProving(bool on, std::chrono::milliseconds interval = std::chrono::seconds(5));
    [[nodiscard]] bool isKeepingProving() const;
    [[nodiscard]] std::chrono::milliseconds interval() const;
    /// Proofs that somebody else made.
    void take(const Proofs &proofs);

signals:
    /// At most every 100 ms.
    void changed(const catamaran::truth::Matrix &matrix);
    void provingChanged(bool isProving);
    /// Directions broke, were found failed or were mended; one at least.
    void told(const catamaran::truth::News &news);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace catamaran::truth
