// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "place.h"

#include <QPointer>

namespace catamaran::conformance {

using core::Result;
using kube::Query;
using kube::ResourceKind;

QJsonObject json(const QByteArray &text)
{
    QJsonParseError error;
    const QJsonObject object = QJsonDocument::fromJson(text, &error).object();
    if (error.error != QJsonParseError::NoError)
        qFatal("the test's own JSON is wrong: %s: %s", qPrintable(error.errorString()), text.constData());
    return object;
}

Images Images::fromEnvironment()
{
    const QString all = qEnvironmentVariable("CATAMARAN_IMAGE");
    const auto one = [&](const char *variable) {
        const QString own = qEnvironmentVariable(variable);
        return own.isEmpty() ? all : own;
    };
    return { one("CATAMARAN_IMAGE_SLEEP"), one("CATAMARAN_IMAGE_HELLOWORLD") };
}

QStringList Images::helloworldCommand(const QString &version) const
{
    if (helloworld.isEmpty())
        return {};
    // The first process of a container has to end at SIGTERM by itself.
    return { QStringLiteral("sh"), QStringLiteral("-c"),
        QStringLiteral("mkdir -p /tmp/www; echo \"Hello version: %1, instance: $(hostname)\" >/tmp/www/hello; echo serving; "
                       "trap 'exit 0' TERM; httpd -f -p 5000 -h /tmp/www & wait")
            .arg(version) };
}

QString Place::open(const QString &namespaceName)
{
    kube::permitPlugins();
    const auto config = kube::loadKubeconfig({ kubeconfig });
    if (!config)
        return config.error().text();
    const auto resolved = kube::resolveContext(*config);
    if (!resolved)
        return resolved.error().text();
    access = *resolved;
    access.name = name;
    client = std::make_unique<kube::KubeClient>(access);
    session = std::make_shared<kube::ApiSession>(access, nullptr);
    const auto made = wait(client->create(kube::kinds::namespaces, {},
        json("{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"" + namespaceName.toUtf8() + "\"}}"), {}));
    if (!made)
        return made.error().text();
    ns = namespaceName;
    const auto nodes = wait(client->list(kube::kinds::nodes, {}, {}, {}));
    if (!nodes)
        return nodes.error().text();
    hasNode = !nodes->items.isEmpty();
    // Pods are refused until their namespace has it.
    const bool hasAccount = QTest::qWaitFor(
        [this] { return bool(wait(client->get(kube::kinds::serviceAccounts, ns, QStringLiteral("default"), {}))); }, 30000);
    return hasAccount ? QString() : QStringLiteral("the namespace gets no default service account");
}

std::unique_ptr<kube::KubeClient> Place::clientOf(const core::Secret &token) const
{
    kube::ClusterAccess other = access;
    other.token = token;
    other.tls.clientChain.clear();
    other.tls.clientKey = {};
    other.plugin.reset();
    other.clientCertificateFile.clear();
    other.clientKeyFile.clear();
    return std::make_unique<kube::KubeClient>(other);
}

Result<QJsonObject> Place::call(const QByteArray &method, const QByteArray &path, const Query &query, const QJsonObject &body) const
{
    kube::ApiCall call;
    call.method = method;
    call.path = path;
    call.query = query;
    call.purpose = QStringLiteral("call %1").arg(QString::fromLatin1(path));
    if (!body.isEmpty())
        call.body = QJsonDocument(body).toJson(QJsonDocument::Compact);
    const auto reply = wait(session->send(call, {}));
    if (!reply)
        return core::fail(reply.error());
    return QJsonDocument::fromJson(reply->body).object();
}

QByteArray Place::path(const ResourceKind &kind, const QString &object, const QString &subresource) const
{
    return kube::resourcePath(kind, kind.namespaced ? ns : QString(), object, subresource);
}

Result<QStringList> Place::names(const ResourceKind &kind, const Query &query) const
{
    return call("GET", path(kind), query).map([](const QJsonObject &list) {
        QStringList names;
        for (const QJsonValue &item : list.value(u"items").toArray())
            names << item.toObject().value(u"metadata").toObject().value(u"name").toString();
        names.sort();
        return names;
    });
}

QJsonObject Place::configMap(const QString &object, const QByteArray &data, const QByteArray &labels) const
{
    return json("{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"" + object.toUtf8() + "\",\"namespace\":\""
        + ns.toUtf8() + "\",\"labels\":" + labels + "},\"data\":" + data + '}');
}

Result<QJsonObject> Place::make(const QJsonObject &configMap) const
{
    return wait(client->create(kube::kinds::configMaps, ns, configMap, {}));
}

QJsonObject Place::pod(const QString &object, const QString &image, const QStringList &command) const
{
    QJsonObject container { { QStringLiteral("name"), QStringLiteral("main") }, { QStringLiteral("image"), image },
        { QStringLiteral("imagePullPolicy"), QStringLiteral("IfNotPresent") } };
    if (!command.isEmpty())
        container.insert(QStringLiteral("command"), QJsonArray::fromStringList(command));
    return { { QStringLiteral("apiVersion"), QStringLiteral("v1") }, { QStringLiteral("kind"), QStringLiteral("Pod") },
        { QStringLiteral("metadata"), QJsonObject { { QStringLiteral("name"), object }, { QStringLiteral("namespace"), ns } } },
        { QStringLiteral("spec"),
            QJsonObject { { QStringLiteral("terminationGracePeriodSeconds"), 1 },
                { QStringLiteral("restartPolicy"), QStringLiteral("Never") },
                { QStringLiteral("containers"), QJsonArray { container } } } } };
}

QString Place::run(const QJsonObject &pod) const
{
    const auto made = wait(client->create(kube::kinds::pods, ns, pod, {}));
    if (!made)
        return made.error().text();
    const QString object = pod.value(u"metadata").toObject().value(u"name").toString();
    QJsonObject status;
    const bool ready = QTest::qWaitFor(
        [&] {
            const auto seen = wait(client->get(kube::kinds::pods, ns, object, {}));
            status = seen ? seen->value(u"status").toObject() : QJsonObject();
            for (const QJsonValue &condition : status.value(u"conditions").toArray())
                if (condition.toObject().value(u"type").toString() == u"Ready"
                    && condition.toObject().value(u"status").toString() == u"True")
                    return true;
            return false;
        },
        90000);
    return ready ? QString() : QStringLiteral("the pod %1 is not ready: ").arg(object) + QString::fromUtf8(QJsonDocument(status).toJson());
}

kube::ExecOptions Place::shell(const QString &pod, const QString &script) const
{
    kube::ExecOptions options;
    options.ns = ns;
    options.pod = pod;
    options.container = QStringLiteral("main");
    options.command = QStringList { QStringLiteral("sh"), QStringLiteral("-c"), script };
    return options;
}

RawWatch::RawWatch(const Place &place, const ResourceKind &kind, const Query &query)
{
    Query all { { "watch", "1" } };
    all += query;
    const QUrl url = place.session->url(place.path(kind), all);
    place.session->withIdentity([self = QPointer<RawWatch>(this), url](const Result<kube::Identity> &identity) {
        if (!self)
            return;
        if (identity)
            self->open(*identity, url);
        else
            self->problem = identity.error().text();
    });
}

void RawWatch::open(const kube::Identity &identity, const QUrl &url)
{
    m_http = identity.http;
    net::HttpRequest request;
    request.url = url;
    request.headers = identity.headers;
    request.headers.append(QPair<QByteArray, QByteArray> { "Accept", "application/json" });
    request.purpose = QStringLiteral("watch");
    net::HttpStream *stream = m_http->stream(request, this);
    connect(stream, &net::HttpStream::started, this, [this](int code, const net::Headers &) { status = code; });
    connect(stream, &net::HttpStream::received, this, [this](const QByteArray &bytes) {
        if (status != 200) {
            body += bytes;
            return;
        }
        const auto cut = m_cutter.feed(bytes);
        if (!cut) {
            problem = cut.error().text();
            return;
        }
        for (const QByteArray &line : *cut) {
            kube::CompactReader reader;
            const auto parsed = reader.readEvent({ line.constData(), std::size_t(line.size()) });
            const QJsonObject whole = QJsonDocument::fromJson(line).object();
            if (parsed)
                lines.append(
                    { parsed->type, parsed->object.key, parsed->object.object.resourceVersion, whole.value(u"object").toObject() });
            else
                problem = parsed.error().text();
        }
    });
    connect(stream, &net::HttpStream::finished, this, [this](const std::shared_ptr<core::Error> &error) {
        finished = true;
        if (error && problem.isEmpty())
            problem = error->text();
    });
}

int RawWatch::count(kube::CompactEvent::Type type) const
{
    return int(std::count_if(lines.begin(), lines.end(), [type](const Line &line) { return line.type == type; }));
}

} // namespace catamaran::conformance
