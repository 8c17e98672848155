// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "observe/cloudreader.h"

#include "session/session.h"

#include "mesh/providers.h"

#include <algorithm>

namespace catamaran::observe {

using core::Result;

std::optional<KnownCluster> AccountReadings::find(const documents::EnvironmentCluster &cluster) const
{
    const auto found = std::find_if(
        clusters.begin(), clusters.end(), [&](const KnownCluster &one) { return mesh::isAbout(one.facts, cluster.place()); });
    return found == clusters.end() ? std::nullopt : std::optional(*found);
}

AccountReadings readAccounts(session::Session &session, bool everything, std::stop_token stop, Asked who)
{
    struct Answers {
        QString provider;
        QDateTime end;
        QFuture<Result<mesh::MeshList>> status;
        std::optional<QFuture<Result<mesh::ClusterList>>> clusters;
        std::optional<QFuture<Result<QStringList>>> versions;
        bool hasAccount = true;
    };
    // All at once; a wrong key shows itself in each of them.
    std::vector<Answers> all;
    for (mesh::Provider *provider : session.providers().all) {
        const bool hasAccount = provider->kind().needsAccount();
        if (!hasAccount && who == Asked::Accounts)
            continue;
        Answers asked { provider->kind().name(), provider->credentialsEnd(), provider->status(stop), {}, {}, hasAccount };
        if (everything && hasAccount) {
            asked.clusters = provider->clusters(stop);
            asked.versions = provider->versions(stop);
        }
        all.push_back(std::move(asked));
    }
    AccountReadings account;
    for (Answers &asked : all) {
        CloudReadings cloud;
        cloud.provider = asked.provider;
        cloud.hasAccount = asked.hasAccount;
        if (auto list = core::await(asked.status, stop)) {
            cloud.meshes = std::move(list->meshes);
            cloud.meshesUnread = list->unread;
            cloud.heard = QDateTime::currentDateTimeUtc();
        } else {
            cloud.error = list.error();
        }
        cloud.credentialsEnd = asked.end;
        if (asked.clusters) {
            const auto list = core::await(*asked.clusters, stop);
            cloud.clustersError = list ? list->unread : std::optional(list.error());
            for (const mesh::ClusterFacts &facts : list ? list->clusters : QList<mesh::ClusterFacts>())
                account.clusters.append({ asked.provider, facts });
        }
        if (asked.versions) {
            if (auto offered = core::await(*asked.versions, stop))
                cloud.versions = std::move(*offered);
            else
                cloud.versionsError = offered.error();
        }
        account.clouds.append(cloud);
    }
    return account;
}

} // namespace catamaran::observe
