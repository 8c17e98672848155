// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "truth/explain.h"

#include "core/async.h"
#include "findings/view.h"
#include "probe/run.h"
#include "session/session.h"
#include "truth/looks.h"
#include "truth/prover.h"
#include "truth/say.h"

#include <QUrl>

namespace catamaran::truth {

namespace {

/// The sidecar of a ready pod behind the service over there; what it presents is what the client meets.
ServingProxy askServing(session::Session &session, const findings::FleetFacts &facts, const QString &service, int port,
    const PathQuestion &question, const QStringList &answeredBy, const std::stop_token &stop)
{
    ServingProxy serving;
    const findings::Index index(facts);
    kube::KubeClient *client = session.cluster(question.to);
    for (const findings::ClusterView &cluster : index.clusters()) {
        const observe::ServiceFacts *object = cluster.name() == question.to ? cluster.services.value(service) : nullptr;
        if (!object || !client)
            continue;
        const observe::PodFacts *chosen = nullptr;
        for (const observe::PodFacts *pod : cluster.podsOf(*object))
            if (pod->isReady && pod->hasSidecar && (!chosen || answeredBy.contains(pod->name)))
                chosen = pod;
        if (!chosen)
            continue;
        const LookFrom from { question.to, chosen->ns, chosen->name, {}, true };
        serving.pod = from.text();
        const auto word = askProxy(*client, from, service, port, stop);
        serving.word.at = QDateTime::currentDateTimeUtc();
        serving.word.source = from.text() + QStringLiteral(" (istio-proxy)");
        if (word) {
            serving.word.identity = word->identity;
            serving.word.certificateUntil = word->certificateUntil;
            serving.word.certificateSerial = word->certificateSerial;
            serving.word.roots = word->roots;
        } else {
            serving.word.error = word.error();
        }
    }
    return serving;
}

} // namespace

core::Result<core::Done> checkQuestion(const PathQuestion &question, const QStringList &clusters)
{
    const QString tried = Say::tr("explain a request");
    for (const QString &name : { question.from, question.to })
        if (!clusters.contains(name))
            return core::fail(core::ErrorKind::InvalidInput, tried, name, Say::tr("not a cluster of this environment"),
                Say::tr("It has: %1").arg(clusters.join(QStringLiteral(", "))));
    if (question.from == question.to)
        return core::fail(core::ErrorKind::InvalidInput, tried, question.to, Say::tr("that is the client's own cluster"),
            Say::tr("Name the other cluster, whose pods should answer."));
    probe::RunSpec spec;
    spec.source = { question.from, question.ns, question.workload };
    spec.url = question.url;
    spec.count = 1;
    return spec.check();
}

RequestPath explain(session::Session &session, const observe::ObservedFleet &fleet, const findings::FleetFacts &facts,
    const QList<findings::Finding> &found, const PathQuestion &question, std::stop_token stop)
{
    Question asked;
    asked.ns = question.ns;
    asked.workload = question.workload;
    asked.url = question.url;
    const Direction direction { question.from, question.to };
    const Proofs proofs = prove(session, fleet, asked, { direction }, stop);
    const QUrl url(question.url, QUrl::StrictMode);
    const auto request = proofs.requests.constFind(direction);
    const Matrix matrix = judge(fleet, proofs, {}, QDateTime::currentDateTimeUtc());
    RequestPath path = pathOf(question, facts, found, matrix, proofs, {});
    if (!path.service.isEmpty() && !stop.stop_requested()) {
        const ServingProxy serving = askServing(session, facts, path.service, url.port(url.scheme() == u"https" ? 443 : 80), question,
            request != proofs.requests.cend() ? request->answeredBy : QStringList(), stop);
        path = pathOf(question, facts, found, matrix, proofs, serving);
    }
    return path;
}

} // namespace catamaran::truth
