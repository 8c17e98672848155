// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "kube/kubeclient.h"

#include "kube/accesscheck.h"
#include "kube/apisession.h"
#include "kube/discovery.h"
#include "kube/execsession.h"
#include "kube/informerimpl.h"
#include "kube/listparser.h"
#include "kube/logstream.h"
#include "kube/say.h"
#include "kube/statuserror.h"
#include "net/httpdate.h"

#include <QJsonDocument>

namespace catamaran::kube {

using core::Error;
using core::ErrorKind;
using core::Result;

namespace {

constexpr std::chrono::milliseconds quick { 15000 };

QString named(const ResourceKind &kind, const QString &ns, const QString &name)
{
    QString text = kind.plural;
    if (!name.isEmpty())
        text += u'/' + name;
    return kind.namespaced && !ns.isEmpty() ? Say::tr("%1 in namespace %2").arg(text, ns) : text;
}

QByteArray compact(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

/// An answer's body, read by @p parse; errors of reading get what was tried and where.
template <typename T, typename Parse>
QFuture<Result<T>> parsed(const QFuture<Result<net::HttpReply>> &reply, const QString &tried, const QUrl &url, Parse parse)
{
    return core::mapped(reply, [tried, url, parse](const Result<net::HttpReply> &answer) -> Result<T> {
        if (!answer)
            return core::fail(answer.error());
        Result<T> value = parse(*answer);
        if (!value) {
            value.error().tried = tried;
            value.error().target = shownUrl(url);
            if (value.error().remedy.isEmpty())
                value.error().remedy = Say::tr("Check that the address is a Kubernetes API server's.");
        }
        return value;
    });
}

Result<QJsonObject> objectOf(const net::HttpReply &reply)
{
    return parseObject(reply.body);
}

Result<Scale> scaleOf(const QJsonObject &object)
{
    const QJsonValue spec = object.value(u"spec");
    if (!spec.isObject())
        return core::fail(ErrorKind::Protocol, {}, {}, Say::tr("the answer is no Scale: it has no spec"));
    Scale scale;
    scale.specReplicas = spec.toObject().value(u"replicas").toInt(); // left out when 0
    scale.statusReplicas = object.value(u"status").toObject().value(u"replicas").toInt();
    scale.resourceVersion = object.value(u"metadata").toObject().value(u"resourceVersion").toString();
    return scale;
}

int leadingNumber(const QString &text)
{
    qsizetype digits = 0;
    while (digits < text.size() && text.at(digits) >= u'0' && text.at(digits) <= u'9')
        ++digits;
    return text.left(digits).toInt();
}

Result<ServerVersion> versionOf(const net::HttpReply &reply)
{
    const auto object = parseObject(reply.body);
    if (!object)
        return core::fail(object.error());
    ServerVersion version;
    version.gitVersion = object->value(u"gitVersion").toString();
    version.major = leadingNumber(object->value(u"major").toString());
    version.minor = leadingNumber(object->value(u"minor").toString()); // clouds write "32+"
    version.date = net::httpDate(reply.header("Date"));
    if (version.gitVersion.isEmpty())
        return core::fail(ErrorKind::Protocol, {}, {}, Say::tr("the answer has no gitVersion"));
    return version;
}

/// Why this cannot be put into an address; null when it can.
std::optional<Error> badName(const QString &tried, const ResourceKind &kind, const QString &ns, const QString &name)
{
    if (!isPathPart(name))
        return Error::make(ErrorKind::InvalidInput, tried, named(kind, ns, {}), Say::tr("“%1” is not a name").arg(name));
    if (kind.namespaced && !isPathPart(ns))
        return Error::make(ErrorKind::InvalidInput, tried, kind.plural, Say::tr("“%1” is not a namespace").arg(ns));
    return std::nullopt;
}

template <typename T> QFuture<Result<T>> refused(const Error &error)
{
    return core::readyFuture(Result<T>(core::fail(error)));
}

QFuture<Result<QJsonObject>> objectWritten(QFuture<Result<Written>> written)
{
    return core::mapped(written, [](const Result<Written> &answer) { return answer.map([](const Written &one) { return one.object; }); });
}

} // namespace

struct KubeClient::Private {
    std::shared_ptr<ApiSession> session;
    QHash<QString, std::weak_ptr<Informer>> informers; ///< by kind and namespace
    std::unique_ptr<AccessCheck> access;

    std::shared_ptr<Informer> informer(const ResourceKind &kind, const QString &ns)
    {
        const QString key = kind.apiVersion() + u'/' + kind.plural + u'/' + (kind.namespaced ? ns : QString());
        auto found = informers.value(key).lock();
        if (!found) {
            found = makeInformer(session, kind, ns);
            informers.insert(key, found);
        }
        return found;
    }

    [[nodiscard]] QString space(const ResourceKind &kind, const QString &ns) const
    {
        return kind.namespaced && ns.isEmpty() ? session->access().defaultNamespace : ns;
    }

    /// Sends one call from any thread and reads its answer.
    template <typename T, typename Parse> QFuture<Result<T>> call(const ApiCall &call, const std::stop_token &stop, Parse parse)
    {
        return core::startOn(session.get(), [session = session.get(), call, stop, parse] {
            return parsed<T>(session->send(call, stop), call.purpose, session->url(call.path), parse);
        });
    }
};

KubeClient::KubeClient(ClusterAccess access, std::unique_ptr<net::HttpClient> http, QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>())
{
    d->session = std::make_shared<ApiSession>(std::move(access), std::move(http));
}

KubeClient::~KubeClient() = default;

const ClusterAccess &KubeClient::access() const
{
    return d->session->access();
}

QFuture<Result<ServerVersion>> KubeClient::version(std::stop_token stop)
{
    ApiCall call;
    call.path = "/version";
    call.purpose = Say::tr("ask for the server's version");
    call.timeout = quick;
    return d->call<ServerVersion>(call, stop, versionOf);
}

QFuture<Result<QJsonObject>> KubeClient::get(const ResourceKind &kind, const QString &ns, const QString &name, std::stop_token stop)
{
    const QString space = d->space(kind, ns);
    ApiCall call;
    call.path = resourcePath(kind, space, name);
    call.purpose = Say::tr("read %1").arg(named(kind, space, name));
    if (const auto error = badName(call.purpose, kind, space, name))
        return refused<QJsonObject>(*error);
    return d->call<QJsonObject>(call, stop, objectOf);
}

QFuture<Result<QJsonObject>> KubeClient::getMetadata(const ResourceKind &kind, const QString &ns, const QString &name, std::stop_token stop)
{
    const QString space = d->space(kind, ns);
    ApiCall call;
    call.path = resourcePath(kind, space, name);
    call.purpose = Say::tr("see whether there is %1").arg(named(kind, space, name));
    call.accept = QByteArrayLiteral("application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1");
    if (const auto error = badName(call.purpose, kind, space, name))
        return refused<QJsonObject>(*error);
    return d->call<QJsonObject>(call, stop, [](const net::HttpReply &reply) {
        return objectOf(reply).map([](const QJsonObject &object) {
            return QJsonObject { { QStringLiteral("metadata"), object.value(u"metadata").toObject() } };
        });
    });
}

QFuture<Result<ListResult>> KubeClient::list(
    const ResourceKind &kind, const QString &ns, const QString &labelSelector, std::stop_token stop)
{
    if (kind.namespaced && !ns.isEmpty() && !isPathPart(ns))
        return refused<ListResult>(
            Error::make(ErrorKind::InvalidInput, Say::tr("list %1").arg(kind.plural), {}, Say::tr("“%1” is not a namespace").arg(ns)));
    return core::startOn(d->session.get(),
        [session = d->session.get(), kind, ns, labelSelector, stop] { return session->list(kind, ns, labelSelector, stop); });
}

QFuture<Result<Written>> KubeClient::write(const Write &write, std::stop_token stop)
{
    using How = Write::How;
    const QString space = write.kind.namespaced ? d->space(write.kind, write.ns) : QString();
    const bool isNamed = write.how != How::Create || !write.subresource.isEmpty();
    ApiCall call;
    call.path = resourcePath(write.kind, space, isNamed ? write.name : QString(), write.subresource);
    if (const auto error = badName(
            Say::tr("change %1").arg(named(write.kind, space, write.name)), write.kind, space, isNamed ? write.name : QStringLiteral("x")))
        return refused<Written>(*error);
    const QString what = named(write.kind, space, write.name);
    QJsonObject body = write.body;
    QJsonObject metadata = body.value(u"metadata").toObject();
    if (!write.resourceVersion.isEmpty())
        metadata[u"resourceVersion"] = write.resourceVersion;
    switch (write.how) {
    case How::Apply:
        call.purpose = Say::tr("apply %1").arg(what);
        if (write.fieldManager.isEmpty() || write.fieldManager.size() > 128)
            return refused<Written>(
                Error::make(ErrorKind::InvalidInput, call.purpose, {}, Say::tr("the field manager needs 1 to 128 characters")));
        if (!write.uid.isEmpty())
            metadata[u"uid"] = write.uid;
        metadata.remove(QStringLiteral("managedFields")); // the server refuses it
        body[u"metadata"] = metadata;
        call.method = "PATCH";
        call.query = { { "force", write.force ? "true" : "false" }, { "fieldValidation", "Strict" } };
        call.contentType = "application/apply-patch+yaml";
        break;
    case How::MergePatch:
        call.purpose = Say::tr("change %1").arg(what);
        if (!metadata.isEmpty())
            body[u"metadata"] = metadata;
        call.method = "PATCH";
        call.contentType = "application/merge-patch+json";
        break;
    case How::Create:
        call.purpose = Say::tr("create %1").arg(what);
        call.method = "POST";
        break;
    case How::Delete: {
        call.purpose = Say::tr("delete %1").arg(what);
        call.method = "DELETE";
        body = { { QStringLiteral("apiVersion"), QStringLiteral("v1") }, { QStringLiteral("kind"), QStringLiteral("DeleteOptions") },
            { QStringLiteral("propagationPolicy"), QStringLiteral("Background") } };
        QJsonObject preconditions;
        if (!write.uid.isEmpty())
            preconditions[u"uid"] = write.uid;
        if (!write.resourceVersion.isEmpty())
            preconditions[u"resourceVersion"] = write.resourceVersion;
        if (!preconditions.isEmpty())
            body[u"preconditions"] = preconditions;
        break;
    }
    }
    if (write.how != How::Delete)
        call.query.prepend(QueryItem { "fieldManager", write.fieldManager.toUtf8() });
    if (write.dryRun)
        call.query.append(QueryItem { "dryRun", "All" });
    call.body = compact(body);
    // It may have been done before the connection broke; a second sending would then be told of a conflict with the first.
    call.repeatable = write.how != How::Create && write.uid.isEmpty() && write.resourceVersion.isEmpty();
    return d->call<Written>(call, stop, [](const net::HttpReply &reply) {
        return parseObject(reply.body).map([&reply](const QJsonObject &object) {
            return Written { object, reply.status == 201, QString::fromLatin1(reply.header("Audit-Id")).left(64) };
        });
    });
}

QFuture<Result<QJsonObject>> KubeClient::apply(const QJsonObject &object, const ApplyOptions &options, std::stop_token stop)
{
    const QJsonObject metadata = object.value(u"metadata").toObject();
    const auto kind = kindOf(object.value(u"apiVersion").toString(), object.value(u"kind").toString());
    if (!kind)
        return refused<QJsonObject>(kind.error());
    Write change { Write::How::Apply, *kind, metadata.value(u"namespace").toString(), metadata.value(u"name").toString() };
    change.body = object;
    change.force = options.force;
    change.dryRun = options.dryRun;
    change.fieldManager = options.fieldManager;
    return objectWritten(write(change, std::move(stop)));
}

QFuture<Result<QJsonObject>> KubeClient::create(
    const ResourceKind &kind, const QString &ns, const QJsonObject &object, std::stop_token stop)
{
    Write change { Write::How::Create, kind, ns, object.value(u"metadata").toObject().value(u"name").toString() };
    change.body = object;
    return objectWritten(write(change, std::move(stop)));
}

QFuture<Result<QJsonObject>> KubeClient::mergePatch(
    const ResourceKind &kind, const QString &ns, const QString &name, const QJsonObject &patch, std::stop_token stop)
{
    Write change { Write::How::MergePatch, kind, ns, name };
    change.body = patch;
    return objectWritten(write(change, std::move(stop)));
}

QFuture<Result<core::Done>> KubeClient::remove(const ResourceKind &kind, const QString &ns, const QString &name, std::stop_token stop)
{
    return core::mapped(
        write({ Write::How::Delete, kind, ns, name }, std::move(stop)), [](const Result<Written> &written) -> Result<core::Done> {
            // A Status says that the object is missing; a 404 without one means that the address is wrong.
            if (written || (written.error().kind == ErrorKind::NotFound && written.error().code == u"NotFound"))
                return core::Done {};
            return core::fail(written.error());
        });
}

QFuture<Result<Scale>> KubeClient::scale(const ResourceKind &kind, const QString &ns, const QString &name, std::stop_token stop)
{
    const QString space = d->space(kind, ns);
    ApiCall call;
    call.path = resourcePath(kind, space, name, QStringLiteral("scale"));
    call.purpose = Say::tr("read the scale of %1").arg(named(kind, space, name));
    if (const auto error = badName(call.purpose, kind, space, name))
        return refused<Scale>(*error);
    return d->call<Scale>(call, stop, [](const net::HttpReply &reply) { return parseObject(reply.body).and_then(scaleOf); });
}

QFuture<Result<Scale>> KubeClient::setScale(
    const ResourceKind &kind, const QString &ns, const QString &name, int replicas, std::stop_token stop)
{
    if (replicas < 0)
        return refused<Scale>(Error::make(ErrorKind::InvalidInput, Say::tr("scale %1 to %2").arg(named(kind, ns, name)).arg(replicas), {},
            Say::tr("the number of replicas cannot be negative")));
    Write change { Write::How::MergePatch, kind, ns, name, QStringLiteral("scale") };
    change.body = { { QStringLiteral("spec"), QJsonObject { { QStringLiteral("replicas"), replicas } } } };
    return core::mapped(write(change, std::move(stop)),
        [](const Result<Written> &written) { return written.and_then([](const Written &answer) { return scaleOf(answer.object); }); });
}

QFuture<Result<bool>> KubeClient::mayI(const AccessQuestion &question, std::stop_token stop)
{
    QJsonObject attributes;
    const auto add = [&attributes](const char *key, const QString &value) {
        if (!value.isEmpty())
            attributes[QLatin1StringView(key)] = value;
    };
    add("verb", question.verb);
    add("group", question.group);
    add("resource", question.resource);
    add("subresource", question.subresource);
    add("namespace", question.ns);
    add("name", question.name);
    ApiCall call;
    call.method = "POST"; // changes nothing, so it may be repeated
    call.path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
    call.purpose
        = Say::tr("ask whether %1 of %2 is allowed")
              .arg(question.verb, question.subresource.isEmpty() ? question.resource : question.resource + u'/' + question.subresource);
    call.body = compact({ { QStringLiteral("apiVersion"), QStringLiteral("authorization.k8s.io/v1") },
        { QStringLiteral("kind"), QStringLiteral("SelfSubjectAccessReview") },
        { QStringLiteral("spec"), QJsonObject { { QStringLiteral("resourceAttributes"), attributes } } } });
    call.timeout = quick;
    return d->call<bool>(call, stop, [](const net::HttpReply &reply) -> Result<bool> {
        const auto object = parseObject(reply.body);
        if (!object)
            return core::fail(object.error());
        const QJsonValue status = object->value(u"status");
        if (!status.isObject())
            return core::fail(ErrorKind::Protocol, {}, {}, Say::tr("the answer is no access review: it has no status"));
        return status.toObject().value(u"allowed").toBool();
    });
}

std::shared_ptr<Informer> KubeClient::informerOf(const ResourceKind &kind, const QString &ns, const QString &name)
{
    WatchTiming timing; // somebody waits for it, and one object costs the server little
    timing.backoff = { 0, std::chrono::milliseconds(200), std::chrono::seconds(5) };
    return makeInformer(d->session, kind, kind.namespaced ? d->space(kind, ns) : QString(), timing, name);
}

std::shared_ptr<Informer> KubeClient::informer(const ResourceKind &kind, const QString &ns)
{
    return d->informer(kind, ns);
}

QFuture<Result<Discovery>> KubeClient::discover(std::stop_token stop)
{
    return core::startOn(d->session.get(), [session = d->session, stop] { return startDiscovery(session, stop); });
}

AccessCheck &KubeClient::accessCheck()
{
    if (!d->access)
        d->access = std::make_unique<AccessCheck>(*this);
    return *d->access;
}

std::unique_ptr<ExecSession> KubeClient::exec(const ExecOptions &options)
{
    return makeExecSession(d->session, options);
}

std::unique_ptr<LogStream> KubeClient::logs(const LogOptions &options)
{
    return makeLogStream(d->session, options);
}

} // namespace catamaran::kube
