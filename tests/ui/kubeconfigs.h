// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "pki/ca.h"

#include <QDir>
#include <QFile>
#include <QString>

/// Kubeconfig files for tests, good ones and bad ones.
namespace catamaran::test {

inline QString writeFile(const QDir &folder, const QString &name, const QByteArray &bytes,
    QFileDevice::Permissions rights = QFileDevice::ReadOwner | QFileDevice::WriteOwner)
{
    const QString path = folder.filePath(name);
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("cannot write %s", qUtf8Printable(path));
    file.setPermissions(rights);
    return path;
}

/// One context with its cluster and user of the same name.
inline QByteArray kubeconfig(const QByteArray &name, const QByteArray &server, const QByteArray &userFields,
    const QByteArray &clusterFields = {}, const QByteArray &contextFields = {})
{
    return "apiVersion: v1\nkind: Config\ncurrent-context: " + name + "\nclusters:\n- name: " + name + "\n  cluster:\n    server: " + server
        + "\n" + clusterFields + "users:\n- name: " + name + "\n  user:\n" + (userFields.isEmpty() ? QByteArray("    {}\n") : userFields)
        + "contexts:\n- name: " + name + "\n  context:\n    cluster: " + name + "\n    user: " + name + "\n" + contextFields;
}

/// As large companies have them: @p count contexts with a cluster and a user each, and an authority of 1.2 kB, which is no
/// certificate unless one is given. Nobody answers at their addresses.
inline QByteArray manyContexts(int count, QByteArray authority = {})
{
    if (authority.isEmpty())
        authority = "-----BEGIN CERTIFICATE-----\n" + QByteArray(1100, 'A') + "\n-----END CERTIFICATE-----\n";
    authority = authority.toBase64();
    QByteArray clusters, users, contexts;
    for (int i = 0; i < count; ++i) {
        const QByteArray n = QByteArray::number(i);
        clusters += "- name: c" + n + "\n  cluster:\n    server: https://127.0.0.1:1/" + n
            + "\n    certificate-authority-data: " + authority + "\n";
        users += "- name: u" + n + "\n  user:\n    token: t\n";
        contexts += "- name: arn:aws:eks:eu-west-1:" + n + ":cluster/prod-" + n + "\n  context:\n    cluster: c" + n + "\n    user: u" + n
            + "\n";
    }
    return "apiVersion: v1\nkind: Config\nclusters:\n" + clusters + "users:\n" + users + "contexts:\n" + contexts;
}

} // namespace catamaran::test
