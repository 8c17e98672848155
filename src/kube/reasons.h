// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QJsonObject>
#include <QList>
#include <QString>
#include <QStringList>

#include <chrono>
#include <optional>

/// Why something that runs in a cluster does not, as its own objects say it. Pure functions of objects as they were read.
namespace catamaran::kube {

/// Why the pods of a workload are not ready.
struct NotReady {
    QString kind; ///< stays the same while the same thing goes on: "webhook", "image", "crash", …
    QString what; ///< for people, with the words of whoever refuses: "no pod can be made: the webhook “…” does not answer: …"
    QString evidence; ///< whose words these are: "Deployment sleep, condition ReplicaFailure"
    QString remedy;
    std::chrono::seconds patience {}; ///< how long such a thing may go on and still pass by itself
    QStringList look {}; ///< words for kubectl (ByHand) that show more, or do what the remedy says; empty: there are none

    [[nodiscard]] QString text() const; ///< what, and in brackets the evidence
};

/// The first thing that @p deployment itself says, else its replica sets, its pods (the newest replica set's first), the
/// events about any of them; nullopt while nothing but time is missing. Lists that were not read may be left empty: they
/// only say more. @p pods and @p events may hold others' too.
[[nodiscard]] std::optional<NotReady> whyNotReady(const QJsonObject &deployment, const QList<QJsonObject> &pods,
    const QList<QJsonObject> &replicaSets = {}, const QList<QJsonObject> &events = {});

/// Whether what @p deployment asks for is there: as many pods as wanted, of its newest template alone, all of them ready.
[[nodiscard]] bool isRolledOut(const QJsonObject &deployment);

/// The part of a pod that whyNotReady() reads; empty while the pod is well. For whoever keeps thousands.
[[nodiscard]] QJsonObject tellingStatus(const QJsonObject &pod);

/// Whether the pod has ended (evicted, completed, failed): it counts for nothing any more.
[[nodiscard]] bool hasEnded(const QJsonObject &pod);

} // namespace catamaran::kube
