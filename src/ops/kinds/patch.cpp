// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ops/kinds/patch.h"

#include "ops/kinds/faultmark.h"
#include "ops/kinds/typedkind.h"
#include "ops/say.h"

namespace catamaran::ops {

using core::ErrorKind;
using core::Result;

namespace {

struct Arguments {
    Target target;
    QJsonObject patch;
    bool takesForeign = false;

    /// Giving a fault up: then its mark keeps nobody off.
    [[nodiscard]] bool takesMarkOff() const { return patch[u"metadata"][u"annotations"].toObject().value(faultAnnotation).isNull(); }
};

/// The patch that gives the fields of @p patch the values that they have in @p object: null where they are not there.
QJsonObject present(const QJsonObject &object, const QJsonObject &patch)
{
    QJsonObject values;
    for (auto it = patch.begin(); it != patch.end(); ++it) {
        const QJsonValue value = object.value(it.key());
        if (it.value().isObject())
            values.insert(it.key(), present(value.toObject(), it.value().toObject()));
        else
            values.insert(it.key(), value.isUndefined() ? QJsonValue(QJsonValue::Null) : value);
    }
    return values;
}

/// The first field of @p patch that may not be in it; empty: all may.
QString refusedField(const QJsonObject &patch, const QString &path = {})
{
    for (auto it = patch.begin(); it != patch.end(); ++it) {
        const QString field = path.isEmpty() ? it.key() : path + u'.' + it.key();
        static const QStringList identity { QStringLiteral("apiVersion"), QStringLiteral("kind"), QStringLiteral("status") };
        if ((path.isEmpty() && identity.contains(it.key())) || (path == u"metadata" && it.key() != u"labels" && it.key() != u"annotations"))
            return field;
        if (path.isEmpty() && it.key() == u"metadata" && !it.value().isObject())
            return field;
        if (it.value().isObject()) {
            if (it.value().toObject().isEmpty())
                return field;
            if (const QString inner = refusedField(it.value().toObject(), field); !inner.isEmpty())
                return inner;
        }
    }
    return {};
}

Result<Arguments> parsed(const QString &operation, const QJsonObject &given)
{
    const auto target = Target::read(operation, given, { u"patch", u"foreign" });
    if (!target)
        return core::fail(target.error());
    if (target->kindName == u"Secret")
        return core::fail(
            badArgument(operation, QStringLiteral("kind"), Say::tr("a Secret's data is no argument: it would be written down")));
    if (!given.value(u"patch").isObject() || given.value(u"patch").toObject().isEmpty())
        return core::fail(badArgument(operation, QStringLiteral("patch"), Say::tr("names no field")));
    const QJsonObject patch = given.value(u"patch").toObject();
    if (const QString field = refusedField(patch); !field.isEmpty())
        return core::fail(badArgument(operation, QStringLiteral("patch.") + field,
            Say::tr("cannot be patched: it is empty, or belongs to the object's identity or status")));
    return takesForeign(operation, given).map([&](bool takes) { return Arguments { *target, patch, takes }; });
}

class KubePatch final : public TypedKind<Arguments> {
public:
    [[nodiscard]] QString name() const override { return QStringLiteral("kube.patch"); }

protected:
    [[nodiscard]] Result<Arguments> read(const QJsonObject &given) const override { return parsed(name(), given); }
    [[nodiscard]] Description words(const Arguments &arguments, const Names &names) const override;
    [[nodiscard]] QList<Right> needs(const Arguments &arguments, Direction direction) const override;
    [[nodiscard]] bool isDone(const Arguments &arguments, const State &now) const override;
    [[nodiscard]] bool isSame(const State &a, const State &b) const override;
    [[nodiscard]] Result<State> see(const Arguments &arguments, Scope &scope) const override;
    [[nodiscard]] Result<Receipt> change(const Arguments &arguments, const State &before, Scope &scope) const override;
    [[nodiscard]] Result<Evidence> proof(const Arguments &arguments, Scope &scope) const override;
    [[nodiscard]] Result<Evidence> takeBack(const Arguments &arguments, const State &before, const State &now, Scope &scope) const override;
};

} // namespace

Description KubePatch::words(const Arguments &arguments, const Names &names) const
{
    const Target &target = arguments.target;
    Description said;
    said.title = Say::tr("Change %1 in %2").arg(target.words(), target.cluster);
    said.subject = target.subject();
    said.calls = { { target.cluster, QStringLiteral("PATCH ") + target.path(), compact(arguments.patch) } };
    said.command = kubectlWith(names, target.cluster,
        target.byHand(QStringLiteral("patch")) + QStringLiteral(" --type=merge --patch-file=/dev/stdin"), arguments.patch);
    said.undo = kubectl(names, target.cluster, target.byHand(QStringLiteral("edit"))); // to what it was: not known before it is looked at
    return said;
}

QList<Right> KubePatch::needs(const Arguments &arguments, Direction) const
{
    return rightsOn(arguments.target, { QStringLiteral("patch") }) + rightsOn(arguments.target, seeing);
}

bool KubePatch::isDone(const Arguments &arguments, const State &now) const
{
    return now.value.value(u"exists").toBool()
        && (now.value.value(u"inPlace").toBool() || now.value.value(u"fields").toObject() == arguments.patch);
}

bool KubePatch::isSame(const State &a, const State &b) const
{
    const auto part = [](const State &state) {
        QJsonObject value = state.value;
        for (const char *loose : { "inPlace", "foreign" }) // the first follows from the rest
            value.remove(QLatin1StringView(loose));
        return value;
    };
    return part(a) == part(b);
}

Result<State> KubePatch::see(const Arguments &arguments, Scope &scope) const
{
    return seen(arguments.target, scope, [&](const QJsonObject &object, State &state) {
        const QJsonObject fields = present(object, arguments.patch);
        state.value.insert(QStringLiteral("fields"), fields);
        tellForeign(object, state);
        if (const QString mark = markTextOf(object); !mark.isEmpty() && !arguments.takesMarkOff())
            state.value.insert(QStringLiteral("mark"), mark);
        if (fields == arguments.patch)
            return;
        // The server may write a value in another form ("0.5" as "500m"): would patching change anything? One that cannot tell says no.
        kube::Write dry = mergePatch(arguments.patch, state.version);
        dry.dryRun = true;
        if (const auto made = send(arguments.target, dry, scope); made && present(made->object, arguments.patch) == fields)
            state.value.insert(QStringLiteral("inPlace"), true);
    });
}

Result<Receipt> KubePatch::change(const Arguments &arguments, const State &before, Scope &scope) const
{
    const Target &target = arguments.target;
    const QString tried = words(arguments, {}).title;
    if (!before.value.value(u"exists").toBool())
        return core::fail(
            ErrorKind::NotFound, tried, target.subject(), Say::tr("there is no %1 in %2").arg(target.words(), target.place()));
    if (auto error = arguments.takesForeign ? std::nullopt : foreignIn(tried, target, before))
        return core::fail(*error);
    if (auto error = faultError(tried, target, before.value.value(u"mark").toString(), scope))
        return core::fail(*error);
    return sendAsSeen(arguments, before, scope, [&](const State &now) {
        return mergePatch(arguments.patch, now.version);
    }).map([](const kube::Written &written) {
        return Receipt { Say::tr("changed, version %1").arg(versionOf(written.object)), written.requestId };
    });
}

Result<Evidence> KubePatch::proof(const Arguments &arguments, Scope &scope) const
{
    const QString tried = Say::tr("see the change of %1 taken up").arg(arguments.target.words());
    auto evidence = proven(arguments.target, tried, kube::conditions::observed(), scope);
    if (!evidence)
        return evidence;
    const auto now = see(arguments, scope);
    if (!now)
        return core::fail(now.error());
    if (!isDone(arguments, *now))
        return core::fail(ErrorKind::Precondition, tried, arguments.target.subject(),
            Say::tr("somebody else has changed it since: %1").arg(compact(now->value.value(u"fields").toObject()).left(500)));
    evidence->text = Say::tr("its fields are as asked for: %1").arg(compact(now->value.value(u"fields").toObject()).left(500));
    return evidence;
}

Result<Evidence> KubePatch::takeBack(const Arguments &arguments, const State &before, const State &now, Scope &scope) const
{
    const Target &target = arguments.target;
    const QString tried = Say::tr("give %1 in %2 its former values").arg(target.words(), target.cluster);
    if (before.value.value(u"uid") != now.value.value(u"uid") || !before.value.value(u"exists").toBool())
        return core::fail(ErrorKind::Precondition, tried, target.subject(), Say::tr("it is another object now"));
    const QJsonObject former = before.value.value(u"fields").toObject();
    if (!isSame(before, now)) {
        const auto written = sendAsSeen(arguments, now, scope, [&](const State &seen) { return mergePatch(former, seen.version); });
        if (!written)
            return core::fail(written.error());
        if (present(written->object, former) != former)
            return core::fail(
                ErrorKind::Protocol, tried, target.subject(), Say::tr("the server accepted the former values and shows others"));
    }
    auto evidence = proven(target, tried, kube::conditions::observed(), scope);
    if (evidence)
        evidence->text = Say::tr("its fields are as they were: %1").arg(compact(former).left(500));
    return evidence;
}

std::unique_ptr<const Kind> makeKubePatch()
{
    return std::make_unique<KubePatch>();
}

} // namespace catamaran::ops
