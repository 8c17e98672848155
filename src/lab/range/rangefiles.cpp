// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/range/rangefiles.h"

#include <set>

namespace catamaran::lab {

std::string kubeconfigText(const std::string &clusterName, const std::string &server, const QByteArray &caPem, const pki::Identity &user,
    const std::string &userName)
{
    const auto base64 = [](const QByteArray &bytes) { return bytes.toBase64().toStdString(); };
    const std::string context = userName + "@" + clusterName;
    return "apiVersion: v1\nkind: Config\npreferences: {}\n"
           "clusters:\n- name: "
        + clusterName + "\n  cluster:\n    server: " + server + "\n    certificate-authority-data: " + base64(caPem)
        + "\nusers:\n- name: " + userName + "\n  user:\n    client-certificate-data: " + base64(user.certificate)
        + "\n    client-key-data: " + base64(user.key.reveal()) + "\ncontexts:\n- name: " + context
        + "\n  context:\n    cluster: " + clusterName + "\n    user: " + userName + "\ncurrent-context: " + context + "\n";
}

std::string environmentText(const EnvironmentText &environment)
{
    std::set<std::string> regions;
    std::string regionList, clusters;
    for (const auto &cluster : environment.clusters) {
        if (regions.insert(cluster.region).second)
            regionList += (regionList.empty() ? "" : ", ") + cluster.region;
        clusters += "    - name: " + cluster.name + "\n      cloudId: " + cluster.cloudId + "\n      region: " + cluster.region
            + "\n      kubeconfig: " + cluster.kubeconfigFile + "\n";
    }
    return "apiVersion: catamaran.io/v1\nkind: Environment\nmetadata:\n  name: practice-range\nspec:\n  colour: \"#0B8A6B\"\n  production: false\n"
           "  lease: { cluster: cluster-1, namespace: default }\n"
           "  alibabaCloud:\n    accessKeyId: "
        + environment.accessKeyId + "\n    accessKeySecret:\n      file: access-key-secret\n    regions: [" + regionList
        + "]\n    endpoints:\n      servicemesh: " + environment.cloudUrl + "\n      cs: " + environment.cloudUrl
        + "\n      sts: " + environment.cloudUrl + "\n      ca: ca.pem\n  clusters:\n" + clusters;
}

std::string fleetText(int clusters, int meshes)
{
    std::string text = "apiVersion: catamaran.io/v1\nkind: Fleet\nmetadata:\n  name: practice-range\nspec:\n  trust:\n    root: shared\n";
    text += "  meshes:\n";
    for (int mesh = 1; mesh <= meshes; ++mesh)
        text += "  - name: mesh-" + std::to_string(mesh) + "\n    version: v1.22.6.71-g7d67a80b-aliyun\n";
    text += "  clusters:\n";
    for (int cluster = 1; cluster <= clusters; ++cluster) {
        const std::string number = std::to_string(cluster);
        text += "  - name: cluster-" + number + "\n    network: network" + number + "\n    gateway: true\n";
    }
    text += "  memberships:\n";
    for (const bool isManaged : { true, false }) { // a cluster has its manager before others look into it
        for (int cluster = 1; cluster <= clusters; ++cluster) {
            for (int mesh = 1; mesh <= meshes; ++mesh) {
                if (((cluster - 1) % meshes + 1 == mesh) == isManaged)
                    text += "  - { mesh: mesh-" + std::to_string(mesh) + ", cluster: cluster-" + std::to_string(cluster)
                        + ", mode: " + (isManaged ? "managed" : "discovery-only") + " }\n";
            }
        }
    }
    text += "  injection:\n  - default\n  workloads:\n";
    for (int cluster = 1; cluster <= clusters; ++cluster) {
        for (const char *manifest : { "sleep", cluster % 2 == 1 ? "helloworld-v1" : "helloworld-v2" })
            text += "  - { cluster: cluster-" + std::to_string(cluster) + ", namespace: default, manifest: " + manifest + " }\n";
    }
    return text;
}

} // namespace catamaran::lab
