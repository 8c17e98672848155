// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>

/// Pods for the benchmarks: two containers, about 3.3 KB.
namespace catamaran::bench {

constexpr int applications = 10;
constexpr qint64 firstVersion = 1000; ///< of the list; the changes count on from it

inline QByteArray container(const char *name)
{
    return QByteArray("{\"name\":\"") + name + R"(","image":"registry.example.com/team/)" + name
        + R"(:1.2.3","command":["/bin/sh","-c","exec sleep infinity"],"ports":[{"name":"http","containerPort":8080,"protocol":"TCP"}],"env":[{"name":"POD_NAME","valueFrom":{"fieldRef":{"apiVersion":"v1","fieldPath":"metadata.name"}}},{"name":"MODE","value":"bench"}],"resources":{"limits":{"cpu":"500m","memory":"256Mi"},"requests":{"cpu":"50m","memory":"64Mi"}},"volumeMounts":[{"name":"default-token","readOnly":true,"mountPath":"/var/run/secrets/kubernetes.io/serviceaccount"}],"terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File","imagePullPolicy":"IfNotPresent"})";
}

inline QByteArray containerStatus(const char *name, qint64 change)
{
    return QByteArray("{\"name\":\"") + name
        + R"(","state":{"running":{"startedAt":"2026-01-01T00:00:00Z"}},"lastState":{},"ready":true,"restartCount":)"
        + QByteArray::number(change % 7) + R"(,"image":"registry.example.com/team/)" + name
        + R"(:1.2.3","imageID":"registry.example.com/team/app@sha256:0f5d8a5b8c1e4b0b9c6f0d1e2a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d","containerID":"containerd://0f5d8a5b8c1e4b0b9c6f0d1e2a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d","started":true})";
}

/// Pod @p index as a watch shows it, at @p version, after so many changes.
inline QByteArray podText(int index, qint64 version, qint64 change)
{
    static const QByteArray before
        = R"(","generateName":"app-","uid":"6c1f6f0e-5b0f-4a5e-9d5c-8f3a2b1c0d9e","creationTimestamp":"2026-01-01T00:00:00Z","annotations":{"prometheus.io/scrape":"true"},"ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"app-7d9c8b6f5d","uid":"11111111-5b0f-4a5e-9d5c-8f3a2b1c0d9e","controller":true,"blockOwnerDeletion":true}],"managedFields":[{"manager":"kube-controller-manager","operation":"Update","apiVersion":"v1","time":"2026-01-01T00:00:00Z","fieldsType":"FieldsV1","fieldsV1":{"f:metadata":{"f:generateName":{},"f:labels":{".":{},"f:app":{}}},"f:spec":{"f:containers":{"k:{\"name\":\"app\"}":{".":{},"f:image":{},"f:name":{},"f:resources":{}}},"f:dnsPolicy":{},"f:restartPolicy":{}}}}]},"spec":{"volumes":[{"name":"default-token","secret":{"secretName":"default-token-x7z2k","defaultMode":420}}],"containers":[)"
        + container("app") + ',' + container("helper")
        + R"(],"restartPolicy":"Always","terminationGracePeriodSeconds":30,"dnsPolicy":"ClusterFirst","serviceAccountName":"default","nodeName":"node-1","schedulerName":"default-scheduler"},"status":{"phase":"Running","podIP":"10.1.2.3","conditions":[{"type":"Ready","status":"True","lastTransitionTime":"2026-01-01T00:00:00Z"}],"containerStatuses":[)";
    const QByteArray app = QByteArray::number(index % applications);
    return "{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"app-" + app + '-' + QByteArray::number(index)
        + "\",\"namespace\":\"default\",\"labels\":{\"app\":\"app-" + app + "\"},\"resourceVersion\":\"" + QByteArray::number(version)
        + before + containerStatus("app", change) + ',' + containerStatus("helper", change) + "]}}";
}

} // namespace catamaran::bench
