// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/cloud/ackapi.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>

namespace catamaran::lab {

namespace {

/// ACK answers errors in lower case.
CloudAnswer refuseAck(int status, const std::string &code, const std::string &message)
{
    CloudAnswer answer;
    answer.status = status;
    answer.body = { { "code", code }, { "message", message } };
    return answer;
}

/// @p fallback when it is absent, -1 when it is no number.
long number(const CloudParameters &parameters, const std::string &name, long fallback)
{
    const std::string text = value(parameters, name);
    if (text.empty())
        return fallback;
    long parsed = -1;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), parsed);
    return error == std::errc() && end == text.data() + text.size() ? parsed : -1;
}

json::object describe(const CloudCluster &cluster)
{
    const json::object servers { { "api_server_endpoint", cluster.apiServerUrl },
        { "intranet_api_server_endpoint", "https://192.168.0.2:6443" } };
    return { { "cluster_id", cluster.id }, { "name", cluster.name }, { "state", "running" }, { "region_id", cluster.regionId },
        { "zone_id", cluster.zoneId }, { "vpc_id", cluster.vpcId }, { "vswitch_id", cluster.vswitchId },
        { "vswitch_ids", json::array { json::value(cluster.vswitchId) } }, { "security_group_id", "sg-bp1" + cluster.id.substr(1, 17) },
        { "cluster_type", "ManagedKubernetes" }, { "cluster_spec", "ack.pro.small" }, { "profile", "Default" },
        { "cluster_domain", "cluster.local" }, { "container_cidr", cluster.podCidr }, { "service_cidr", cluster.serviceCidr },
        { "current_version", cluster.version }, { "size", 1 }, { "deletion_protection", false }, { "master_url", json::serialize(servers) },
        { "tags", json::array() }, { "created", "2026-01-02T09:57:26+08:00" }, { "updated", "2026-01-02T10:04:31+08:00" } };
}

CloudAnswer listClusters(const std::vector<CloudCluster> &clusters, const CloudParameters &query)
{
    const long page = number(query, "page_number", 1);
    const long size = number(query, "page_size", 10);
    if (page < 1 || size < 1 || size > 100)
        return refuseAck(400, "InvalidParameter", "page_number must be 1 at least, page_size from 1 to 100");
    std::vector<const CloudCluster *> wanted;
    for (const auto &each : clusters) {
        const auto fits = [&](const char *name, const std::string &own) { return value(query, name).empty() || value(query, name) == own; };
        if (fits("region_id", each.regionId) && fits("cluster_id", each.id) && each.name.find(value(query, "name")) != std::string::npos
            && fits("cluster_type", "ManagedKubernetes"))
            wanted.push_back(&each);
    }
    json::array list;
    for (long i = (page - 1) * size; i < page * size && i < static_cast<long>(wanted.size()); ++i)
        list.push_back(describe(*wanted[static_cast<std::size_t>(i)]));
    CloudAnswer answer;
    answer.body = { { "clusters", std::move(list) },
        { "page_info", { { "page_number", page }, { "page_size", size }, { "total_count", wanted.size() } } } };
    return answer;
}

CloudAnswer kubeconfig(const CloudCluster &cluster, const CloudParameters &query)
{
    const long minutes = number(query, "TemporaryDurationMinutes", 3L * 365 * 24 * 60);
    if (!value(query, "TemporaryDurationMinutes").empty() && (minutes < 15 || minutes > 4320))
        return refuseAck(400, "InvalidParameter", "TemporaryDurationMinutes must be from 15 to 4320");
    const std::time_t end = std::time(nullptr) + minutes * 60;
    std::tm fields {};
    gmtime_r(&end, &fields);
    std::array<char, 40> text {};
    std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &fields);
    CloudAnswer answer;
    answer.body = { { "config", cluster.kubeconfig(minutes) }, { "expiration", text.data() } };
    return answer;
}

} // namespace

CloudAnswer handleAck(
    const std::vector<CloudCluster> &clusters, const std::string &method, const std::string &path, const CloudParameters &query)
{
    if (method != "GET")
        return refuseAck(404, "InvalidAction.NotFound", "Specified api is not found, please check your url and method.");
    if (path == "/api/v1/clusters")
        return listClusters(clusters, query);
    for (const auto &[prefix, suffix] :
        { std::pair { std::string("/clusters/"), std::string() }, std::pair { std::string("/k8s/"), std::string("/user_config") } }) {
        if (path.size() <= prefix.size() + suffix.size() || !path.starts_with(prefix) || !path.ends_with(suffix))
            continue;
        const std::string id = path.substr(prefix.size(), path.size() - prefix.size() - suffix.size());
        if (id.find('/') != std::string::npos)
            continue;
        const auto found = std::find_if(clusters.begin(), clusters.end(), [&id](const CloudCluster &each) { return each.id == id; });
        if (found == clusters.end())
            return refuseAck(404, "ErrorClusterNotFound", "cluster " + id + " not found");
        if (!suffix.empty())
            return kubeconfig(*found, query);
        CloudAnswer answer;
        answer.body = describe(*found);
        return answer;
    }
    return refuseAck(404, "InvalidAction.NotFound", "Specified api is not found, please check your url and method.");
}

} // namespace catamaran::lab
