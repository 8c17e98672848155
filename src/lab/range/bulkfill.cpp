// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/range/bulkfill.h"

#include <charconv>
#include <cstdio>

namespace catamaran::lab {

namespace {

constexpr int mostObjects = 100000;

json::object container(const std::string &name, const std::string &image)
{
    return { { "name", name }, { "image", image }, { "imagePullPolicy", "IfNotPresent" },
        { "command", json::array { "/bin/sh", "-c", "exec sleep infinity" } },
        { "ports", json::array { json::object { { "name", "http" }, { "containerPort", 8080 }, { "protocol", "TCP" } } } },
        { "env",
            json::array { json::object { { "name", "POD_NAME" },
                              { "valueFrom", { { "fieldRef", { { "apiVersion", "v1" }, { "fieldPath", "metadata.name" } } } } } },
                json::object { { "name", "MODE" }, { "value", "bench" } } } },
        { "resources",
            { { "limits", { { "cpu", "500m" }, { "memory", "256Mi" } } }, { "requests", { { "cpu", "50m" }, { "memory", "64Mi" } } } } },
        { "readinessProbe",
            { { "httpGet", { { "path", "/healthz" }, { "port", "http" }, { "scheme", "HTTP" } } }, { "timeoutSeconds", 1 },
                { "periodSeconds", 10 }, { "successThreshold", 1 }, { "failureThreshold", 3 } } },
        { "volumeMounts",
            json::array { json::object {
                { "name", "default-token" }, { "readOnly", true }, { "mountPath", "/var/run/secrets/kubernetes.io/serviceaccount" } } } },
        { "terminationMessagePath", "/dev/termination-log" }, { "terminationMessagePolicy", "File" } };
}

/// The owners of fields as a real server keeps them: a good part of every object.
json::array managedFields()
{
    const json::value none = json::object();
    const json::object one { { ".", none }, { "f:command", none },
        { "f:env", { { ".", none }, { "k:{\"name\":\"MODE\"}", { { ".", none }, { "f:name", none }, { "f:value", none } } } } },
        { "f:image", none }, { "f:imagePullPolicy", none }, { "f:name", none },
        { "f:resources", { { ".", none }, { "f:limits", { { ".", none }, { "f:cpu", none }, { "f:memory", none } } } } } };
    return { json::object { { "manager", "bulk-fill" }, { "operation", "Update" }, { "apiVersion", "v1" },
        { "time", "2026-01-01T00:00:00Z" }, { "fieldsType", "FieldsV1" },
        { "fieldsV1",
            { { "f:metadata", { { "f:labels", { { ".", none }, { "f:app", none }, { "f:version", none } } } } },
                { "f:spec",
                    { { "f:containers", { { "k:{\"name\":\"app\"}", one }, { "k:{\"name\":\"helper\"}", one } } },
                        { "f:restartPolicy", none }, { "f:schedulerName", none } } } } } } };
}

json::object pod(int index)
{
    char digits[16];
    std::snprintf(digits, sizeof digits, "%06d", index);
    const std::string name = std::string("fill-7d9c8b6f5d-") + digits;
    return { { "apiVersion", "v1" }, { "kind", "Pod" },
        { "metadata",
            { { "name", name }, { "namespace", "fill" }, { "generateName", "fill-7d9c8b6f5d-" },
                { "labels", { { "app", "fill" }, { "version", index % 2 ? "v1" : "v2" }, { "pod-template-hash", "7d9c8b6f5d" } } },
                { "annotations", { { "prometheus.io/scrape", "true" }, { "prometheus.io/port", "8080" } } },
                { "managedFields", managedFields() } } },
        { "spec",
            { { "containers",
                  json::array { container("app", "registry.example.com/team/application:1.2.3"),
                      container("helper", "registry.example.com/team/helper:4.5.6") } },
                { "volumes",
                    json::array { json::object { { "name", "default-token" },
                        { "secret", { { "secretName", "default-token-x7z2k" }, { "defaultMode", 420 } } } } } },
                { "restartPolicy", "Always" }, { "terminationGracePeriodSeconds", 30 }, { "dnsPolicy", "ClusterFirst" },
                { "serviceAccountName", "default" }, { "serviceAccount", "default" }, { "schedulerName", "nobody" },
                { "securityContext", json::object() }, { "enableServiceLinks", true }, { "preemptionPolicy", "PreemptLowerPriority" },
                { "priority", 0 } } },
        { "status", { { "phase", "Pending" }, { "qosClass", "Burstable" } } } };
}

} // namespace

ControlAnswer fillPods(ObjectStore &store, const std::string &count)
{
    int wanted = 0;
    const auto [end, error] = std::from_chars(count.data(), count.data() + count.size(), wanted);
    if (error != std::errc() || end != count.data() + count.size() || wanted < 1 || wanted > mostObjects)
        return { false, "“" + count + "” is no number from 1 to " + std::to_string(mostObjects) };
    if (!store.get("namespaces", "", "fill"))
        store.create("namespaces",
            { { "apiVersion", "v1" }, { "kind", "Namespace" }, { "metadata", { { "name", "fill" } } },
                { "status", { { "phase", "Active" } } } });
    int made = 0;
    for (int i = 0; i < wanted; ++i)
        made += store.create("pods", pod(i)) ? 1 : 0;
    return { true, std::to_string(made) + " pods are stored" };
}

} // namespace catamaran::lab
