// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ops/kinds/apply.h"

#include "ops/kinds/faultmark.h"
#include "ops/kinds/removal.h"
#include "ops/kinds/typedkind.h"
#include "ops/say.h"

#include <algorithm>

namespace catamaran::ops {

using core::Error;
using core::ErrorKind;
using core::Result;

namespace {

struct Arguments {
    Target target;
    QJsonObject object; ///< as it is sent
    Foreign foreign = Foreign::Refuse;
    bool onlyIfMissing = false;
    bool mark = false;
    bool takeFields = false;
};

/// Servers keep no manager of an object without a field (a bare ServiceAccount): it gets the label of who manages it, so that
/// whose it is can be seen.
QJsonObject marked(QJsonObject object)
{
    QJsonObject metadata = metadataOf(object);
    const auto isEmpty = [](const QJsonValue &value) { return value.isUndefined() || (value.isObject() && value.toObject().isEmpty()); };
    if (object.size() > 3 || !isEmpty(metadata.value(u"labels")) || !isEmpty(metadata.value(u"annotations")))
        return object;
    metadata.insert(QStringLiteral("labels"), QJsonObject { { QStringLiteral("app.kubernetes.io/managed-by"), fieldManager } });
    object.insert(QStringLiteral("metadata"), metadata);
    return object;
}

Result<Arguments> parsed(const QString &operation, const QJsonObject &given)
{
    for (auto it = given.begin(); it != given.end(); ++it) {
        static const QStringList known { QStringLiteral("cluster"), QStringLiteral("object"), QStringLiteral("foreign"),
            QStringLiteral("onlyIfMissing"), QStringLiteral("mark"), QStringLiteral("takeFields") };
        if (!known.contains(it.key()))
            return core::fail(badArgument(operation, it.key(), Say::tr("is not known")));
    }
    if (!given.value(u"object").isObject())
        return core::fail(badArgument(operation, QStringLiteral("object"), Say::tr("is missing")));
    const QJsonObject object = given.value(u"object").toObject();
    const auto target = Target::of(operation, given.value(u"cluster").toString(), object);
    if (!target)
        return core::fail(target.error());
    if (target->kindName == u"Secret")
        return core::fail(
            badArgument(operation, QStringLiteral("object"), Say::tr("a Secret's data is no argument: it would be written down")));
    const QJsonObject metadata = metadataOf(object);
    for (auto it = metadata.begin(); it != metadata.end(); ++it) {
        static const QStringList wished { QStringLiteral("name"), QStringLiteral("namespace"), QStringLiteral("labels"),
            QStringLiteral("annotations"), QStringLiteral("finalizers") };
        if (!wished.contains(it.key()))
            return core::fail(badArgument(operation, QStringLiteral("object.metadata.") + it.key(), Say::tr("is for the server to say")));
    }
    if (object.contains(u"status"))
        return core::fail(badArgument(operation, QStringLiteral("object.status"), Say::tr("is for the server to say")));
    const auto foreign = foreignOf(operation, given);
    if (!foreign)
        return core::fail(foreign.error());
    const auto onlyIfMissing = flag(operation, given, QStringLiteral("onlyIfMissing"));
    if (!onlyIfMissing)
        return core::fail(onlyIfMissing.error());
    const auto mark = flag(operation, given, QStringLiteral("mark"));
    if (!mark)
        return core::fail(mark.error());
    if (*mark && (*foreign != Foreign::Refuse || *onlyIfMissing))
        return core::fail(badArgument(operation, QStringLiteral("mark"), Say::tr("a fault makes what is not there, and nothing else")));
    const auto takeFields = flag(operation, given, QStringLiteral("takeFields"));
    if (!takeFields)
        return core::fail(takeFields.error());
    return Arguments { *target, *mark ? object : marked(object), *foreign, *onlyIfMissing, *mark, *takeFields };
}

/// @p object with a fault's mark.
QJsonObject withMark(QJsonObject object, const QString &text)
{
    QJsonObject metadata = metadataOf(object);
    QJsonObject annotations = metadata.value(u"annotations").toObject();
    annotations.insert(faultAnnotation, text);
    metadata.insert(QStringLiteral("annotations"), annotations);
    object.insert(QStringLiteral("metadata"), metadata);
    return object;
}

kube::Write writeOf(const QJsonObject &object, const State &state)
{
    kube::Write write;
    write.how = kube::Write::How::Apply;
    write.body = object;
    write.uid = state.value.value(u"uid").toString();
    write.resourceVersion = state.version;
    return write;
}

/// Whether every field in the way is our own, set by another call of ours.
bool isOwnConflict(const Error &error)
{
    return !error.conflicts.isEmpty() && std::all_of(error.conflicts.begin(), error.conflicts.end(), [](const core::HeldField &one) {
        return one.manager == fieldManager;
    });
}

/// What makes no difference between two answers about an object.
QJsonObject compared(const QJsonObject &object)
{
    QJsonObject rest = object;
    QJsonObject metadata = metadataOf(object);
    for (const char *own : { "managedFields", "resourceVersion", "generation" })
        metadata.remove(QLatin1StringView(own));
    rest.insert(QStringLiteral("metadata"), metadata);
    rest.remove(QStringLiteral("status"));
    return rest;
}

QJsonObject objectIn(const State &state)
{
    return state.value.value(u"object").toObject();
}

Error explained(Error error)
{
    if (error.kind != ErrorKind::Conflict || error.conflicts.isEmpty())
        return error;
    error.remedy = Say::tr("Somebody else owns that field: undo their change, or apply it by hand with --force-conflicts.");
    return error;
}

/// Sends it, and once more with force when only our own other calls are in the way, or others' fields are to be taken.
Result<kube::Written> applied(const Target &target, const QJsonObject &object, const State &state, bool takeFields, Scope &scope)
{
    kube::Write write = writeOf(object, state);
    const auto written = send(target, write, scope);
    if (written || !(isOwnConflict(written.error()) || (takeFields && !written.error().conflicts.isEmpty())))
        return written;
    write.force = true; // under the version that was seen: no other field can be meant
    return send(target, write, scope);
}

class KubeApply final : public TypedKind<Arguments> {
public:
    [[nodiscard]] QString name() const override { return QStringLiteral("kube.apply"); }

protected:
    [[nodiscard]] Result<Arguments> read(const QJsonObject &given) const override { return parsed(name(), given); }
    [[nodiscard]] Description words(const Arguments &arguments, const Names &names) const override;
    [[nodiscard]] QList<Right> needs(const Arguments &arguments, Direction direction) const override;
    [[nodiscard]] bool isDone(const Arguments &arguments, const State &now) const override;
    [[nodiscard]] bool isLeft(const Arguments &arguments, const State &now) const;
    [[nodiscard]] QString whyDone(const Arguments &arguments, const State &now, const Names &names) const override;
    [[nodiscard]] bool isSame(const State &a, const State &b) const override;
    [[nodiscard]] Result<State> see(const Arguments &arguments, Scope &scope) const override;
    [[nodiscard]] Result<Receipt> change(const Arguments &arguments, const State &before, Scope &scope) const override;
    [[nodiscard]] Result<Evidence> proof(const Arguments &arguments, Scope &scope) const override;
    [[nodiscard]] Result<Evidence> takeBack(const Arguments &arguments, const State &before, const State &now, Scope &scope) const override;
};

} // namespace

Description KubeApply::words(const Arguments &arguments, const Names &names) const
{
    const Target &target = arguments.target;
    Description said;
    said.title = arguments.onlyIfMissing ? Say::tr("Make %1 in %2, where it is missing").arg(target.words(), target.cluster)
                                         : Say::tr("Apply %1 in %2").arg(target.words(), target.cluster);
    said.subject = target.subject();
    said.calls = { { target.cluster, QStringLiteral("PATCH ") + target.path(),
        compact(arguments.mark ? withMark(arguments.object, Say::tr("(the execution, and that it made this)")) : arguments.object) } };
    said.command = kubectlWith(
        names, target.cluster, QStringLiteral("apply --server-side --field-manager %1 -f -").arg(fieldManager), arguments.object);
    said.undo = kubectl(names, target.cluster, target.byHand(QStringLiteral("delete"))); // of one that was made
    said.usualSeconds = target.kindName == u"Deployment" || target.kindName == u"StatefulSet" ? 20 : 5;
    return said;
}

QList<Right> KubeApply::needs(const Arguments &arguments, Direction direction) const
{
    const Target &target = arguments.target;
    QList<Right> rights
        = rightsOn(target, { QStringLiteral("patch"), direction == Direction::Do ? QStringLiteral("create") : QStringLiteral("delete") })
        + rightsOn(target, seeing);
    if (direction == Direction::Undo)
        rights += rightsToEmpty(target);
    return rights;
}

bool KubeApply::isDone(const Arguments &arguments, const State &now) const
{
    if (arguments.onlyIfMissing || isLeft(arguments, now))
        return now.value.value(u"exists").toBool() && !now.value.value(u"going").toBool();
    return now.value.value(u"inPlace").toBool();
}

bool KubeApply::isLeft(const Arguments &arguments, const State &now) const
{
    return arguments.foreign == Foreign::Leave && now.value.value(u"exists").toBool() && !now.value.value(u"ours").toBool();
}

QString KubeApply::whyDone(const Arguments &arguments, const State &now, const Names &) const
{
    return isLeft(arguments, now) ? Say::tr("left as it is: it belongs to %1").arg(managersOf(objectIn(now))) : QString();
}

bool KubeApply::isSame(const State &a, const State &b) const
{
    for (const char *member : { "exists", "uid", "going" }) {
        if (a.value.value(QLatin1StringView(member)) != b.value.value(QLatin1StringView(member)))
            return false;
    }
    // Others may change what is theirs.
    kube::FieldSet ours = kube::fieldsOf(objectIn(a), fieldManager);
    ours.merge(kube::fieldsOf(objectIn(b), fieldManager));
    return kube::restrictedTo(objectIn(a), ours) == kube::restrictedTo(objectIn(b), ours);
}

Result<State> KubeApply::see(const Arguments &arguments, Scope &scope) const
{
    const auto object = readObject(arguments.target, scope);
    if (!object)
        return core::fail(object.error());
    State state { presence(*object), {} };
    if (!*object)
        return state;
    state.version = versionOf(**object);
    state.value.insert(QStringLiteral("object"), kept(**object));
    state.value.insert(QStringLiteral("ours"), kube::isAppliedBy(**object, fieldManager));
    if (!kube::isAppliedBy(**object, fieldManager) || isGoing(**object) || arguments.onlyIfMissing)
        return state;
    const QString mark = markTextOf(**object);
    const QJsonObject wished = arguments.mark && !mark.isEmpty() ? withMark(arguments.object, mark) : arguments.object;
    kube::Write dry = writeOf(wished, {}); // a status that is written meanwhile is no difference
    dry.dryRun = true;
    const auto made = send(arguments.target, dry, scope);
    // A refusal is for the act to meet; a conflict says that not all is in place.
    const bool inPlace = made && compared(made->object) == compared(**object)
        && kube::fieldsAppliedBy(made->object, fieldManager) == kube::fieldsAppliedBy(**object, fieldManager);
    state.value.insert(QStringLiteral("inPlace"), inPlace);
    return state;
}

Result<Receipt> KubeApply::change(const Arguments &arguments, const State &before, Scope &scope) const
{
    const Target &target = arguments.target;
    const QString tried = words(arguments, {}).title;
    State seen = before;
    if (seen.value.value(u"going").toBool()) { // one that is being deleted has to be gone first
        const auto gone = proven(target, Say::tr("wait until the former %1 is gone").arg(target.words()),
            kube::conditions::gone(seen.value.value(u"uid").toString()), scope);
        if (!gone) {
            Error error = gone.error(); // nothing was sent: the outcome is known
            if (error.kind == ErrorKind::Timeout || error.kind == ErrorKind::Network || error.kind == ErrorKind::Server)
                error.kind = ErrorKind::Precondition;
            return core::fail(error);
        }
        seen = State { presence(std::nullopt), {} };
    }
    const bool isNew = !seen.value.value(u"exists").toBool();
    if (!isNew && !seen.value.value(u"ours").toBool() && arguments.foreign != Foreign::Take)
        return core::fail(
            foreignError(tried, target, Say::tr("it is there and was not applied by Catamaran, but by %1").arg(managersOf(objectIn(seen))),
                Say::tr("Somebody else's object is not changed unless that is asked for: rename yours, or allow it for this object.")));
    if (auto error = isNew ? std::nullopt : faultError(tried, target, markTextOf(objectIn(seen)), scope))
        return core::fail(*error);
    if (!isNew && arguments.mark)
        return core::fail(ErrorKind::Precondition, tried, target.subject(), Say::tr("somebody has made it meanwhile"),
            Say::tr("Look at it, and try again."));
    if (arguments.mark && scope.execution.isEmpty())
        return core::fail(ErrorKind::Internal, tried, target.subject(), Say::tr("a fault has no execution to be marked with"));
    if (isNew) {
        const QJsonObject made = arguments.mark ? withMark(arguments.object,
                                     FaultMark { scope.execution, scope.step, {}, {}, scope.name, scope.clock(), Owner::self() }.toText())
                                                : arguments.object;
        const auto written = send(target, writeOf(made, {}), scope);
        if (!written)
            return core::fail(explained(written.error()));
        const QString others = kube::otherManagers(written->object, fieldManager).join(QStringLiteral(", "));
        if (written->isCreated || others.isEmpty() || arguments.foreign == Foreign::Take)
            return Receipt { written->isCreated ? Say::tr("made") : Say::tr("applied, version %1").arg(versionOf(written->object)),
                written->requestId };
        // Somebody made it between the look and this: the API cannot be asked to apply only where nothing is. What was added
        // to theirs is taken off again.
        (void)send(target, writeOf(target.identified({}), {}), scope);
        return core::fail(ErrorKind::Conflict, tried, target.subject(), Say::tr("somebody else has made it meanwhile: %1").arg(others),
            Say::tr("Look at it, and try again."));
    }
    const auto written = asSeen(sight(arguments, scope), seen,
        [&](const State &now) { return applied(target, arguments.object, now, arguments.takeFields, scope); });
    if (!written)
        return core::fail(explained(written.error()));
    return Receipt { Say::tr("applied, version %1").arg(versionOf(written->object)), written->requestId };
}

Result<Evidence> KubeApply::proof(const Arguments &arguments, Scope &scope) const
{
    const Target &target = arguments.target;
    const bool hasPods = target.kindName == u"Deployment" || target.kindName == u"StatefulSet";
    return proven(target, hasPods ? Say::tr("see the pods of %1 ready").arg(target.name) : Say::tr("see %1").arg(target.words()),
        hasPods ? kube::conditions::rolledOut() : kube::conditions::exists(), scope, hasPods);
}

Result<Evidence> KubeApply::takeBack(const Arguments &arguments, const State &before, const State &now, Scope &scope) const
{
    const Target &target = arguments.target;
    if (!before.value.value(u"exists").toBool() || before.value.value(u"going").toBool()) { // it was made
        const auto told = removed(sight(arguments, scope), target, now, scope);
        if (!told)
            return core::fail(told.error());
        return proven(
            target, Say::tr("see %1 gone").arg(target.words()), kube::conditions::gone(now.value.value(u"uid").toString()), scope);
    }
    const QString tried = Say::tr("give %1 in %2 its former values").arg(target.words(), target.cluster);
    if (before.value.value(u"uid") != now.value.value(u"uid"))
        return core::fail(ErrorKind::Precondition, tried, target.subject(), Say::tr("it is another object now"));
    kube::FieldSet fields = kube::fieldsOf(objectIn(before), fieldManager);
    fields.merge(kube::fieldsOf(objectIn(now), fieldManager));
    const kube::FieldSet stillOthers = kube::fieldsOfOthers(objectIn(now), fieldManager);
    for (const QStringList &path : kube::fieldsOfOthers(objectIn(before), fieldManager))
        if (stillOthers.contains(path)) // what was taken from them is ours to give back
            fields.erase(path);
    const QJsonObject former = target.identified(kube::restrictedTo(objectIn(before), fields));
    const auto written
        = asSeen(sight(arguments, scope), now, [&](const State &seen) { return applied(target, former, seen, false, scope); });
    if (!written)
        return core::fail(explained(written.error()));
    auto evidence = proven(target, tried, kube::conditions::observed(), scope);
    if (!evidence)
        return evidence;
    const auto seen = see(arguments, scope);
    if (!seen)
        return core::fail(seen.error());
    if (!isSame(before, *seen))
        return core::fail(ErrorKind::Protocol, tried, target.subject(), Say::tr("the server accepted the former values and shows others"));
    evidence->text = Say::tr("the fields that were applied are as they were");
    return evidence;
}

std::unique_ptr<const Kind> makeKubeApply()
{
    return std::make_unique<KubeApply>();
}

} // namespace catamaran::ops
