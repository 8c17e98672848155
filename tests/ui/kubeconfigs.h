// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "pki/ca.h"

#include <QDir>
#include <QFile>
#include <QString>

/// Kubeconfig files for tests, good ones and bad ones.
namespace catamaran::test {

inline QString writeFile(const QDir &folder, const QString &name, const QByteArray &bytes, QFileDevice::Permissions rights = QFileDevice::ReadOwner | QFileDevice::WriteOwner)
{
    const QString path = folder.filePath(name);
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("cannot write %s", qUtf8Printable(path));
    file.setPermissions(rights);
    return path;
}

/// One context with its cluster and user of the same name.
inline QByteArray kubeconfig(const QByteArray &name, const QByteArray &server, const QByteArray &userFields, const QByteArray &clusterFields = {}, const QByteArray &contextFields = {})
{
    return "apiVersion: v1\nkind: Config\ncurrent-context: " + name + "\nclusters:\n- name: " + name + "\n  cluster:\n    server: " + server + "\n" + clusterFields + "users:\n- name: " + name
        + "\n  user:\n" + (userFields.isEmpty() ? QByteArray("    {}\n") : userFields) + "contexts:\n- name: " + name + "\n  context:\n    cluster: " + name + "\n    user: " + name + "\n" + contextFields;
}

} // namespace catamaran::test
