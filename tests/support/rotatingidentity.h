// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kube/kubeconfig.h"
#include "support/scriptedserver.h"

#include <QDateTime>
#include <QFile>
#include <QSslKey>
#include <QTemporaryDir>

namespace catamaran::test {

/// A client certificate of a scripted server in files, which are rotated as a kubelet or cert-manager does.
class RotatingIdentity {
public:
    RotatingIdentity(const ScriptedServer &server, const QString &commonName)
        : m_server(server)
    {
        const auto papers = rotateTo(commonName);
        m_access.server = server.url();
        m_access.tls.trusted = server.authority();
        m_access.tls.clientChain = QSslCertificate::fromData(papers.first);
        m_access.tls.clientKey = QSslKey(papers.second, QSsl::Ec);
        m_access.clientCertificateFile = m_folder.filePath(QStringLiteral("cert.pem"));
        m_access.clientKeyFile = m_folder.filePath(QStringLiteral("key.pem"));
    }

    [[nodiscard]] const kube::ClusterAccess &access() const { return m_access; }

    /// Writes the files anew, ten seconds younger than before: their time tells that they changed. Certificate and key.
    QPair<QByteArray, QByteArray> rotateTo(const QString &commonName)
    {
        const auto papers = m_server.clientCertificate(commonName);
        write(QStringLiteral("cert.pem"), papers.first);
        write(QStringLiteral("key.pem"), papers.second);
        m_time = m_time.addSecs(10);
        return papers;
    }

private:
    void write(const QString &name, const QByteArray &text) const
    {
        QFile file(m_folder.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size() || !file.flush()
            || !file.setFileTime(m_time, QFileDevice::FileModificationTime))
            qFatal("cannot write");
    }

    const ScriptedServer &m_server;
    QTemporaryDir m_folder;
    QDateTime m_time = QDateTime::currentDateTime();
    kube::ClusterAccess m_access;
};

} // namespace catamaran::test
