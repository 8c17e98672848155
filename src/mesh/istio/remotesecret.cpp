// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "mesh/istio/remotesecret.h"

#include "core/wholepattern.h"
#include "kube/exec.h"
#include "mesh/istio/podanswers.h"
#include "mesh/istio/primary.h"
#include "mesh/istio/say.h"
#include "mesh/waiting.h"
#include "ops/ask.h"

#include <QCryptographicHash>
#include <QHostAddress>
#include <QJsonArray>
#include <QJsonDocument>

namespace catamaran::mesh::istio {

using core::Error;
using core::ErrorKind;
using core::Result;
using ops::Evidence;
using ops::Receipt;
using ops::Right;
using ops::Scope;
using ops::State;

namespace {

constexpr qint64 mostClusterzBytes = 4 * 1024 * 1024;
constexpr std::chrono::seconds remoteTimeout { 45 }; ///< by then a control plane has given up (PILOT_REMOTE_CLUSTER_TIMEOUT is 30 s)
const QString tokenRequested = QStringLiteral("requested"), tokenLongLived = QStringLiteral("longLived");

Result<ops::Target> inReaderSpace(const QString &operation, const QString &cluster, const QString &kind, const QString &name)
{
    return ops::Target::read(operation,
        { { QStringLiteral("cluster"), cluster }, { QStringLiteral("apiVersion"), QStringLiteral("v1") }, { QStringLiteral("kind"), kind },
            { QStringLiteral("namespace"), systemNamespace }, { QStringLiteral("name"), name } });
}

ops::Target accountTarget(const QString &cluster)
{
    return *inReaderSpace({}, cluster, QStringLiteral("ServiceAccount"), readerAccount);
}

ops::Target authorityTarget(const QString &cluster)
{
    return *inReaderSpace({}, cluster, QStringLiteral("ConfigMap"), QStringLiteral("kube-root-ca.crt"));
}

/// As YAML has it where it cannot be taken for anything else.
QByteArray yamlText(const QString &text)
{
    static const QRegularExpression plain
        = core::wholePattern(QStringLiteral("[A-Za-z][A-Za-z0-9]*-[A-Za-z0-9-]*[A-Za-z0-9]|https://[A-Za-z0-9.:/_-]*[A-Za-z0-9/]"));
    if (plain.match(text).hasMatch())
        return text.toUtf8();
    const QByteArray list = QJsonDocument(QJsonArray { text }).toJson(QJsonDocument::Compact); // a JSON string is a YAML string
    return list.mid(1, list.size() - 2);
}

/// What a server echoes of what it was sent never shows a token.
Error withoutToken(Error error, const core::Secret &token)
{
    if (!token.isEmpty())
        for (QString *text : { &error.answer, &error.remedy, &error.target })
            text->replace(QString::fromUtf8(token.reveal()), QStringLiteral("(secret)"));
    return error;
}

bool isLoopback(const QString &host)
{
    return host == u"localhost" || QHostAddress(host).isLoopback();
}

struct Credentials {
    core::Secret token;
    QByteArray authority; ///< PEM
    QString until; ///< for people
};

QByteArray bytesIn(const QJsonObject &secret, const QString &key)
{
    return QByteArray::fromBase64(secret[u"data"][key].toString().toLatin1());
}

Result<Credentials> longLivedToken(const RemoteSecret &secret, const QString &tried, Scope &scope)
{
    const auto target = readerTokenTarget({}, secret.cluster);
    const auto object = ops::readObject(*target, scope);
    if (!object)
        return core::fail(object.error());
    Credentials credentials;
    if (*object)
        credentials = { core::Secret(bytesIn(**object, QStringLiteral("token"))), bytesIn(**object, QStringLiteral("ca.crt")), {} };
    if (credentials.token.isEmpty())
        return core::fail(ErrorKind::Precondition, tried, target->subject(),
            *object ? Say::tr("it holds no token yet") : Say::tr("there is no such Secret"),
            Say::tr("The plan has a step that makes it. Plan again."));
    credentials.until = Say::tr("without end");
    return credentials;
}

Result<Credentials> requestedToken(const RemoteSecret &secret, const QString &tried, Scope &scope)
{
    const ops::Target account = accountTarget(secret.cluster);
    kube::Write write;
    write.how = kube::Write::How::Create;
    write.subresource = QStringLiteral("token");
    write.body = { { QStringLiteral("apiVersion"), QStringLiteral("authentication.k8s.io/v1") },
        { QStringLiteral("kind"), QStringLiteral("TokenRequest") },
        { QStringLiteral("spec"), QJsonObject { { QStringLiteral("expirationSeconds"), qint64(secret.token.hours) * 3600 } } } };
    const auto made = ops::send(account, write, scope);
    if (!made)
        return core::fail(notSent(made.error())); // a token that nobody holds changes nothing
    const QJsonValue status = made->object.value(u"status");
    Credentials credentials { core::Secret(status[u"token"].toString().toUtf8()), {}, {} };
    if (credentials.token.isEmpty())
        return core::fail(ErrorKind::Precondition, tried, account.subject(), Say::tr("the server gave no token"));
    credentials.until = Say::tr("until %1").arg(status[u"expirationTimestamp"].toString().left(40));
    return credentials;
}

/// Who vouches for the cluster's API server: as its own pods are told, else as the kubeconfig says.
QByteArray authorityOf(const QString &cluster, const kube::ClusterAccess &access, Scope &scope)
{
    if (const auto map = ops::readObject(authorityTarget(cluster), scope); map && *map)
        if (const QByteArray pem = (**map)[u"data"][u"ca.crt"].toString().toUtf8(); !pem.isEmpty())
            return pem;
    QByteArray pem;
    for (const QSslCertificate &one : access.tls.trusted)
        pem += one.toPem();
    return pem;
}

/// What one replica says of the cluster: its word, "absent", or why it did not tell.
Result<QString> wordOf(const RemoteSecret &secret, const QString &pod, kube::KubeClient &client, Scope &scope)
{
    kube::ExecOptions options;
    options.ns = secret.target.ns;
    options.pod = pod;
    options.container = QStringLiteral("discovery");
    options.command
        = { QStringLiteral("pilot-discovery"), QStringLiteral("request"), QStringLiteral("GET"), QStringLiteral("/debug/clusterz") };
    const QString tried = Say::tr("ask a control plane"), place = options.ns + u'/' + pod;
    const auto output = ops::ask(scope, scope.stop, tried, place,
        [&](std::stop_token stop) { return kube::runInPod(client, options, std::move(stop), mostClusterzBytes); });
    if (!output)
        return core::fail(output.error());
    if (output->exitCode != 0)
        return core::fail(ErrorKind::Precondition, tried, place, Say::tr("its request command ended with %1").arg(output->exitCode));
    const auto clusters = parseClusters(output->standardOutput);
    if (!clusters)
        return core::fail(clusters.error());
    for (const RemoteCluster &one : *clusters)
        if (one.id == secret.id && !one.secret.isEmpty())
            return one.status;
    return QStringLiteral("absent");
}

} // namespace

Result<RemoteSecret> readRemoteSecret(ArgumentReader &reader, const QString &operation, const QJsonObject &given)
{
    static const QRegularExpression idForm = core::wholePattern(QStringLiteral("[A-Za-z0-9]([A-Za-z0-9.-]{0,61}[A-Za-z0-9])?"));
    RemoteSecret secret;
    secret.mesh = reader.label(QStringLiteral("mesh"));
    secret.cluster = reader.label(QStringLiteral("cluster"));
    secret.id = reader.text(QStringLiteral("id"));
    if (!secret.id.isEmpty() && !idForm.match(secret.id).hasMatch())
        reader.refuse(QStringLiteral("id"), Say::tr("is not the id of a cluster"));
    secret.server = reader.maybeText(QStringLiteral("server"));
    if (const QUrl url(secret.server, QUrl::StrictMode); !secret.server.isEmpty() && (url.scheme() != u"https" || url.host().isEmpty()))
        reader.refuse(QStringLiteral("server"), Say::tr("is not an address"));
    const QString token = reader.maybeText(QStringLiteral("token"));
    secret.token.longLived = token != tokenRequested;
    if (!token.isEmpty() && token != tokenRequested && token != tokenLongLived)
        reader.refuse(QStringLiteral("token"), Say::tr("is neither “%1” nor “%2”").arg(tokenLongLived, tokenRequested));
    const QString hours = reader.maybeText(QStringLiteral("hours"));
    if (!hours.isEmpty())
        secret.token.hours = hours.toInt();
    if (secret.token.hours < 1 || secret.token.hours > 87600)
        reader.refuse(QStringLiteral("hours"), Say::tr("is not a number of hours"));
    const QString home = reader.label(QStringLiteral("home")), ns = reader.label(QStringLiteral("namespace"));
    (void)reader.maybeText(QStringLiteral("foreign"));
    if (const auto error = reader.error())
        return core::fail(*error);
    const auto foreign = ops::foreignOf(operation, given);
    if (!foreign)
        return core::fail(foreign.error());
    secret.foreign = *foreign;
    const auto target = ops::Target::read(operation,
        { { QStringLiteral("cluster"), home }, { QStringLiteral("apiVersion"), QStringLiteral("v1") },
            { QStringLiteral("kind"), QStringLiteral("Secret") }, { QStringLiteral("namespace"), ns },
            { QStringLiteral("name"), remoteSecretName(secret.id) } });
    if (!target)
        return core::fail(target.error());
    secret.target = *target;
    return secret;
}

QJsonObject remoteSecretArguments(const MemberWish &wish)
{
    QJsonObject arguments { { QStringLiteral("mesh"), wish.mesh }, { QStringLiteral("home"), wish.home },
        { QStringLiteral("namespace"), wish.space }, { QStringLiteral("cluster"), wish.cluster },
        { QStringLiteral("id"), wish.id.isEmpty() ? wish.cluster : wish.id },
        { QStringLiteral("token"), wish.token.longLived ? tokenLongLived : tokenRequested } };
    if (!wish.server.isEmpty())
        arguments.insert(QStringLiteral("server"), wish.server);
    if (!wish.token.longLived)
        arguments.insert(QStringLiteral("hours"), QString::number(wish.token.hours));
    return arguments;
}

QString remoteSecretName(const QString &id)
{
    return QStringLiteral("istio-remote-secret-") + id.toLower();
}

Result<ops::Target> readerTokenTarget(const QString &operation, const QString &cluster)
{
    return inReaderSpace(operation, cluster, QStringLiteral("Secret"), readerTokenName);
}

QList<QJsonObject> readerObjects()
{
    // Of the chart "istiod", which may be newer than this: what is there already is left as it is.
    static const QByteArray text = R"([
{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"istio-reader-service-account","namespace":"istio-system",
 "labels":{"app":"istio-reader"}}},
{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRole","metadata":{"name":"istio-reader-clusterrole-istio-system",
 "labels":{"app":"istio-reader"}},"rules":[
 {"apiGroups":["config.istio.io","security.istio.io","networking.istio.io","authentication.istio.io","rbac.istio.io",
  "telemetry.istio.io","extensions.istio.io"],"resources":["*"],"verbs":["get","list","watch"]},
 {"apiGroups":[""],"resources":["endpoints","pods","services","nodes","replicationcontrollers","namespaces","secrets","configmaps"],
  "verbs":["get","list","watch"]},
 {"apiGroups":["networking.x-k8s.io","gateway.networking.k8s.io"],"resources":["gateways"],"verbs":["get","watch","list"]},
 {"apiGroups":["apiextensions.k8s.io"],"resources":["customresourcedefinitions"],"verbs":["get","list","watch"]},
 {"apiGroups":["discovery.k8s.io"],"resources":["endpointslices"],"verbs":["get","list","watch"]},
 {"apiGroups":["multicluster.x-k8s.io"],"resources":["serviceexports"],"verbs":["get","list","watch","create","delete"]},
 {"apiGroups":["multicluster.x-k8s.io"],"resources":["serviceimports"],"verbs":["get","list","watch"]},
 {"apiGroups":["apps"],"resources":["replicasets"],"verbs":["get","list","watch"]},
 {"apiGroups":["authentication.k8s.io"],"resources":["tokenreviews"],"verbs":["create"]},
 {"apiGroups":["authorization.k8s.io"],"resources":["subjectaccessreviews"],"verbs":["create"]}]},
{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRoleBinding","metadata":{"name":"istio-reader-clusterrole-istio-system",
 "labels":{"app":"istio-reader"}},
 "roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"istio-reader-clusterrole-istio-system"},
 "subjects":[{"kind":"ServiceAccount","name":"istio-reader-service-account","namespace":"istio-system"}]}])";
    QList<QJsonObject> objects;
    for (const QJsonValue &one : QJsonDocument::fromJson(text).array())
        objects.append(one.toObject());
    return objects;
}

core::Secret remoteKubeconfig(
    const QString &id, const QString &server, const QString &tlsServerName, const QByteArray &authority, const core::Secret &token)
{
    const QByteArray name = yamlText(id);
    QByteArray yaml = "apiVersion: v1\nclusters:\n- cluster:\n    certificate-authority-data: " + authority.toBase64()
        + "\n    server: " + yamlText(server) + '\n';
    if (!tlsServerName.isEmpty())
        yaml += "    tls-server-name: " + yamlText(tlsServerName) + '\n';
    yaml += "  name: " + name + "\ncontexts:\n- context:\n    cluster: " + name + "\n    user: " + name + "\n  name: " + name
        + "\ncurrent-context: " + name + "\nkind: Config\nusers:\n- name: " + name
        + "\n  user:\n    token: " + yamlText(QString::fromUtf8(token.reveal())) + '\n';
    return core::Secret(yaml);
}

QJsonObject remoteSecretObject(const RemoteSecret &secret, const core::Secret &kubeconfig)
{
    return secret.target.identified({
        { QStringLiteral("metadata"),
            QJsonObject { { QStringLiteral("labels"), QJsonObject { { QStringLiteral("istio/multiCluster"), QStringLiteral("true") } } },
                { QStringLiteral("annotations"), QJsonObject { { QStringLiteral("networking.istio.io/cluster"), secret.id } } } } },
        { QStringLiteral("data"), QJsonObject { { secret.id, QString::fromLatin1(kubeconfig.reveal().toBase64()) } } },
    });
}

QString issueCommand(const RemoteSecret &secret, const ops::Names &names)
{
    const QString server = secret.server.isEmpty() ? QString() : QStringLiteral(" --server ") + secret.server;
    QString make = ops::kubectl(
        names, secret.cluster, QStringLiteral("create-remote-secret --name %1%2 > %3.yaml").arg(secret.id, server, secret.target.name));
    const qsizetype at = make.indexOf(QLatin1String("kubectl "), make.lastIndexOf(u'\n') + 1);
    if (at >= 0)
        make.replace(at, 7, QStringLiteral("istioctl"));
    return QStringLiteral("umask 077\n%1\n%2")
        .arg(make, ops::kubectl(names, secret.target.cluster, QStringLiteral("apply -f %1.yaml").arg(secret.target.name)));
}

QString removeCommand(const RemoteSecret &secret, const ops::Names &names)
{
    return ops::kubectl(names, secret.target.cluster, secret.target.byHand(QStringLiteral("delete")));
}

QList<ops::Call> issueCalls(const RemoteSecret &secret)
{
    const ops::Call token = secret.token.longLived
        ? ops::Call { secret.cluster, QStringLiteral("GET ") + readerTokenTarget({}, secret.cluster)->path(), {} }
        : ops::Call { secret.cluster, QStringLiteral("POST ") + accountTarget(secret.cluster).path(QStringLiteral("token")),
              QStringLiteral("{\"spec\":{\"expirationSeconds\":%1}}").arg(qint64(secret.token.hours) * 3600) };
    const QString server = secret.server.isEmpty() ? Say::tr("(as the kubeconfig has it)") : secret.server;
    return { token,
        { secret.target.cluster, QStringLiteral("PATCH ") + secret.target.path(),
            ops::compact(remoteSecretObject(secret, {}).value(u"metadata").toObject())
                + QStringLiteral(" data.%1: server %2, token (secret)").arg(secret.id, server) } };
}

QList<Right> rightsToIssue(const RemoteSecret &secret)
{
    QList<Right> rights = ops::rightsOn(secret.target, { QStringLiteral("create"), QStringLiteral("patch"), QStringLiteral("get") });
    if (secret.token.longLived)
        return rights + ops::rightsOn(*readerTokenTarget({}, secret.cluster), { QStringLiteral("get") });
    Right request { secret.cluster,
        { QStringLiteral("create"), {}, kube::kinds::serviceAccounts.plural, QStringLiteral("token"), systemNamespace, readerAccount } };
    return rights << request;
}

QList<Right> rightsToRemove(const RemoteSecret &secret)
{
    return ops::rightsOn(secret.target, { QStringLiteral("delete") }) + ops::rightsOn(secret.target, ops::seeing);
}

Result<State> seeRemoteSecret(const RemoteSecret &secret, Scope &scope)
{
    core::Secret token;
    auto state = ops::seen(secret.target, scope, [&](const QJsonObject &object, State &found) {
        ops::tellForeign(object, found);
        for (const DecodedSecret &one : decodeRemoteSecret(object)) {
            if (one.facts.key != secret.id)
                continue;
            const QByteArray content = object[u"data"][secret.id].toString().toLatin1();
            found.value.insert(QStringLiteral("content"),
                QString::fromLatin1(QCryptographicHash::hash(content, QCryptographicHash::Sha256).toHex().left(16)));
            found.value.insert(QStringLiteral("server"), one.facts.server);
            found.value.insert(QStringLiteral("account"), one.facts.account);
            if (one.facts.tokenExpires.isValid())
                found.value.insert(QStringLiteral("ends"), one.facts.tokenExpires.toString(Qt::ISODate));
            if (!one.facts.trouble.isEmpty())
                found.value.insert(QStringLiteral("trouble"), one.facts.trouble);
            found.value.insert(QStringLiteral("isOld"), isNearItsEnd(one.facts.tokenIssued, one.facts.tokenExpires, scope.clock()));
            token = one.token;
        }
    });
    if (!state || token.isEmpty())
        return state;
    // A cluster that does not tell says nothing for or against the token.
    if (const auto client = scope.world.cluster(secret.cluster))
        if (const auto review = ops::ask(scope, scope.stop, Say::tr("show a token"), secret.cluster,
                [&](std::stop_token stop) { return reviewToken(**client, token, std::move(stop)); }))
            state->value.insert(QStringLiteral("accepted"), (*review)[u"status"][u"authenticated"].toBool());
    return state;
}

bool isSameRemoteSecret(const State &a, const State &b)
{
    for (const char *member : { "exists", "uid", "going", "content" })
        if (a.value.value(QLatin1StringView(member)) != b.value.value(QLatin1StringView(member)))
            return false;
    return true;
}

Result<Receipt> issueRemoteSecret(const RemoteSecret &secret, const State &seen, const QString &tried, Scope &scope)
{
    if (seen.value.value(u"going").toBool())
        return core::fail(
            ErrorKind::Precondition, tried, secret.target.subject(), Say::tr("it is being deleted"), Say::tr("Try again when it is gone."));
    const auto client = scope.world.cluster(secret.cluster);
    if (!client)
        return core::fail(client.error());
    const kube::ClusterAccess &access = (*client)->access();
    const QString server = secret.server.isEmpty() ? access.server.toString() : secret.server;
    if (secret.server.isEmpty() && isLoopback(access.server.host()))
        return core::fail(ErrorKind::Precondition, tried, secret.cluster,
            Say::tr("the kubeconfig's address, %1, is one of this machine alone: no control plane reaches the cluster there").arg(server),
            Say::tr("Give the cluster in the environment file the address that pods of other clusters reach: meshServer: https://…"));
    auto credentials = secret.token.longLived ? longLivedToken(secret, tried, scope) : requestedToken(secret, tried, scope);
    if (!credentials)
        return core::fail(credentials.error());
    if (credentials->authority.isEmpty())
        credentials->authority = authorityOf(secret.cluster, access, scope);
    if (credentials->authority.isEmpty())
        return core::fail(ErrorKind::Precondition, tried, secret.cluster,
            Say::tr("nobody tells who vouches for its API server: neither the kubeconfig nor the ConfigMap kube-root-ca.crt"));
    const QString tlsServerName = secret.server.isEmpty() ? access.tls.serverName : QString();
    kube::Write write;
    write.how = kube::Write::How::Apply;
    write.body = remoteSecretObject(secret, remoteKubeconfig(secret.id, server, tlsServerName, credentials->authority, credentials->token));
    write.force = seen.value.contains(u"foreign") && secret.foreign == ops::Foreign::Take; // the user said so
    const ops::Sight sight { [&] { return seeRemoteSecret(secret, scope); }, &isSameRemoteSecret };
    const auto written = ops::asSeen(sight, seen, [&](const State &now) {
        write.uid = now.value.value(u"uid").toString();
        write.resourceVersion = now.version;
        return ops::send(secret.target, write, scope);
    });
    if (!written)
        return core::fail(withoutToken(written.error(), credentials->token));
    if (!seen.value.value(u"exists").toBool() && !written->isCreated) {
        // The API cannot be asked to apply only where nothing is. What was added to theirs is taken off again.
        write.body = secret.target.identified({});
        write.uid = write.resourceVersion = QString();
        (void)ops::send(secret.target, write, scope);
        return core::fail(ErrorKind::Conflict, tried, secret.target.subject(), Say::tr("somebody else has made it meanwhile"),
            Say::tr("Look at it, and try again."));
    }
    return Receipt { Say::tr("%1, its token is good %2").arg(written->isCreated ? Say::tr("made") : Say::tr("renewed"), credentials->until),
        written->requestId };
}

Result<Evidence> whatReplicasSay(const RemoteSecret &secret, bool wanted, const QString &tried, Scope &scope)
{
    const QString home = secret.target.cluster;
    const auto unknown = [&](const QString &why) {
        return Evidence { Say::tr("whether the control plane has taken it up is not known: %1").arg(why), home, scope.clock() };
    };
    const auto client = scope.world.cluster(home);
    if (!client)
        return core::fail(client.error());
    const auto listed = ops::ask(scope, scope.stop, Say::tr("look for replicas of the control plane"), home, [&](std::stop_token stop) {
        return (*client)->list(kube::kinds::pods, secret.target.ns, QStringLiteral("app=istiod"), std::move(stop));
    });
    if (!listed)
        return unknown(Say::tr("it takes the right to list pods in %1 of %2 (%3)").arg(secret.target.ns, home, listed.error().answer));
    QStringList pods, words;
    for (const QJsonObject &object : listed->items)
        if (const PodSeen pod = decodePod(object); pod.isReady)
            pods << pod.name;
    if (pods.isEmpty())
        return unknown(Say::tr("no replica of it is ready in %1 of %2").arg(secret.target.ns, home));
    std::optional<Error> silent;
    const auto begun = std::chrono::steady_clock::now();
    const QString pending
        = wanted ? Say::tr("not every replica has read %1").arg(secret.cluster) : Say::tr("a replica still reads %1").arg(secret.cluster);
    const auto waited = poll(scope, { tried, secret.mesh, pending }, [&]() -> Result<bool> {
        words.clear();
        bool isDone = true;
        for (const QString &pod : std::as_const(pods)) {
            const auto word = wordOf(secret, pod, **client, scope);
            if (!word) {
                silent = word.error();
                return true;
            }
            words << pod + u' ' + *word;
            // A word of before the Secret was there stands for a moment.
            if (wanted && *word == u"timeout" && std::chrono::steady_clock::now() - begun > remoteTimeout)
                return core::fail(ErrorKind::Precondition, tried, secret.mesh,
                    Say::tr("%1 has waited for %2 in vain (“timeout”)").arg(pod, secret.cluster),
                    Say::tr(
                        "Is the address right that its pods reach, and does the network let them through? The environment file says it as meshServer of the cluster."));
            isDone = isDone && *word == (wanted ? QStringLiteral("synced") : QStringLiteral("absent"));
        }
        note(scope, words.join(QStringLiteral(", ")));
        return isDone;
    });
    if (!waited)
        return core::fail(waited.error());
    if (silent)
        return silent->kind == ErrorKind::Cancelled
            ? Result<Evidence>(core::fail(*silent))
            : unknown(Say::tr("asking a replica takes the right to get and create pods/exec in %1 of %2 (%3)")
                          .arg(secret.target.ns, home, silent->answer));
    return Evidence { words.join(QStringLiteral(", ")), Say::tr("/debug/clusterz of %1 in %2").arg(pods.join(QStringLiteral(", ")), home),
        scope.clock() };
}

} // namespace catamaran::mesh::istio
