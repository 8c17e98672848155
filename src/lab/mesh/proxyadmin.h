// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/kube/podruntime.h"
#include "lab/mesh/listener.h"
#include "lab/mesh/sidecar.h"

/// What a sidecar's admin interface answers, in Envoy's shapes and from the sidecar's real state: in container istio-proxy
/// `pilot-agent request GET PATH` and `curl localhost:15000/PATH`, in the others the latter.
///
///   clusters?format=json  {"cluster_statuses":[{"name":"outbound|5000||helloworld.default.svc.cluster.local","added_via_api":true,
///                           "host_statuses":[{"address":{"socket_address":{"address","port_value"}}, a gateway's for other networks,
///                             "stats":[{"value":"3","name":"cx_total"},{"type":"GAUGE","name":"rq_active"},...],
///                             "health_status":{"eds_health_status":"HEALTHY","failed_outlier_check":true},
///                             "weight":1,"priority":1,"locality":{"region","zone","sub_zone"}}], ...}]}
///                         As protobuf writes it: what is 0, false or empty is left out, counts are texts. cx_connect_fail and
///                         rq_error count connections that were refused or timed out, rq_total only requests that had a connection.
///                         Also clusters without hosts (PassthroughCluster) and with a pipe for an address (xds-grpc).
///   clusters              the same as lines "cluster::address:port::name::value"
///   certs                 {"certificates":[{"ca_cert":[C...],"cert_chain":[C...]}]}, C = {"path","serial_number" (hex, lower case),
///                           "subject_alt_names":[{"uri":"spiffe://..."}],"days_until_expiration","valid_from","expiration_time"}
///   server_info           {"version","state":"LIVE"|"PRE_INITIALIZING","uptime_current_epoch":"5s",...,
///                           "node":{"id","cluster","metadata":{"CLUSTER_ID","MESH_ID","NETWORK","NAME","NAMESPACE",...}}}
///   stats?filter=REGEX    lines "name: value"; with &format=json {"stats":[{"name","value"}]}. control_plane.connected_state (0: no
///                         connection to a control plane), server.live, and of each cluster membership_total, membership_healthy,
///                         upstream_cx_total, upstream_cx_connect_fail, upstream_rq_total. (A real proxy of Istio 1.32 has no
///                         control_plane.* and counts nothing else when its control plane is gone.)
///   ready                 LIVE or PRE_INITIALIZING; config_dump: the certificates and roots (SecretsConfigDump)
///   anything else         "invalid path. admin commands are: ...": status 404 over HTTP, exit code 0 from pilot-agent
namespace catamaran::lab {

struct AdminAnswer {
    unsigned status = 200;
    std::string body;
    bool isJson = false;
};

/// What the admin interface answers to GET @p path, with or without a slash before it.
[[nodiscard]] AdminAnswer proxyAdmin(const Sidecar &sidecar, const std::string &path);

/// `pilot-agent request GET <path>` in the istio-proxy container.
[[nodiscard]] std::unique_ptr<ExecProcess> askProxy(asio::io_context &io, const Sidecar &sidecar, ExecRequest request);

inline constexpr unsigned short proxyAdminPort = 15000;
/// The interface on the pod's own loopback, as long as the listener lives.
[[nodiscard]] std::unique_ptr<Listener> serveProxyAdmin(asio::io_context &io, const std::shared_ptr<Sidecar> &sidecar);

} // namespace catamaran::lab
