// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/kube/apiserver.h"
#include "lab/kube/servicecontroller.h"
#include "lab/kube/timestamps.h"
#include "lab/kube/workloadcontroller.h"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <chrono>
#include <map>
#include <set>

namespace catamaran::lab {

namespace {

enum class Work { Namespace, ServiceAccount, Deployment, ReplicaSet, Pod, Endpoints };

struct Item {
    Work work;
    std::string ns, name;
    auto operator<=>(const Item &) const = default;
};

std::vector<std::string> ownersOf(const json::object &object, const char *kind)
{
    std::vector<std::string> names;
    const auto *meta = object.if_contains("metadata");
    const auto *owners = meta ? at(*meta, { "ownerReferences" }) : nullptr;
    if (owners && owners->is_array()) {
        for (const auto &owner : owners->as_array()) {
            if (stringAt(owner, { "kind" }) == kind)
                names.push_back(stringAt(owner, { "name" }));
        }
    }
    return names;
}

/// What the API server itself gives every new namespace; the finalizer makes its deletion wait for its content.
void completeNamespace(json::object &object)
{
    auto &meta = object["metadata"].as_object();
    auto &labels = meta["labels"];
    if (!labels.is_object())
        labels = json::object();
    labels.as_object()["kubernetes.io/metadata.name"] = nameOf(object);
    object["spec"] = json::object { { "finalizers", json::array { "kubernetes" } } };
    object["status"] = json::object { { "phase", "Active" } };
}

} // namespace

struct Controllers::Impl : std::enable_shared_from_this<Controllers::Impl> {
    boost::asio::io_context &io;
    std::shared_ptr<ObjectStore> store;
    std::string nodeName;
    std::function<std::string()> nextServiceAddress;
    std::set<Item> queue;
    bool posted = false;
    std::map<Item, int> failures;
    std::shared_ptr<void> subscription;

    Impl(boost::asio::io_context &context, std::shared_ptr<ObjectStore> objects, std::string node, std::function<std::string()> nextAddress)
        : io(context)
        , store(std::move(objects))
        , nodeName(std::move(node))
        , nextServiceAddress(std::move(nextAddress))
    {
    }

    void start()
    {
        store->setAdmission("services", [weak = weak_from_this()](json::object &service) {
            if (const auto self = weak.lock())
                completeService(*self->store, service, self->nextServiceAddress);
            return std::string();
        });
        store->setAdmission("namespaces", [](json::object &object) {
            completeNamespace(object);
            return std::string();
        });
        subscription = store->subscribe([weak = weak_from_this()](const ObjectEvent &event) {
            if (const auto self = weak.lock())
                self->onEvent(event);
        });
        // What was in the store before is news as well.
        for (const char *key : { "namespaces", "services", "apps/deployments", "apps/replicasets", "pods" }) {
            for (const auto &object : store->list(key))
                onEvent({ ObjectEvent::Type::Added, key, object, nullptr, 0 });
        }
    }

    void enqueue(Work work, std::string ns, std::string name)
    {
        queue.insert({ work, std::move(ns), std::move(name) });
        if (posted)
            return;
        posted = true;
        boost::asio::post(io, [weak = weak_from_this()] {
            if (const auto self = weak.lock())
                self->drain();
        });
    }

    void onEvent(const ObjectEvent &event)
    {
        const auto &object = *event.object;
        const std::string ns = namespaceOf(object);
        const std::string name = nameOf(object);
        const bool deleted = event.type == ObjectEvent::Type::Deleted;
        if (event.typeKey == "namespaces") {
            enqueue(Work::Namespace, "", name);
        } else if (event.typeKey == "serviceaccounts") {
            enqueue(Work::ServiceAccount, ns, name);
        } else if (event.typeKey == "services") {
            enqueue(Work::Endpoints, ns, name);
        } else if (event.typeKey == "apps/deployments") {
            if (deleted)
                collect(ns, metaString(object, "uid"), { "apps/replicasets" });
            else
                enqueue(Work::Deployment, ns, name);
        } else if (event.typeKey == "apps/replicasets") {
            if (deleted)
                collect(ns, metaString(object, "uid"), { "pods" });
            else
                enqueue(Work::ReplicaSet, ns, name);
            for (const auto &owner : ownersOf(object, "Deployment"))
                enqueue(Work::Deployment, ns, owner);
        } else if (event.typeKey == "pods") {
            onPod(event, ns, name, deleted);
        }
        if (deleted) {
            // A namespace that is being deleted waits for the last object in it.
            if (const auto space = store->get("namespaces", "", ns); space && isTerminating(*space))
                enqueue(Work::Namespace, "", ns);
        }
    }

    void onPod(const ObjectEvent &event, const std::string &ns, const std::string &name, bool deleted)
    {
        for (const auto &owner : ownersOf(*event.object, "ReplicaSet"))
            enqueue(Work::ReplicaSet, ns, owner);
        for (const auto &service : servicesOfPod(*store, *event.object))
            enqueue(Work::Endpoints, ns, service);
        if (event.old && event.old->at("metadata") != event.object->at("metadata")) {
            for (const auto &service : servicesOfPod(*store, *event.old))
                enqueue(Work::Endpoints, ns, service);
        }
        const auto *spec = event.object->if_contains("spec");
        if (!deleted && spec && stringAt(*spec, { "nodeName" }).empty())
            enqueue(Work::Pod, ns, name);
    }

    /// The garbage collector: objects of @p types owned by what has gone, go.
    void collect(const std::string &ns, const std::string &uid, std::initializer_list<const char *> types)
    {
        for (const char *key : types) {
            for (const auto &object : store->list(key, ns)) {
                const auto *owners = at(object->at("metadata"), { "ownerReferences" });
                if (!owners || !owners->is_array())
                    continue;
                const auto &list = owners->as_array();
                if (std::none_of(list.begin(), list.end(), [&](const json::value &owner) { return stringAt(owner, { "uid" }) == uid; }))
                    continue;
                remove(key, ns, nameOf(*object));
            }
        }
    }

    void remove(const std::string &key, const std::string &ns, const std::string &name)
    {
        if (key == "pods")
            deletePod(*store, ns, name);
        else
            store->remove(key, ns, name);
    }

    /// An owner that was deleted in the foreground goes behind what it owns. True when it is such a one.
    bool goesInForeground(const std::string &key, const std::string &childKey, const Item &item)
    {
        const json::value finalizer("foregroundDeletion");
        const auto object = store->get(key, item.ns, item.name);
        const auto *finalizers = object && isTerminating(*object) ? at(object->at("metadata"), { "finalizers" }) : nullptr;
        if (!finalizers || !finalizers->is_array()
            || std::find(finalizers->as_array().begin(), finalizers->as_array().end(), finalizer) == finalizers->as_array().end())
            return false;
        bool owns = false;
        for (const auto &child : store->list(childKey, item.ns)) {
            const auto *owners = at(child->at("metadata"), { "ownerReferences" });
            if (!owners || !owners->is_array())
                continue;
            const auto &list = owners->as_array();
            if (std::none_of(list.begin(), list.end(),
                    [&](const json::value &owner) { return stringAt(owner, { "uid" }) == metaString(*object, "uid"); }))
                continue;
            owns = true;
            if (isTerminating(*child))
                continue;
            if (childKey == "pods") {
                deletePod(*store, item.ns, nameOf(*child));
                continue;
            }
            store->mutate(childKey, item.ns, nameOf(*child), [&](json::object &edited) {
                auto &meta = edited["metadata"].as_object();
                meta["deletionTimestamp"] = timestampNow();
                meta["deletionGracePeriodSeconds"] = 0;
                meta["finalizers"] = json::array { finalizer };
            });
        }
        if (!owns) {
            store->mutate(key, item.ns, item.name, [&](json::object &edited) {
                auto &list = edited["metadata"].as_object()["finalizers"].as_array();
                list.erase(std::remove(list.begin(), list.end(), finalizer), list.end());
            });
        }
        return true;
    }

    void drain()
    {
        posted = false;
        const auto items = std::move(queue);
        queue.clear();
        for (const auto &item : items)
            work(item);
    }

    void work(const Item &item)
    {
        switch (item.work) {
        case Work::Namespace: reconcileNamespace(item.name); return;
        case Work::ServiceAccount: restoreDefaultAccount(item.ns); return;
        case Work::Deployment:
            if (!goesInForeground("apps/deployments", "apps/replicasets", item))
                reconcileDeployment(*store, item.ns, item.name);
            return;
        case Work::ReplicaSet:
            if (goesInForeground("apps/replicasets", "pods", item))
                return;
            if (reconcileReplicaSet(*store, item.ns, item.name))
                failures.erase(item);
            else
                comeAgain(item);
            return;
        case Work::Pod: schedule(item.ns, item.name); return;
        case Work::Endpoints:
            if (const auto service = store->get("services", item.ns, item.name);
                service && stringAt(service->at("spec"), { "clusterIP" }).empty()) {
                store->mutate(
                    "services", item.ns, item.name, [this](json::object &edited) { completeService(*store, edited, nextServiceAddress); });
            }
            reconcileEndpoints(*store, item.ns, item.name);
            return;
        }
    }

    /// Growing pauses, from a fifth of a second to ten.
    void comeAgain(const Item &item)
    {
        const int tries = std::min(failures[item]++, 6);
        auto timer = std::make_shared<boost::asio::steady_timer>(
            io, std::min(std::chrono::milliseconds(200 << tries), std::chrono::milliseconds(10000)));
        timer->async_wait([weak = weak_from_this(), timer, item](const boost::system::error_code &error) {
            const auto self = weak.lock();
            if (!error && self)
                self->enqueue(item.work, item.ns, item.name);
        });
    }

    void schedule(const std::string &ns, const std::string &name)
    {
        const auto pod = store->get("pods", ns, name);
        if (!pod || !pod->contains("spec") || isTerminating(*pod) || !stringAt(pod->at("spec"), { "nodeName" }).empty())
            return;
        // As the real one: pods of another scheduler are not its affair.
        if (const auto scheduler = stringAt(pod->at("spec"), { "schedulerName" }); !scheduler.empty() && scheduler != "default-scheduler")
            return;
        if (const auto *wanted = at(pod->at("spec"), { "nodeSelector" }); wanted && wanted->is_object()) {
            const auto node = store->get("nodes", "", nodeName);
            if (!node || !labelsMatch(*node, wanted->as_object())) {
                const std::string why = "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.";
                const auto waiting = store->mutate("pods", ns, name, [&](json::object &edited) {
                    auto &status = edited["status"];
                    if (!status.is_object())
                        status = json::object { { "phase", "Pending" } };
                    status.as_object()["conditions"] = json::array { { { "type", "PodScheduled" }, { "status", "False" },
                        { "lastProbeTime", nullptr }, { "lastTransitionTime", metaString(edited, "creationTimestamp") },
                        { "reason", "Unschedulable" }, { "message", why } } };
                });
                if (waiting != pod)
                    recordEvent(*store, *pod, "Pod", "v1", "Warning", "FailedScheduling", why, "default-scheduler");
                return;
            }
        }
        const auto bound = store->mutate("pods", ns, name, [this](json::object &edited) {
            edited["spec"].as_object()["nodeName"] = nodeName;
            auto &status = edited["status"];
            if (!status.is_object())
                status = json::object { { "phase", "Pending" } };
            status.as_object()["conditions"] = json::array { { { "type", "PodScheduled" }, { "status", "True" },
                { "lastProbeTime", nullptr }, { "lastTransitionTime", timestampNow() } } };
        });
        if (bound)
            recordEvent(*store, *bound, "Pod", "v1", "Normal", "Scheduled", "Successfully assigned " + ns + "/" + name + " to " + nodeName,
                "default-scheduler");
    }

    void restoreDefaultAccount(const std::string &ns)
    {
        const auto space = store->get("namespaces", "", ns);
        if (!space || isTerminating(*space) || store->get("serviceaccounts", ns, "default"))
            return;
        // Every namespace knows the cluster's CA.
        if (const auto root = store->get("configmaps", "kube-system", "kube-root-ca.crt"); root && root->contains("data"))
            store->create("configmaps",
                { { "apiVersion", "v1" }, { "kind", "ConfigMap" }, { "metadata", { { "name", "kube-root-ca.crt" }, { "namespace", ns } } },
                    { "data", root->at("data") } });
        store->create("serviceaccounts",
            { { "apiVersion", "v1" }, { "kind", "ServiceAccount" }, { "metadata", { { "name", "default" }, { "namespace", ns } } } });
    }

    void reconcileNamespace(const std::string &name)
    {
        const auto space = store->get("namespaces", "", name);
        if (!space)
            return;
        if (!isTerminating(*space)) {
            if (!space->contains("status"))
                store->mutate("namespaces", "", name, completeNamespace);
            restoreDefaultAccount(name);
            return;
        }
        store->mutate("namespaces", "", name, [](json::object &edited) { edited["status"] = json::object { { "phase", "Terminating" } }; });
        bool empty = true;
        for (const auto &key : store->typeKeys()) {
            for (const auto &object : store->list(key, name)) {
                remove(key, name, nameOf(*object));
                empty = empty && !store->get(key, name, nameOf(*object));
            }
        }
        if (empty)
            store->mutate("namespaces", "", name, [](json::object &edited) { edited["spec"] = json::object(); });
    }
};

Controllers::Controllers(
    boost::asio::io_context &io, std::shared_ptr<ObjectStore> store, std::string nodeName, std::function<std::string()> nextServiceAddress)
    : m_impl(std::make_shared<Impl>(io, std::move(store), std::move(nodeName), std::move(nextServiceAddress)))
{
    m_impl->start();
}

Controllers::~Controllers() = default;

void Controllers::setPodAdmission(std::function<std::string(json::object &pod)> admission)
{
    m_impl->store->setAdmission("pods", std::move(admission));
}

} // namespace catamaran::lab
