// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ops/kinds/target.h"

#include "kube/resourceurl.h"
#include "ops/ask.h"
#include "ops/kinds/faultmark.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>

#include <algorithm>

namespace catamaran::ops {

using core::Error;
using core::ErrorKind;
using core::Result;

namespace {

constexpr int mostTries = 10; ///< against a status that is written again and again

bool matches(const QString &text, const QRegularExpression &expression)
{
    return expression.match(text, 0, QRegularExpression::NormalMatch, QRegularExpression::AnchorAtOffsetMatchOption).capturedLength()
        == text.size()
        && !text.isEmpty();
}

/// What servers take; narrow enough to stand in a shell's line as it is.
bool isName(const QString &text)
{
    static const QRegularExpression name(QStringLiteral("[A-Za-z0-9]([A-Za-z0-9._:-]{0,251}[A-Za-z0-9])?"));
    return matches(text, name);
}

bool isNamespace(const QString &text)
{
    static const QRegularExpression label(QStringLiteral("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"));
    return matches(text, label);
}

QString resource(const kube::ResourceKind &kind)
{
    return kind.group.isEmpty() ? kind.plural : kind.plural + u'.' + kind.group;
}

} // namespace

QString Target::words() const
{
    return kindName + u' ' + name;
}

QString Target::subject() const
{
    if (kind == kube::kinds::namespaces)
        return cluster + u'/' + name; // what is in it lies below
    return cluster + u'/' + (kind.namespaced ? ns + u'/' : QString()) + resource(kind) + u'/' + name;
}

QString Target::path(const QString &subresource) const
{
    return QString::fromLatin1(kube::resourcePath(kind, ns, name, subresource));
}

QString Target::place() const
{
    return kind.namespaced ? Say::tr("namespace %1 of %2").arg(ns, cluster) : cluster;
}

QString Target::byHand(const QString &verb) const
{
    return (kind.namespaced ? QStringLiteral("-n %1 ").arg(ns) : QString()) + verb + u' ' + resource(kind) + u'/' + name;
}

QJsonObject Target::identified(QJsonObject object) const
{
    QJsonObject metadata = metadataOf(object);
    metadata.insert(QStringLiteral("name"), name);
    if (kind.namespaced)
        metadata.insert(QStringLiteral("namespace"), ns);
    object.insert(QStringLiteral("apiVersion"), apiVersion);
    object.insert(QStringLiteral("kind"), kindName);
    object.insert(QStringLiteral("metadata"), metadata);
    return object;
}

Result<Target> Target::read(const QString &operation, const QJsonObject &arguments, std::initializer_list<QStringView> others)
{
    static const QStringList own { QStringLiteral("cluster"), QStringLiteral("apiVersion"), QStringLiteral("kind"),
        QStringLiteral("namespace"), QStringLiteral("name") };
    for (auto it = arguments.begin(); it != arguments.end(); ++it) {
        if (own.contains(it.key()) ? !it.value().isString()
                                   : std::find(others.begin(), others.end(), QStringView(it.key())) == others.end())
            return core::fail(
                badArgument(operation, it.key(), own.contains(it.key()) ? Say::tr("is not a text") : Say::tr("is not known")));
    }
    Target target;
    target.cluster = arguments.value(u"cluster").toString();
    target.apiVersion = arguments.value(u"apiVersion").toString();
    target.kindName = arguments.value(u"kind").toString();
    target.ns = arguments.value(u"namespace").toString();
    target.name = arguments.value(u"name").toString();
    if (target.cluster.isEmpty())
        return core::fail(badArgument(operation, own[0], Say::tr("is missing")));
    const auto kind = kube::kindOf(target.apiVersion, target.kindName);
    if (!kind)
        return core::fail(badArgument(operation, own[2],
            Say::tr("%1 (%2) is not a kind that is known here").arg(target.kindName.left(80), target.apiVersion.left(80))));
    target.kind = *kind;
    if (kind->namespaced ? !isNamespace(target.ns) : !target.ns.isEmpty())
        return core::fail(badArgument(operation, own[3],
            kind->namespaced ? Say::tr("“%1” is not a namespace").arg(target.ns.left(80))
                             : Say::tr("is not for a %1").arg(target.kindName)));
    if (!isName(target.name))
        return core::fail(badArgument(operation, own[4], Say::tr("“%1” is not a name").arg(target.name.left(80))));
    return target;
}

Result<Target> Target::of(const QString &operation, const QString &cluster, const QJsonObject &object)
{
    QJsonObject arguments { { QStringLiteral("cluster"), cluster }, { QStringLiteral("apiVersion"), object.value(u"apiVersion") },
        { QStringLiteral("kind"), object.value(u"kind") }, { QStringLiteral("name"), metadataOf(object).value(u"name") } };
    if (metadataOf(object).contains(u"namespace"))
        arguments.insert(QStringLiteral("namespace"), metadataOf(object).value(u"namespace"));
    return read(operation, arguments);
}

Error badArgument(const QString &operation, const QString &argument, const QString &answer)
{
    return Error::make(ErrorKind::InvalidInput, Say::tr("read an operation"), operation + u' ' + argument, answer);
}

Result<Foreign> foreignOf(const QString &operation, const QJsonObject &arguments)
{
    const QString name = QStringLiteral("foreign");
    const QJsonValue value = arguments.value(name);
    if (value.isUndefined() || value.toString() == u"refuse")
        return Foreign::Refuse;
    if (value.toString() == u"leave")
        return Foreign::Leave;
    if (value.toString() == u"take")
        return Foreign::Take;
    return core::fail(badArgument(operation, name, Say::tr("is neither “refuse” nor “leave” nor “take”")));
}

Error foreignError(const QString &tried, const Target &target, const QString &answer, const QString &remedy)
{
    Error error = Error::make(ErrorKind::Precondition, tried, target.subject(), answer, remedy);
    error.code = QStringLiteral("Foreign");
    return error;
}

Result<bool> takesForeign(const QString &operation, const QJsonObject &arguments)
{
    const auto foreign = foreignOf(operation, arguments);
    if (!foreign)
        return core::fail(foreign.error());
    if (*foreign == Foreign::Leave)
        return core::fail(badArgument(operation, QStringLiteral("foreign"), Say::tr("is neither “refuse” nor “take”")));
    return *foreign == Foreign::Take;
}

std::optional<Error> faultError(const QString &tried, const Target &target, const QString &mark, const Scope &scope)
{
    if (mark.isEmpty())
        return std::nullopt;
    const auto read = readFaultMark(mark);
    if (read && !scope.execution.isEmpty() && read->execution == scope.execution)
        return std::nullopt;
    const QString drill = !read || read->name.isEmpty() ? Say::tr("a drill") : Say::tr("the drill %1").arg(read->name);
    const QString since = read && read->at.isValid() ? Say::tr(" since %1").arg(read->at.toLocalTime().toString(Qt::ISODate)) : QString();
    Error error = Error::make(ErrorKind::Precondition, tried, target.subject(),
        Say::tr("%1 has broken it%2 and has not put it back: %3").arg(drill, since, mark.left(300)),
        Say::tr("Wait until that drill is over, or restore it (drill restore), and try again."));
    error.code = QStringLiteral("Unrestored");
    return error;
}

Result<bool> flag(const QString &operation, const QJsonObject &arguments, const QString &name)
{
    const QJsonValue value = arguments.value(name);
    if (!value.isUndefined() && !value.isBool())
        return core::fail(badArgument(operation, name, Say::tr("is neither true nor false")));
    return value.toBool();
}

QList<Right> rightsOn(const Target &target, const QStringList &verbs, const QString &subresource)
{
    QList<Right> rights;
    for (const QString &verb : verbs) // a creation has no name yet
        rights.append({ target.cluster,
            { verb, target.kind.group, target.kind.plural, subresource, target.ns, verb == u"create" ? QString() : target.name } });
    return rights;
}

QString kubectl(const Names &names, const QString &cluster, const QString &words)
{
    return (names.byHand ? names.byHand(cluster) : kube::ByHand()).line(words);
}

QString kubectlWith(const Names &names, const QString &cluster, const QString &words, const QJsonObject &object)
{
    return (names.byHand ? names.byHand(cluster) : kube::ByHand()).line(words, { object });
}

namespace {

/// Waits for one call; what is not answered at the deadline is not waited for any longer, nor sent again.
template <typename T>
Result<T> called(const Target &target, Scope &scope, const std::stop_token &stop,
    const std::function<QFuture<Result<T>>(kube::KubeClient &, std::stop_token)> &start)
{
    const auto client = scope.world.cluster(target.cluster);
    if (!client)
        return core::fail(client.error());
    return ask(scope, stop, Say::tr("work on %1").arg(target.words()), target.subject(),
        [&](std::stop_token ended) { return start(**client, std::move(ended)); });
}

} // namespace

Result<std::optional<QJsonObject>> readObject(const Target &target, Scope &scope)
{
    const auto object = called<QJsonObject>(target, scope, scope.stop,
        [&](kube::KubeClient &client, std::stop_token stop) { return client.get(target.kind, target.ns, target.name, std::move(stop)); });
    if (object)
        return std::optional(*object);
    if (object.error().kind == ErrorKind::NotFound && object.error().code == u"NotFound")
        return std::optional<QJsonObject>();
    return core::fail(object.error());
}

Result<State> seen(const Target &target, Scope &scope, const std::function<void(const QJsonObject &, State &)> &more)
{
    const auto object = readObject(target, scope);
    if (!object)
        return core::fail(object.error());
    State state { presence(*object), {} };
    if (!*object)
        return state;
    state.version = versionOf(**object);
    more(**object, state);
    return state;
}

kube::Write mergePatch(const QJsonObject &body, const QString &version)
{
    kube::Write write;
    write.how = kube::Write::How::MergePatch;
    write.body = body;
    write.resourceVersion = version;
    return write;
}

Result<kube::Written> send(const Target &target, kube::Write write, Scope &scope)
{
    write.kind = target.kind;
    write.ns = target.ns;
    write.name = target.name;
    write.fieldManager = fieldManager;
    return called<kube::Written>(
        target, scope, {}, [&](kube::KubeClient &client, std::stop_token stop) { return client.write(write, std::move(stop)); });
}

Result<Evidence> proven(const Target &target, const QString &tried, const kube::Condition &condition, Scope &scope, bool heedsPods)
{
    const auto client = scope.world.cluster(target.cluster);
    if (!client)
        return core::fail(client.error());
    kube::Patience patience { scope.deadline, scope.stop };
    patience.note = scope.note;
    patience.heedsPods = heedsPods;
    const auto seen = kube::until(**client, target.object(), tried, condition, patience);
    if (!seen)
        return core::fail(seen.error());
    return Evidence { seen->text, seen->source, scope.clock() };
}

Result<kube::Written> asSeen(const Sight &sight, const State &before, const std::function<Result<kube::Written>(const State &)> &change)
{
    State now = before;
    for (int tries = 1;; ++tries) {
        const auto written = change(now);
        if (written || written.error().kind != ErrorKind::Conflict || !written.error().conflicts.isEmpty())
            return written;
        const auto seen = sight.look();
        if (!seen || tries == mostTries)
            return written;
        if (!sight.same(before, *seen)) {
            Error error = written.error();
            error.answer = Say::tr("it was changed meanwhile: %1").arg(error.answer);
            return core::fail(error);
        }
        now = *seen;
    }
}

QJsonObject kept(const QJsonObject &object)
{
    QJsonObject rest = object;
    rest.remove(QStringLiteral("status"));
    if (object.value(u"kind").toString() == u"Secret") {
        rest.remove(QStringLiteral("data"));
        rest.remove(QStringLiteral("stringData"));
    }
    QJsonObject metadata = metadataOf(object);
    for (const char *own :
        { "uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "selfLink" })
        metadata.remove(QLatin1StringView(own));
    QJsonObject annotations = metadata.value(u"annotations").toObject();
    annotations.remove(QStringLiteral("kubectl.kubernetes.io/last-applied-configuration"));
    annotations.remove(QStringLiteral("deployment.kubernetes.io/revision")); // its controller counts by itself
    if (annotations.isEmpty())
        metadata.remove(QStringLiteral("annotations"));
    else
        metadata.insert(QStringLiteral("annotations"), annotations);
    QJsonArray entries;
    const QJsonArray managed = metadata.value(u"managedFields").toArray();
    for (const QJsonValue &value : managed) {
        QJsonObject entry = value.toObject();
        entry.remove(QStringLiteral("time"));
        if (entry.value(u"subresource").toString() != u"status")
            entries.append(entry);
    }
    metadata.insert(QStringLiteral("managedFields"), entries);
    rest.insert(QStringLiteral("metadata"), metadata);
    return rest;
}

QString managersOf(const QJsonObject &object)
{
    const QString others = kube::otherManagers(object, fieldManager).join(QStringLiteral(", "));
    return others.isEmpty() ? Say::tr("somebody unknown") : others;
}

void tellForeign(const QJsonObject &object, State &state)
{
    if (!kube::isAppliedBy(object, fieldManager))
        state.value.insert(QStringLiteral("foreign"), managersOf(object));
}

std::optional<Error> foreignIn(const QString &tried, const Target &target, const State &state)
{
    if (!state.value.contains(u"foreign"))
        return std::nullopt;
    return foreignError(tried, target, Say::tr("it was not applied by Catamaran, but by %1").arg(state.value.value(u"foreign").toString()),
        Say::tr("Somebody else's object is not changed unless that is asked for: change it by hand, or allow it for this object."));
}

QString markTextOf(const QJsonObject &object)
{
    return metadataOf(object).value(u"annotations").toObject().value(faultAnnotation).toString();
}

QJsonObject presence(const std::optional<QJsonObject> &object)
{
    if (!object)
        return { { QStringLiteral("exists"), false } };
    QJsonObject value { { QStringLiteral("exists"), true }, { QStringLiteral("uid"), uidOf(*object) } };
    if (isGoing(*object))
        value.insert(QStringLiteral("going"), true);
    return value;
}

} // namespace catamaran::ops
