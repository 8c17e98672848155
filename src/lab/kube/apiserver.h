// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/kube/callgate.h"
#include "lab/kube/objectstore.h"
#include "lab/kube/podruntime.h"
#include "pki/ca.h"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace catamaran::lab {

struct ApiServerOptions {
    std::string address; ///< loopback, bound at start
    unsigned short port = 6443;
    pki::Identity serving; ///< certificate for the address
    QByteArray clientCa; ///< PEM; client certificates must chain to it. CN = user, O = groups
    std::string gitVersion = "v1.32.1-aliyun.1";
    std::vector<ResourceType> types; ///< what it serves
    bool podRuntime = true; ///< false for a mesh's own API server: no exec, no controllers
    struct Token {
        std::string token, user;
        std::vector<std::string> groups;
    };
    std::vector<Token> tokens; ///< bearer tokens, besides client certificates
    /// What a user or group that is not system:masters may do, as a role with its binding would say. "*" = all;
    /// resources as RBAC writes them ("pods", "pods/exec"); an empty @p ns = in every namespace and for the cluster.
    struct Grant {
        std::string subject;
        std::vector<std::string> verbs, groups, resources;
        std::string ns;
    };
    std::vector<Grant> grants;
    std::shared_ptr<CallGate> gate; ///< that every change passes; may be null
};

/// A Kubernetes API server that real kubectl accepts, over TLS with client certificates, on one ObjectStore
/// (facts kubernetes-wire 2, 3 and 5). system:masters may do everything; other users get 403 as RBAC gives it.
class ApiServer {
public:
    ApiServer(boost::asio::io_context &io, std::shared_ptr<ObjectStore> store, ApiServerOptions options);
    ~ApiServer();

    /// The kubelet behind exec and logs; null until the cluster's world exists.
    void setRuntime(PodRuntime *runtime);
    /// Opens the listener. The returned text is empty, or why it could not be opened.
    [[nodiscard]] std::string start();
    /// Closes the listener and every connection, as a dead server does. start() brings it back with its objects.
    void stop();
    [[nodiscard]] bool isUp() const;
    /// The port it listens on; with port 0 in the options, the one it was given.
    [[nodiscard]] unsigned short port() const;

private:
    struct Impl;
    std::shared_ptr<Impl> m_impl;
};

/// The kinds of a cluster: core, apps, discovery, authorization, Istio networking, CRDs.
[[nodiscard]] std::vector<ResourceType> clusterResourceTypes();
/// The kinds of a mesh's own API server: namespaces and Istio networking.
[[nodiscard]] std::vector<ResourceType> meshResourceTypes();

/// Deployment, replica set, service account, scheduler, service address, endpoint slice and garbage controllers on one
/// store. Owns nothing but its subscription and timers.
class Controllers {
public:
    /// @p nextServiceAddress hands out ClusterIPs.
    Controllers(boost::asio::io_context &io, std::shared_ptr<ObjectStore> store, std::string nodeName,
        std::function<std::string()> nextServiceAddress);
    ~Controllers();

    /// Called before a pod is created; edits it (injection) or returns why creation is refused. The replica set
    /// controller then records a FailedCreate event and tries again with growing pauses.
    /// The same as ObjectStore::setAdmission("pods", ...), which a caller without a Controllers may use.
    void setPodAdmission(std::function<std::string(json::object &pod)> admission);

private:
    struct Impl;
    std::shared_ptr<Impl> m_impl;
};

} // namespace catamaran::lab
