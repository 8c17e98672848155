// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kube/apisession.h"
#include "kube/cachedobject.h"
#include "kube/exec.h"
#include "kube/kubeclient.h"
#include "kube/watchlines.h"
#include "support/wait.h"

#include <QJsonDocument>
#include <QTest>

/// What the conformance suite works with. Nothing here knows which kind of server answers.
namespace catamaran::conformance {

using test::wait;

/// For QVERIFY2.
template <typename T> QByteArray why(const core::Result<T> &result)
{
    return result ? QByteArray() : result.error().text().toUtf8();
}

[[nodiscard]] QJsonObject json(const QByteArray &text);

/// Which images play which part, and whether they need a command to do so: $CATAMARAN_IMAGE for all, or
/// $CATAMARAN_IMAGE_SLEEP (sh, sleep, curl, head, seq, stty) and $CATAMARAN_IMAGE_HELLOWORLD (sh and busybox's httpd).
/// Unset: the sample's own images as they are.
struct Images {
    QString sleep, helloworld;
    [[nodiscard]] static Images fromEnvironment();
    /// helloworld's command with version @p version; empty when the image does it by itself.
    [[nodiscard]] QStringList helloworldCommand(const QString &version) const;
};

/// One cluster and the suite's own namespace in it.
struct Place {
    QString name, kubeconfig;
    kube::ClusterAccess access;
    std::unique_ptr<kube::KubeClient> client;
    std::shared_ptr<kube::ApiSession> session; ///< for what KubeClient has no call for
    QString ns;
    bool hasNode = false;

    /// Connects and makes the namespace; the text says why not.
    [[nodiscard]] QString open(const QString &namespaceName);
    /// A client of @p token alone.
    [[nodiscard]] std::unique_ptr<kube::KubeClient> clientOf(const core::Secret &token) const;

    /// One call as it is; its answer's JSON.
    [[nodiscard]] core::Result<QJsonObject> call(
        const QByteArray &method, const QByteArray &path, const kube::Query &query = {}, const QJsonObject &body = {}) const;
    [[nodiscard]] QByteArray path(const kube::ResourceKind &kind, const QString &object = {}, const QString &subresource = {}) const;
    /// Names of the objects that @p query selects.
    [[nodiscard]] core::Result<QStringList> names(const kube::ResourceKind &kind, const kube::Query &query) const;

    [[nodiscard]] QJsonObject configMap(
        const QString &object, const QByteArray &data = "{\"k\":\"1\"}", const QByteArray &labels = "{}") const;
    [[nodiscard]] core::Result<QJsonObject> make(const QJsonObject &configMap) const;
    [[nodiscard]] QJsonObject pod(const QString &object, const QString &image, const QStringList &command) const;
    /// Makes a pod and waits until it is ready; the text says why it is not.
    [[nodiscard]] QString run(const QJsonObject &pod) const;
    [[nodiscard]] kube::ExecOptions shell(const QString &pod, const QString &script) const;
};

/// A watch as the server sends it, without the client's resuming.
class RawWatch : public QObject {
    Q_OBJECT
public:
    RawWatch(const Place &place, const kube::ResourceKind &kind, const kube::Query &query);

    int status = 0;
    QByteArray body; ///< of an answer that is not 200
    /// One event as it came.
    struct Line {
        kube::CompactEvent::Type type;
        QString key, resourceVersion;
        QJsonObject object; ///< the Status of an error
    };
    QList<Line> lines;
    bool finished = false;
    QString problem;

    [[nodiscard]] int count(kube::CompactEvent::Type type) const;

private:
    void open(const kube::Identity &identity, const QUrl &url);
    std::shared_ptr<net::HttpClient> m_http;
    kube::WatchLines m_cutter;
};

} // namespace catamaran::conformance
