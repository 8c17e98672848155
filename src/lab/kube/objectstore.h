// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json.hpp>

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace catamaran::lab {

namespace json = boost::json;

/// One kind of object as an API server lists it.
struct ResourceType {
    std::string group; ///< "" for core
    std::string version; ///< "v1"
    std::string plural; ///< "deployments"
    std::string singular; ///< "deployment"
    std::string kind; ///< "Deployment"
    bool namespaced = true;
    std::vector<std::string> shortNames;
    std::vector<std::string> categories;
    bool scalable = false; ///< has /scale
    bool custom = false; ///< strategic merge patch is refused with 415, as for a custom resource
    std::shared_ptr<const json::object> definition = nullptr; ///< this version's entry in the custom resource definition

    [[nodiscard]] std::string apiVersion() const { return group.empty() ? version : group + "/" + version; }
    /// "apps/deployments" or "pods": the key of this type in an ObjectStore.
    [[nodiscard]] std::string key() const { return group.empty() ? plural : group + "/" + plural; }
};

struct ObjectEvent {
    enum class Type { Added, Modified, Deleted };
    Type type = Type::Added;
    std::string typeKey;
    std::shared_ptr<const json::object> object; ///< for Deleted: the last state, with the deletion's resourceVersion
    std::shared_ptr<const json::object> old; ///< before the change; null for Added
    std::uint64_t version = 0;
};

/// The etcd of one simulated cluster: objects by (type, namespace, name), one version counter, a bounded history for
/// watches. Used from the lab's one thread only. Writers hand in complete objects; the store sets uid,
/// creationTimestamp, resourceVersion and generation (raised when spec changes) and calls every listener.
class ObjectStore {
public:
    using Listener = std::function<void(const ObjectEvent &)>;
    using Object = std::shared_ptr<const json::object>;

    explicit ObjectStore(std::size_t historyLimit = 10000);

    [[nodiscard]] std::uint64_t version() const { return m_version; }
    /// Events after @p version are still known; otherwise a watch must answer 410.
    [[nodiscard]] bool hasHistorySince(std::uint64_t version) const;

    [[nodiscard]] Object get(const std::string &typeKey, const std::string &ns, const std::string &name) const;
    /// All of a type, of one namespace when @p ns is not empty; ordered by namespace and name.
    [[nodiscard]] std::vector<Object> list(const std::string &typeKey, const std::string &ns = {}) const;

    /// Adds; null when it exists already. `metadata.name` must be set (generateName is the API server's affair).
    Object create(const std::string &typeKey, json::object object);
    /// Replaces; null when it does not exist, or when @p expectedVersion (not 0) is not the present one.
    /// An unchanged object keeps its version and tells nobody. An object with deletionTimestamp and no finalizers goes.
    Object update(const std::string &typeKey, json::object object, std::uint64_t expectedVersion = 0);
    /// Reads, lets @p change edit a copy, writes. Null when it does not exist.
    Object mutate(
        const std::string &typeKey, const std::string &ns, const std::string &name, const std::function<void(json::object &)> &change);
    /// Removes at once; null when it was not there.
    Object remove(const std::string &typeKey, const std::string &ns, const std::string &name);

    /// Calls @p listener after every change, in order, from within the change, until the returned handle is dropped.
    /// A listener may write to the store; those events follow after the present one.
    [[nodiscard]] std::shared_ptr<void> subscribe(Listener listener);
    /// The kept events after @p version, for a watch that resumes.
    [[nodiscard]] std::vector<ObjectEvent> eventsSince(std::uint64_t version) const;

    /// The JSON text of an object that came out of a store; made once per version of the object.
    [[nodiscard]] static const std::string &textOf(const Object &object);
    /// The same as an item of a list: built-in kinds carry no kind and apiVersion there (@p plain), custom ones do.
    static void appendListItem(std::string &body, const Object &object, bool plain);
    /// An object for textOf() that is in no store (the same object in another API version).
    [[nodiscard]] static Object detached(json::object object);
    /// Gives @p object the generation that update() would give it behind @p old.
    static void raiseGeneration(json::object &object, const json::object &old);
    /// Calls @p visit in the order of list(), from the first object after (@p afterNs, @p afterName), until it returns false.
    void visit(const std::string &typeKey, const std::string &ns, const std::string &afterNs, const std::string &afterName,
        const std::function<bool(const Object &)> &visitor) const;
    /// The same as it was at @p version, which hasHistorySince() has to know: the later pages of a list.
    void visitAt(std::uint64_t version, const std::string &typeKey, const std::string &ns, const std::string &afterNs,
        const std::string &afterName, const std::function<bool(const Object &)> &visitor) const;
    /// What was before is no history for anybody: a server knows its own time only.
    void forgetHistory();
    /// Every type that has or had objects.
    [[nodiscard]] std::vector<std::string> typeKeys() const;
    [[nodiscard]] std::size_t count(const std::string &typeKey) const;

    /// Edits an object of a type before it is created, or says in words why it must not be. Asked by the API server
    /// and by the replica set controller before a pod is made: this is where a mesh injects its sidecar ("pods").
    using Admission = std::function<std::string(json::object &)>;
    void setAdmission(const std::string &typeKey, Admission admission);
    [[nodiscard]] std::string admit(const std::string &typeKey, json::object &object) const;

private:
    using Key = std::pair<std::string, std::string>; // namespace, name
    void publish(ObjectEvent event);

    std::uint64_t m_version = 1;
    std::size_t m_historyLimit;
    std::map<std::string, std::map<Key, Object>> m_objects;
    std::deque<ObjectEvent> m_history;
    std::uint64_t m_oldest = 1;
    std::vector<std::weak_ptr<Listener>> m_listeners;
    std::deque<ObjectEvent> m_queue;
    bool m_publishing = false;
    std::map<std::string, Admission> m_admissions;
};

/// `metadata.<field>` or "".
[[nodiscard]] std::string metaString(const json::object &object, const char *field);
[[nodiscard]] inline std::string nameOf(const json::object &object)
{
    return metaString(object, "name");
}
[[nodiscard]] inline std::string namespaceOf(const json::object &object)
{
    return metaString(object, "namespace");
}
/// The value at a path of object keys, or null.
[[nodiscard]] const json::value *at(const json::value &value, std::initializer_list<std::string_view> path);
/// The string at a path, or "".
[[nodiscard]] std::string stringAt(const json::value &value, std::initializer_list<std::string_view> path);
/// Whether `metadata.labels` contains every pair of @p selector (an object of strings).
[[nodiscard]] bool labelsMatch(const json::object &object, const json::object &selector);

} // namespace catamaran::lab
