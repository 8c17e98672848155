// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/cloud/cloudserver.h"
#include "lab/cloud/webrequest.h"

#include <boost/asio/steady_timer.hpp>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace catamaran::lab {

/// The ASM actions (facts asm-openapi 3) on the meshes of one account: parameters, states, delays, refusals. Requests
/// come here after the doorkeeper. One thread.
class AsmApi : public std::enable_shared_from_this<AsmApi> {
public:
    AsmApi(boost::asio::io_context &io, MeshWorld &world, std::vector<CloudCluster> clusters, CloudDelays delays);

    /// @p parameters: query and form, merged.
    [[nodiscard]] CloudAnswer handle(const std::string &method, const std::string &action, const CloudParameters &parameters);

    struct Member {
        bool discoveryOnly = false;
        std::string state = "running"; ///< starting, running, stopping
        std::string created, updated;
    };
    struct Mesh {
        std::string id, name, regionId, vpcId, version, profile, clusterSpec, clusterDomain, state, errorMessage, created, updated;
        std::vector<std::string> vswitches;
        bool publicApiServer = false, hasOwnCa = false, localityEnabled = false;
        json::value locality;
        MeshCa ca;
        std::map<std::string, Member> members; ///< by cluster id
        std::map<std::string, ClusterNetwork> networks;
        std::map<std::string, bool> injection; ///< by namespace
        std::vector<std::pair<std::string, std::string>> logs; ///< time, text
        std::map<std::string, std::string> tags;
        int number = 0;
    };
    [[nodiscard]] const std::map<std::string, Mesh> &meshes() const { return m_meshes; }

private:
    struct Action;
    using Parameters = CloudParameters;
    [[nodiscard]] static const std::map<std::string, Action> &actions();

    CloudAnswer createMesh(const Parameters &parameters);
    CloudAnswer listMeshes(const Parameters &parameters);
    CloudAnswer showMesh(Mesh &mesh, const Parameters &parameters);
    CloudAnswer deleteMesh(Mesh &mesh, const Parameters &parameters);
    CloudAnswer caCert(Mesh &mesh, const Parameters &parameters);
    CloudAnswer listCandidates(const Parameters &parameters);
    CloudAnswer listMembers(Mesh &mesh, const Parameters &parameters);
    CloudAnswer addCluster(Mesh &mesh, const Parameters &parameters);
    CloudAnswer removeCluster(Mesh &mesh, const Parameters &parameters);
    CloudAnswer showNetworks(Mesh &mesh, const Parameters &parameters);
    CloudAnswer updateNetworks(Mesh &mesh, const Parameters &parameters);
    CloudAnswer updateInjection(Mesh &mesh, const Parameters &parameters);
    CloudAnswer guestNamespaces(Mesh &mesh, const Parameters &parameters);
    CloudAnswer importNamespaces(Mesh &mesh, const Parameters &parameters);
    CloudAnswer updateFeature(Mesh &mesh, const Parameters &parameters);
    CloudAnswer proxyStatus(Mesh &mesh, const Parameters &parameters);
    CloudAnswer additionalStatus(Mesh &mesh, const Parameters &parameters);
    CloudAnswer showLogs(Mesh &mesh, const Parameters &parameters);
    CloudAnswer upgradeVersion(Mesh &mesh, const Parameters &parameters);
    CloudAnswer upgradeStatus(Mesh &mesh, const Parameters &parameters);
    CloudAnswer listVersions(const Parameters &parameters);
    CloudAnswer listVpcs(const Parameters &parameters);
    CloudAnswer listVSwitches(const Parameters &parameters);
    CloudAnswer listCens(const Parameters &parameters);

    [[nodiscard]] const CloudCluster *cluster(const std::string &id) const;
    [[nodiscard]] const Mesh *managerOf(const std::string &clusterId) const;
    [[nodiscard]] json::object describe(const Mesh &mesh, bool inDetail) const;
    [[nodiscard]] json::object describe(const CloudCluster &cluster) const;
    /// Puts the mesh into "updating" and ends that with @p finish after the update delay.
    void update(Mesh &mesh, const std::string &what, std::function<void(Mesh &)> finish);
    /// Calls @p then with the mesh after @p delay, when both still exist.
    void later(const std::string &meshId, std::chrono::milliseconds delay, std::function<void(Mesh &)> then);
    void log(Mesh &mesh, const std::string &text);

    boost::asio::io_context &m_io;
    MeshWorld &m_world;
    std::vector<CloudCluster> m_clusters;
    CloudDelays m_delays;
    std::map<std::string, Mesh> m_meshes;
    int m_created = 0;
};

/// "2026-01-02T11:04:05+08:00", now.
[[nodiscard]] std::string cloudTime();
/// "Tag.1.Key", "Tag.1.Value" and so on, by key.
[[nodiscard]] std::map<std::string, std::string> tagsIn(const CloudParameters &parameters);
/// 'c' and 32 hexadecimal digits.
[[nodiscard]] std::string newCloudId();
/// Upper-case UUID.
[[nodiscard]] std::string newRequestId();

} // namespace catamaran::lab
