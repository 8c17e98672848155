// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/kube/schema.h"

#include <map>
#include <memory>
#include <set>

namespace catamaran::lab {

namespace {

// One line per type: "Name: field type, ...". A type is str, int, bool, any, {} (map of texts), another type's name,
// or [] before one of these. "@a+b" = a list merged by the fields a and b, "@=" = merged as a set, "!" = atomic.
// Field names and merge rules are those of k8s.io/api (patchMergeKey, listMapKey, structType, mapType).
constexpr const char *definitions = R"(
ObjectMeta: name str, generateName str, namespace str, selfLink str, uid str, resourceVersion str, generation int, creationTimestamp any, deletionTimestamp any, deletionGracePeriodSeconds int, labels {}, annotations {}, ownerReferences []OwnerReference@uid, finalizers []str@=, managedFields []any!
OwnerReference: apiVersion str, kind str, name str, uid str, controller bool, blockOwnerDeletion bool
TemplateMeta: name str, generateName str, namespace str, labels {}, annotations {}, creationTimestamp any, finalizers []str@=, ownerReferences []OwnerReference@uid
LabelSelector: matchLabels {}, matchExpressions []LabelSelectorRequirement
LabelSelectorRequirement: key str, operator str, values []str
Condition: type str, status str, reason str, message str, lastTransitionTime any, lastUpdateTime any, lastProbeTime any, lastHeartbeatTime any, observedGeneration int
Namespace: apiVersion str, kind str, metadata ObjectMeta, spec NamespaceSpec, status NamespaceStatus
NamespaceSpec: finalizers []str
NamespaceStatus: phase str, conditions []Condition@type
Node: apiVersion str, kind str, metadata ObjectMeta, spec any, status NodeStatus
NodeStatus: capacity any, allocatable any, phase str, conditions []Condition@type, addresses []NodeAddress@type, daemonEndpoints any, nodeInfo any, images []any, volumesInUse []str, volumesAttached []any, config any, runtimeHandlers []any, features any
NodeAddress: type str, address str
Pod: apiVersion str, kind str, metadata ObjectMeta, spec PodSpec, status PodStatus
PodTemplate: metadata TemplateMeta, spec PodSpec
PodSpec: volumes []Volume@name, initContainers []Container@name, containers []Container@name, ephemeralContainers []Container@name, restartPolicy str, terminationGracePeriodSeconds int, activeDeadlineSeconds int, dnsPolicy str, nodeSelector {}!, serviceAccountName str, serviceAccount str, automountServiceAccountToken bool, nodeName str, hostNetwork bool, hostPID bool, hostIPC bool, shareProcessNamespace bool, securityContext any, imagePullSecrets []LocalRef@name, hostname str, subdomain str, affinity any, schedulerName str, tolerations []Toleration, hostAliases []HostAlias@ip, priorityClassName str, priority int, dnsConfig any, readinessGates []any, runtimeClassName str, enableServiceLinks bool, preemptionPolicy str, overhead any, topologySpreadConstraints []Spread@topologyKey+whenUnsatisfiable, setHostnameAsFQDN bool, os any, hostUsers bool, schedulingGates []NamedRef@name, resourceClaims []NamedRef@name, resources any
NamedRef: name str, resourceClaimName str, resourceClaimTemplateName str
Spread: maxSkew int, topologyKey str, whenUnsatisfiable str, labelSelector LabelSelector!, minDomains int, nodeAffinityPolicy str, nodeTaintsPolicy str, matchLabelKeys []str
HostAlias: ip str, hostnames []str
Toleration: key str, operator str, value str, effect str, tolerationSeconds int
LocalRef: name str
Volume: name str, hostPath any, emptyDir any, gcePersistentDisk any, awsElasticBlockStore any, gitRepo any, secret any, nfs any, iscsi any, glusterfs any, persistentVolumeClaim any, rbd any, flexVolume any, cinder any, cephfs any, flocker any, downwardAPI any, fc any, azureFile any, configMap any, vsphereVolume any, quobyte any, azureDisk any, photonPersistentDisk any, projected any, portworxVolume any, scaleIO any, storageos any, csi any, ephemeral any, image any
Container: name str, image str, command []str, args []str, workingDir str, ports []ContainerPort@containerPort+protocol, envFrom []any, env []EnvVar@name, resources Resources, resizePolicy []any, restartPolicy str, volumeMounts []VolumeMount@mountPath, volumeDevices []VolumeDevice@devicePath, livenessProbe any, readinessProbe any, startupProbe any, lifecycle any, terminationMessagePath str, terminationMessagePolicy str, imagePullPolicy str, securityContext any, stdin bool, stdinOnce bool, tty bool, targetContainerName str
Resources: limits any, requests any, claims []NamedRef@name
ContainerPort: name str, hostPort int, containerPort int, protocol str, hostIP str
EnvVar: name str, value str, valueFrom any
VolumeMount: name str, readOnly bool, recursiveReadOnly str, mountPath str, subPath str, mountPropagation str, subPathExpr str
VolumeDevice: name str, devicePath str
PodStatus: phase str, conditions []Condition@type, message str, reason str, nominatedNodeName str, hostIP str, hostIPs []any, podIP str, podIPs []PodIP@ip, startTime any, initContainerStatuses []any, containerStatuses []any, qosClass str, ephemeralContainerStatuses []any, resize str, resourceClaimStatuses []any, observedGeneration int
PodIP: ip str
Deployment: apiVersion str, kind str, metadata ObjectMeta, spec DeploymentSpec, status DeploymentStatus
DeploymentSpec: replicas int, selector LabelSelector!, template PodTemplate, strategy any, minReadySeconds int, revisionHistoryLimit int, paused bool, progressDeadlineSeconds int
DeploymentStatus: observedGeneration int, replicas int, updatedReplicas int, readyReplicas int, availableReplicas int, unavailableReplicas int, terminatingReplicas int, conditions []Condition@type, collisionCount int
ReplicaSet: apiVersion str, kind str, metadata ObjectMeta, spec ReplicaSetSpec, status ReplicaSetStatus
ReplicaSetSpec: replicas int, minReadySeconds int, selector LabelSelector!, template PodTemplate
ReplicaSetStatus: replicas int, fullyLabeledReplicas int, readyReplicas int, availableReplicas int, terminatingReplicas int, observedGeneration int, conditions []Condition@type
Service: apiVersion str, kind str, metadata ObjectMeta, spec ServiceSpec, status ServiceStatus
ServiceSpec: ports []ServicePort@port+protocol, selector {}!, clusterIP str, clusterIPs []str, type str, externalIPs []str, sessionAffinity str, loadBalancerIP str, loadBalancerSourceRanges []str, externalName str, externalTrafficPolicy str, healthCheckNodePort int, publishNotReadyAddresses bool, sessionAffinityConfig any, ipFamilies []str, ipFamilyPolicy str, allocateLoadBalancerNodePorts bool, loadBalancerClass str, internalTrafficPolicy str, trafficDistribution str
ServicePort: name str, protocol str, appProtocol str, port int, targetPort any, nodePort int
ServiceStatus: loadBalancer any, conditions []Condition@type
ConfigMap: apiVersion str, kind str, metadata ObjectMeta, data {}, binaryData {}, immutable bool
Secret: apiVersion str, kind str, metadata ObjectMeta, data {}, stringData {}, type str, immutable bool
ServiceAccount: apiVersion str, kind str, metadata ObjectMeta, secrets []ObjectRef@name, imagePullSecrets []LocalRef@name, automountServiceAccountToken bool
ObjectRef: kind str, namespace str, name str, uid str, apiVersion str, resourceVersion str, fieldPath str
Endpoints: apiVersion str, kind str, metadata ObjectMeta, subsets []any
EndpointSlice: apiVersion str, kind str, metadata ObjectMeta, addressType str, endpoints []any, ports []any
Event: apiVersion str, kind str, metadata ObjectMeta, involvedObject any, reason str, message str, source any, firstTimestamp any, lastTimestamp any, count int, type str, eventTime any, series any, action str, related any, reportingComponent str, reportingInstance str
Lease: apiVersion str, kind str, metadata ObjectMeta, spec any
LimitRange: apiVersion str, kind str, metadata ObjectMeta, spec any
ResourceQuota: apiVersion str, kind str, metadata ObjectMeta, spec any, status any
DestinationRule: apiVersion str, kind str, metadata ObjectMeta, spec DestinationRuleSpec, status any
DestinationRuleSpec: host str, trafficPolicy any, subsets []any, exportTo []str, workloadSelector any
VirtualService: apiVersion str, kind str, metadata ObjectMeta, spec VirtualServiceSpec, status any
VirtualServiceSpec: hosts []str, gateways []str, http []any, tls []any, tcp []any, exportTo []str
Gateway: apiVersion str, kind str, metadata ObjectMeta, spec GatewaySpec, status any
GatewaySpec: servers []any, selector {}
ServiceEntry: apiVersion str, kind str, metadata ObjectMeta, spec ServiceEntrySpec, status any
ServiceEntrySpec: hosts []str, addresses []str, ports []any, location str, resolution str, endpoints []any, workloadSelector any, exportTo []str, subjectAltNames []str
PeerAuthentication: apiVersion str, kind str, metadata ObjectMeta, spec PeerAuthenticationSpec, status any
PeerAuthenticationSpec: selector any, mtls any, portLevelMtls any
AuthorizationPolicy: apiVersion str, kind str, metadata ObjectMeta, spec AuthorizationPolicySpec, status any
AuthorizationPolicySpec: selector any, targetRef any, targetRefs []any, rules []any, action str, provider any
WorkloadEntry: apiVersion str, kind str, metadata ObjectMeta, spec WorkloadEntrySpec, status any
WorkloadEntrySpec: address str, ports any, labels {}, network str, locality str, weight int, serviceAccount str
Other: apiVersion str, kind str, metadata ObjectMeta
)";

std::string_view trim(std::string_view text)
{
    const auto first = text.find_first_not_of(' ');
    return first == std::string_view::npos ? std::string_view() : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

class Schemas {
public:
    Schemas()
    {
        std::string_view rest = definitions;
        // Two passes: names first, so that a type may name a later one.
        forEachLine(rest, [this](std::string_view name, std::string_view) {
            m_types.emplace(std::string(name), SchemaType { std::string(name), {} });
        });
        forEachLine(rest, [this](std::string_view name, std::string_view fields) { addFields(m_types.find(name)->second, fields); });
    }

    [[nodiscard]] const SchemaType *find(std::string_view name) const
    {
        const auto found = m_types.find(name);
        return found == m_types.end() ? nullptr : &found->second;
    }

private:
    template <typename Visit> static void forEachLine(std::string_view text, Visit visit)
    {
        while (!text.empty()) {
            const auto end = std::min(text.find('\n'), text.size());
            const auto line = text.substr(0, end);
            text.remove_prefix(std::min(end + 1, text.size()));
            if (const auto colon = line.find(':'); colon != std::string_view::npos)
                visit(line.substr(0, colon), line.substr(colon + 1));
        }
    }

    void addFields(SchemaType &type, std::string_view fields)
    {
        while (!fields.empty()) {
            const auto end = std::min(fields.find(','), fields.size());
            const auto entry = trim(fields.substr(0, end));
            fields.remove_prefix(std::min(end + 1, fields.size()));
            const auto space = entry.find(' ');
            type.fields.emplace_back(std::string(entry.substr(0, space)), fieldOf(entry.substr(space + 1)));
        }
    }

    [[nodiscard]] SchemaField fieldOf(std::string_view text) const
    {
        SchemaField field;
        if (text.ends_with('!')) {
            field.atomic = true;
            text.remove_suffix(1);
        }
        if (const auto at = text.find('@'); at != std::string_view::npos) {
            auto keys = text.substr(at + 1);
            text = text.substr(0, at);
            field.set = keys == "=";
            while (!field.set && !keys.empty()) {
                const auto plus = std::min(keys.find('+'), keys.size());
                field.keys.emplace_back(keys.substr(0, plus));
                keys.remove_prefix(std::min(plus + 1, keys.size()));
            }
        }
        if (text.starts_with("[]")) {
            field.shape = SchemaField::Shape::List;
            field.itemShape = shapeOf(text.substr(2));
            field.type = find(text.substr(2));
            field.atomic = field.atomic || (field.keys.empty() && !field.set);
        } else {
            field.shape = shapeOf(text);
            field.type = find(text);
            if (field.shape == SchemaField::Shape::Map)
                field.itemShape = SchemaField::Shape::Text;
        }
        return field;
    }

    [[nodiscard]] static SchemaField::Shape shapeOf(std::string_view text)
    {
        using Shape = SchemaField::Shape;
        return text == "str" ? Shape::Text
            : text == "int"  ? Shape::Integer
            : text == "bool" ? Shape::Boolean
            : text == "{}"   ? Shape::Map
            : text == "any"  ? Shape::Any
                             : Shape::Object;
    }

    std::map<std::string, SchemaType, std::less<>> m_types;
};

const Schemas &schemas()
{
    static const Schemas all;
    return all;
}

const char *goName(const json::value &value)
{
    switch (value.kind()) {
    case json::kind::string: return "string";
    case json::kind::bool_: return "bool";
    case json::kind::object: return "object";
    case json::kind::array: return "array";
    default: return "number";
    }
}

bool fits(const json::value &value, SchemaField::Shape shape)
{
    using Shape = SchemaField::Shape;
    switch (shape) {
    case Shape::Any: return true;
    case Shape::Text: return value.is_string();
    case Shape::Integer: return value.is_int64() || value.is_uint64();
    case Shape::Boolean: return value.is_bool();
    case Shape::Object:
    case Shape::Map: return value.is_object();
    case Shape::List: return value.is_array();
    }
    return true;
}

const char *wanted(const SchemaField &field, SchemaField::Shape shape)
{
    using Shape = SchemaField::Shape;
    switch (shape) {
    case Shape::Text: return "string";
    case Shape::Integer: return "int32";
    case Shape::Boolean: return "bool";
    case Shape::Map: return "map[string]string";
    case Shape::List: return field.itemShape == Shape::Text ? "[]string" : "[]v1.Object";
    case Shape::Object: return field.type ? field.type->name.c_str() : "object";
    case Shape::Any: break;
    }
    return "any";
}

struct Checker {
    SchemaFindings findings;

    void mismatch(
        const SchemaType &owner, const std::string &path, const json::value &value, const SchemaField &field, SchemaField::Shape shape)
    {
        if (findings.wrongType.empty())
            findings.wrongType = std::string("json: cannot unmarshal ") + goName(value) + " into Go struct field " + owner.name + "." + path
                + " of type " + wanted(field, shape);
    }

    void check(const json::object &object, const SchemaType &type, const std::string &path)
    {
        for (const auto &member : object) {
            const auto name = std::string(member.key());
            const auto here = path.empty() ? name : path + "." + name;
            const auto *field = type.field(name);
            const auto &value = member.value();
            if (!field) {
                findings.unknownFields.push_back(here);
                continue;
            }
            if (value.is_null())
                continue;
            if (!fits(value, field->shape)) {
                mismatch(type, here, value, *field, field->shape);
            } else if (field->shape == SchemaField::Shape::List) {
                int index = 0;
                for (const auto &item : value.as_array()) {
                    if (!fits(item, field->itemShape))
                        mismatch(type, here, item, *field, field->itemShape);
                    else if (field->type && item.is_object())
                        check(item.as_object(), *field->type, here + "[" + std::to_string(index) + "]");
                    ++index;
                }
            } else if (field->shape == SchemaField::Shape::Map) {
                for (const auto &item : value.as_object()) {
                    if (!item.value().is_null() && !item.value().is_string())
                        mismatch(type, here, item.value(), *field, SchemaField::Shape::Text);
                }
            } else if (field->type && value.is_object()) {
                check(value.as_object(), *field->type, here);
            }
        }
    }
};

} // namespace

const SchemaField *SchemaType::field(std::string_view fieldName) const
{
    for (const auto &entry : fields) {
        if (entry.first == fieldName)
            return &entry.second;
    }
    return nullptr;
}

const SchemaType &schemaOf(const std::string &kind)
{
    // Only whole kinds carry apiVersion; "Container" is no kind.
    const auto *type = schemas().find(kind);
    return type && type->field("apiVersion") && type->field("metadata") ? *type : *schemas().find("Other");
}

const SchemaType *schemaTypeNamed(std::string_view name)
{
    return name == "Other" ? nullptr : schemas().find(name);
}

bool isCompleteSchema(const std::string &kind)
{
    return kind != "Other" && schemaOf(kind).name == kind;
}

SchemaFindings checkSchema(const json::object &object, const std::string &kind)
{
    Checker checker;
    if (isCompleteSchema(kind)) {
        checker.check(object, schemaOf(kind), {});
    } else if (const auto *meta = object.if_contains("metadata"); meta && meta->is_object()) {
        checker.check(meta->as_object(), *schemas().find("ObjectMeta"), "metadata");
    }
    return std::move(checker.findings);
}

} // namespace catamaran::lab
