// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ops/kinds/delete.h"

#include "core/shellquoted.h"
#include "ops/kinds/namespacecontents.h"
#include "ops/kinds/removal.h"
#include "ops/kinds/typedkind.h"
#include "ops/say.h"

#include <QJsonArray>

namespace catamaran::ops {

using core::Error;
using core::ErrorKind;
using core::Result;

namespace {

struct Arguments {
    Target target;
    Foreign foreign = Foreign::Refuse;

    /// Why it cannot be taken back; empty: it can.
    [[nodiscard]] QString keeps() const
    {
        if (target.kindName == u"Secret")
            return Say::tr("A Secret's data is kept nowhere: it cannot be made again.");
        if (target.kindName == u"CustomResourceDefinition")
            return Say::tr("All objects of its kind go with it: they cannot be made again.");
        return {};
    }
};

Result<Arguments> parsed(const QString &operation, const QJsonObject &given)
{
    const auto target = Target::read(operation, given, { u"foreign" });
    if (!target)
        return core::fail(target.error());
    return foreignOf(operation, given).map([&](Foreign foreign) { return Arguments { *target, foreign }; });
}

QJsonObject objectIn(const State &state)
{
    return state.value.value(u"object").toObject();
}

/// What may stand in an object that is made anew. Owners had a uid that may not be there any more; an account's tokens are
/// made for it.
QJsonObject renewable(QJsonObject object)
{
    QJsonObject metadata = metadataOf(object);
    metadata.remove(QStringLiteral("ownerReferences"));
    metadata.remove(QStringLiteral("managedFields"));
    object.insert(QStringLiteral("metadata"), metadata);
    if (object.value(u"kind").toString() == u"ServiceAccount")
        object.remove(QStringLiteral("secrets"));
    return object;
}

/// Makes one object anew from what was kept of it.
Result<kube::Written> remade(const Target &target, const QJsonObject &keptObject, Scope &scope)
{
    kube::FieldSet others = kube::fieldsOfOthers(keptObject, fieldManager);
    kube::Write write;
    if (!kube::isAppliedBy(keptObject, fieldManager)) {
        // Of what nobody owns the server says what it should be (addresses, defaults).
        others.merge(kube::fieldsOf(keptObject, fieldManager));
        write.how = kube::Write::How::Create;
        write.body = target.identified(renewable(others.empty() ? keptObject : kube::restrictedTo(keptObject, others)));
        return send(target, write, scope);
    }
    const kube::FieldSet ours = kube::fieldsOf(keptObject, fieldManager);
    write.how = kube::Write::How::Apply;
    write.body = target.identified(renewable(kube::restrictedTo(keptObject, ours)));
    const auto made = send(target, write, scope);
    for (const QStringList &path : ours)
        others.erase(path);
    QJsonObject rest = renewable(kube::restrictedTo(keptObject, others));
    if (metadataOf(rest).isEmpty())
        rest.remove(QStringLiteral("metadata"));
    if (!made || rest.isEmpty())
        return made;
    kube::Write patch;
    patch.how = kube::Write::How::MergePatch;
    patch.body = rest;
    return send(target, patch, scope);
}

class KubeDelete final : public TypedKind<Arguments> {
public:
    [[nodiscard]] QString name() const override { return QStringLiteral("kube.delete"); }

protected:
    [[nodiscard]] Result<Arguments> read(const QJsonObject &given) const override { return parsed(name(), given); }
    [[nodiscard]] Description words(const Arguments &arguments, const Names &names) const override;
    [[nodiscard]] QList<Right> needs(const Arguments &arguments, Direction direction) const override;
    [[nodiscard]] bool isDone(const Arguments &arguments, const State &now) const override;
    /// Why it counts as done although it is there; empty: it does not.
    [[nodiscard]] QString whyLeft(const Arguments &arguments, const State &now) const;
    [[nodiscard]] QString whyDone(const Arguments &arguments, const State &now, const Names &names) const override;
    [[nodiscard]] bool isSame(const State &a, const State &b) const override;
    [[nodiscard]] Result<State> see(const Arguments &arguments, Scope &scope) const override;
    [[nodiscard]] Result<Receipt> change(const Arguments &arguments, const State &before, Scope &scope) const override;
    [[nodiscard]] Result<Evidence> proof(const Arguments &arguments, Scope &scope) const override;
    [[nodiscard]] Result<Evidence> takeBack(const Arguments &arguments, const State &before, const State &now, Scope &scope) const override;
};

} // namespace

Description KubeDelete::words(const Arguments &arguments, const Names &names) const
{
    const Target &target = arguments.target;
    Description said;
    said.title = Say::tr("Delete %1 from %2").arg(target.words(), target.cluster);
    said.subject = target.subject();
    said.calls = { { target.cluster, QStringLiteral("DELETE ") + target.path(), Say::tr("with the uid that was seen") } };
    said.command = kubectl(names, target.cluster, target.byHand(QStringLiteral("delete")));
    said.keeps = arguments.keeps();
    if (said.keeps.isEmpty()) {
        QStringList parts { target.kindName.toLower(), target.name, target.ns, target.cluster }; // a plan deletes more of one name
        parts.removeAll(QString());
        const QString file = core::shellQuoted(parts.join(u'-') + QStringLiteral(".yaml"));
        said.undo = Say::tr("# keep it first: %1")
                        .arg(kubectl(names, target.cluster, target.byHand(QStringLiteral("get")) + QStringLiteral(" -o yaml > ") + file))
            + u'\n' + kubectl(names, target.cluster, QStringLiteral("create -f ") + file);
    }
    said.usualSeconds = target.kind == kube::kinds::namespaces ? 20 : 10;
    return said;
}

QList<Right> KubeDelete::needs(const Arguments &arguments, Direction direction) const
{
    const Target &target = arguments.target;
    if (direction == Direction::Do)
        return rightsOn(target, { QStringLiteral("delete") }) + rightsOn(target, seeing) + rightsToEmpty(target);
    return arguments.keeps().isEmpty() ? rightsOn(target, { QStringLiteral("create"), QStringLiteral("patch") }) + rightsOn(target, seeing)
                                       : QList<Right>();
}

bool KubeDelete::isDone(const Arguments &arguments, const State &now) const
{
    return !now.value.value(u"exists").toBool() || !whyLeft(arguments, now).isEmpty();
}

QString KubeDelete::whyLeft(const Arguments &arguments, const State &now) const
{
    if (arguments.foreign != Foreign::Leave || !now.value.value(u"exists").toBool() || now.value.value(u"going").toBool())
        return {};
    if (!now.value.value(u"ours").toBool())
        return kube::otherManagers(objectIn(now), fieldManager).isEmpty() ? Say::tr("nothing on it tells whose it is")
                                                                          : Say::tr("it belongs to %1").arg(managersOf(objectIn(now)));
    QStringList others;
    const QJsonArray foreign = now.value.value(u"foreign").toArray();
    for (const QJsonValue &one : foreign)
        others.append(one.toString());
    return others.isEmpty() ? QString() : Say::tr("it holds what Catamaran has not applied: %1").arg(shortened(others));
}

QString KubeDelete::whyDone(const Arguments &arguments, const State &now, const Names &names) const
{
    const QString why = whyLeft(arguments, now);
    return why.isEmpty() ? QString()
                         : Say::tr("left as it is: %1 (if it may go: %2)")
                               .arg(why, kubectl(names, arguments.target.cluster, arguments.target.byHand(QStringLiteral("delete"))));
}

bool KubeDelete::isSame(const State &a, const State &b) const
{
    // Made anew it has another uid; and others may change what is theirs.
    for (const char *member : { "exists", "going", "ours" }) {
        if (a.value.value(QLatin1StringView(member)).toBool() != b.value.value(QLatin1StringView(member)).toBool())
            return false;
    }
    kube::FieldSet ours = kube::fieldsOf(objectIn(a), fieldManager);
    if (!a.value.value(u"ours").toBool())
        ours = kube::fieldsOfOthers(objectIn(a), fieldManager);
    return kube::restrictedTo(renewable(objectIn(a)), ours) == kube::restrictedTo(renewable(objectIn(b)), ours);
}

Result<State> KubeDelete::see(const Arguments &arguments, Scope &scope) const
{
    const Target &target = arguments.target;
    const auto object = readObject(target, scope);
    if (!object)
        return core::fail(object.error());
    State state { presence(*object), {} };
    if (!*object)
        return state;
    state.version = versionOf(**object);
    state.value.insert(QStringLiteral("ours"), kube::isAppliedBy(**object, fieldManager));
    state.value.insert(QStringLiteral("object"), kept(**object));
    const bool isLeft = !whyLeft(arguments, state).isEmpty(); // what is in it makes no difference any more
    if (target.kind == kube::kinds::namespaces && !isGoing(**object) && !isLeft) {
        const auto contents = contentsOf(target.cluster, target.name, scope);
        if (!contents)
            return core::fail(contents.error());
        QJsonArray objects;
        for (const QJsonObject &one : contents->ours)
            objects.append(one);
        state.value.insert(QStringLiteral("contents"), objects);
        if (!contents->foreign.isEmpty())
            state.value.insert(QStringLiteral("foreign"), QJsonArray::fromStringList(contents->foreign));
    }
    return state;
}

Result<Receipt> KubeDelete::change(const Arguments &arguments, const State &before, Scope &scope) const
{
    const Target &target = arguments.target;
    if (!before.value.value(u"ours").toBool() && arguments.foreign != Foreign::Take)
        return core::fail(foreignError(words(arguments, {}).title, target,
            Say::tr("it was not applied by Catamaran, but by %1").arg(managersOf(objectIn(before))),
            Say::tr("Somebody else's object is not deleted unless that is asked for: delete it by hand if it may go.")));
    QList<QJsonObject> going { objectIn(before) };
    const QJsonArray contents = before.value.value(u"contents").toArray();
    for (const QJsonValue &one : contents)
        going.append(one.toObject());
    for (const QJsonObject &one : std::as_const(going))
        if (auto error = faultError(words(arguments, {}).title, target, markTextOf(one), scope))
            return core::fail(*error);
    return removed(sight(arguments, scope), target, before, scope).map([](const kube::Written &written) {
        return Receipt { Say::tr("told to go"), written.requestId };
    });
}

Result<Evidence> KubeDelete::proof(const Arguments &arguments, Scope &scope) const
{
    if (arguments.foreign == Foreign::Leave) { // somebody's may stand there by now
        const auto now = see(arguments, scope);
        if (const QString why = now ? whyLeft(arguments, *now) : QString(); !why.isEmpty())
            return Evidence { Say::tr("left as it is: %1").arg(why),
                Say::tr("GET %1 on %2").arg(arguments.target.path(), arguments.target.cluster), scope.clock() };
    }
    return proven(arguments.target, Say::tr("see %1 gone").arg(arguments.target.words()), kube::conditions::absent(), scope);
}

Result<Evidence> KubeDelete::takeBack(const Arguments &arguments, const State &before, const State &now, Scope &scope) const
{
    const Target &target = arguments.target;
    const QString tried = Say::tr("make %1 in %2 again").arg(target.words(), target.cluster);
    if (const QString why = arguments.keeps(); !why.isEmpty())
        return core::fail(ErrorKind::Unsupported, tried, target.subject(), why);
    if (now.value.value(u"exists").toBool())
        return core::fail(ErrorKind::Precondition, tried, target.subject(), Say::tr("there is one already, made by somebody else"));
    if (!before.value.value(u"exists").toBool() || objectIn(before).isEmpty())
        return core::fail(ErrorKind::Precondition, tried, target.subject(), Say::tr("it is not known what there was"));
    const auto made = remade(target, objectIn(before), scope);
    if (!made)
        return core::fail(made.error());
    const QJsonArray contents = before.value.value(u"contents").toArray();
    for (const QJsonValue &value : contents) {
        const auto inside = Target::of(name(), target.cluster, value.toObject());
        if (!inside)
            return core::fail(inside.error());
        if (const auto again = remade(*inside, value.toObject(), scope); !again)
            return core::fail(again.error());
    }
    auto evidence = proven(target, tried, kube::conditions::exists(), scope);
    if (evidence)
        evidence->text = contents.isEmpty() ? Say::tr("there again, uid %1").arg(uidOf(made->object))
                                            : Say::tr("there again with %1 objects in it").arg(contents.size());
    return evidence;
}

std::unique_ptr<const Kind> makeKubeDelete()
{
    return std::make_unique<KubeDelete>();
}

} // namespace catamaran::ops
