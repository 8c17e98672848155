// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "findings/facts.h"
#include "findings/finding.h"
#include "truth/matrix.h"

/// Why this request? The way of one request from a client to a pod of another cluster, hop by hop: what rules each, what was asked, and
/// where it stops. It judges nothing itself: what holds is said by the matrix, what is wrong by the findings. Values and pure functions.
namespace catamaran::truth {

struct PathQuestion {
    QString from, ns, workload; ///< the client
    QString url;
    QString to; ///< the cluster whose pods should answer
};

enum class HopKind { Client, Sidecar, GatewayOut, GatewayIn, Pod };
[[nodiscard]] QString hopName(HopKind kind); ///< "client", "sidecar", "gateway-out", "gateway-in", "pod": for machines
[[nodiscard]] QString hopTitle(HopKind kind); ///< for people

/// An object that rules a hop, and what it says there.
struct Ruling {
    QString object; ///< "DestinationRule sample/helloworld", "Secret istio-system/cacerts"; of a Secret only its name
    QString says;
    QString source; ///< "GET destinationrules on cluster-1"
    QDateTime at; ///< UTC
};

/// The certificate that a proxy presents, as it says itself.
struct PresentedCertificate {
    QString identity; ///< "spiffe://cluster.local/ns/default/sa/sleep"
    QString serial; ///< empty: the proxy does not tell
    QDateTime until;
    QString issuer; ///< of the CA that its cluster's control plane signs with; empty: see @c issuerNeeds
    QString issuerNeeds;
    QString source; ///< "cluster-1/default/sleep-7d… (istio-proxy)"
    QDateTime at;
};

struct Hop {
    HopKind kind = HopKind::Client;
    QString where {}; ///< "cluster-1/default/sleep"
    bool isAbsent = false; ///< there is none on this way
    observe::Health health = observe::Health::Unknown; ///< Ok: a request has just passed it
    QString sentence {};
    QList<Ruling> rulings {};
    std::optional<PresentedCertificate> certificate {};
    QStringList endpoints {}; ///< addresses that are dialled from here
    QList<findings::Evidence> asked {}; ///< what was asked to know it, with what came back
    QList<findings::Finding> findings {}; ///< about this hop of this way, worst first
    QString needs {}; ///< not known: what would tell
};

struct RequestPath {
    PathQuestion question;
    QString service; ///< "namespace/name"; empty: the URL names none
    QDateTime at;
    std::optional<bool> arrives; ///< as requests have just shown; nullopt: not known
    std::optional<HopKind> stopsAt; ///< does not arrive: the first hop that does not let it pass; nullopt: nothing that was asked shows it
    QString sentence;
    QList<Hop> hops; ///< the five, in order

    [[nodiscard]] const Hop &hop(HopKind kind) const { return hops.at(int(kind)); }
    /// {"from","source","url","to","service","at","arrives","stops_at","sentence","hops":[{"hop","where","absent","health","sentence",
    /// "rulings":[{"object","says","source","at"}],"certificate":{"identity","serial","until","issuer","source","at"}|null,"endpoints",
    /// "asked":[{"text","source","at"}],"findings":[…],"needs"}]}
    [[nodiscard]] QJsonObject toJson() const;
};

/// What the sidecar of a pod that could answer says of itself.
struct ServingProxy {
    QString pod; ///< "cluster-2/default/helloworld-v2-…"; empty: none was asked
    ProxyProof word; ///< or its error
};

/// @p matrix and @p proofs: of requests from the client for the URL. Nothing that is not in them is taken for known.
[[nodiscard]] RequestPath pathOf(const PathQuestion &question, const findings::FleetFacts &facts, const QList<findings::Finding> &found,
    const Matrix &matrix, const Proofs &proofs, const ServingProxy &serving);

} // namespace catamaran::truth
