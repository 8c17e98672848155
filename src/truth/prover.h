// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/async.h"
#include "truth/matrix.h"

#include <QObject>

#include <functional>
#include <memory>

namespace catamaran::session {
class Session;
}

/// Asks, so that directions are known: requests from pods of one cluster that pods of the other answer, the gateways' ports, the proxies.
namespace catamaran::truth {

/// What is asked.
struct Question {
    QString ns = QStringLiteral("default"), workload = QStringLiteral("sleep"); ///< whom requests are sent from, in each cluster
    QString container {};
    QString url = QStringLiteral("http://helloworld:5000/hello");
    int count = 20; ///< requests per direction and look
    std::chrono::milliseconds timeout { 2000 }; ///< per request
    int sideBySide = 8; ///< directions asked at once
};

/// Asks about @p directions (empty: all) once. One run of requests per sending cluster serves all its directions. @p onProof hears each as
/// it comes, on the worker thread. For a worker thread; a stop ends it early with what it has.
[[nodiscard]] Proofs prove(session::Session &session, const observe::ObservedFleet &fleet, const Question &question,
    const QList<Direction> &directions, std::stop_token stop, const std::function<void(const Proofs &)> &onProof = {});

/// The requests of somebody else (a verification, a drill) are proofs too. Pure.
[[nodiscard]] Proofs proofsOf(const observe::ObservedFleet &fleet, const QString &cluster, const QString &source, const QString &url,
    const QList<probe::Sample> &samples);
/// @p into gets what is newer in @p from.
void merge(Proofs &into, const Proofs &from);

/// Keeps the matrix of a live fleet current: judged anew when the fleet changes, a proof comes or something grows old. Main thread.
class Prover : public QObject {
    Q_OBJECT
public:
    Prover(session::Session &session, observe::LiveFleet &live, QObject *parent = nullptr);
    ~Prover() override;

    [[nodiscard]] const Matrix &matrix() const;
    [[nodiscard]] const Question &question() const;
    void setQuestion(const Question &question);
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
    /// A direction was proven and is failed, or was failed and is proven: for notifications and the activity.
    void broke(const catamaran::truth::DirectionState &direction);
    void mended(const catamaran::truth::DirectionState &direction);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace catamaran::truth
