// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ops/kinds/scale.h"

#include "kube/deploymentstatus.h"
#include "ops/kinds/faultmark.h"
#include "ops/kinds/typedkind.h"
#include "ops/say.h"

namespace catamaran::ops {

using core::ErrorKind;
using core::Result;

namespace {

constexpr int mostReplicas = 1000000;

struct Arguments {
    Target target;
    int replicas = 0;
    bool mark = false;
    bool takesForeign = false;
    std::optional<int> previous;
};

Result<int> numberOf(const QString &operation, const QJsonObject &arguments, const QString &name)
{
    const QJsonValue value = arguments.value(name);
    const double number = value.toDouble(-1);
    if (!value.isDouble() || number != int(number) || number < 0 || number > mostReplicas)
        return core::fail(badArgument(operation, name,
            value.isUndefined() ? Say::tr("is missing") : Say::tr("is not a whole number from 0 to %1").arg(mostReplicas)));
    return int(number);
}

Result<Arguments> parsed(const QString &operation, const QJsonObject &given)
{
    const auto target = scaledTarget(operation, given);
    if (!target)
        return core::fail(target.error());
    if (target->kindName != u"Deployment" && target->kindName != u"StatefulSet")
        return core::fail(badArgument(
            operation, QStringLiteral("kind"), Say::tr("a %1 is not scaled, a Deployment or a StatefulSet is").arg(target->kindName)));
    const auto replicas = numberOf(operation, given, QStringLiteral("replicas"));
    if (!replicas)
        return core::fail(replicas.error());
    const auto mark = flag(operation, given, QStringLiteral("mark"));
    if (!mark)
        return core::fail(mark.error());
    const auto takes = takesForeign(operation, given);
    if (!takes)
        return core::fail(takes.error());
    Arguments arguments { *target, *replicas, *mark, *takes, {} };
    if (given.contains(u"previous")) {
        const auto previous = numberOf(operation, given, QStringLiteral("previous"));
        if (!previous)
            return core::fail(previous.error());
        arguments.previous = *previous;
    }
    return arguments;
}

QJsonObject wish(int replicas)
{
    return { { QStringLiteral("spec"), QJsonObject { { QStringLiteral("replicas"), replicas } } } };
}

/// @p mark a text, or null to take it off.
QJsonObject markedWish(int replicas, const QJsonValue &mark)
{
    QJsonObject body = wish(replicas);
    body.insert(QStringLiteral("metadata"), QJsonObject { { QStringLiteral("annotations"), QJsonObject { { faultAnnotation, mark } } } });
    return body;
}

kube::Write patchOf(const Arguments &arguments, const QJsonObject &body, const QString &version)
{
    kube::Write write = mergePatch(body, version);
    if (!arguments.mark)
        write.subresource = QStringLiteral("scale");
    return write;
}

QString markText(const State &state)
{
    return state.value.value(u"mark").toString();
}

std::optional<FaultMark> markOf(const State &state)
{
    return readFaultMark(markText(state));
}

Receipt receiptOf(const kube::Written &written)
{
    return { Say::tr("spec.replicas is %1").arg(written.object.value(u"spec").toObject().value(u"replicas").toInt()), written.requestId };
}

class KubeScale final : public TypedKind<Arguments> {
public:
    [[nodiscard]] QString name() const override { return QStringLiteral("kube.scale"); }

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

Result<Target> scaledTarget(const QString &operation, const QJsonObject &given)
{
    if (given.contains(u"apiVersion"))
        return core::fail(badArgument(operation, QStringLiteral("apiVersion"), Say::tr("is not known")));
    QJsonObject whole = given;
    whole.insert(QStringLiteral("apiVersion"), QStringLiteral("apps/v1"));
    if (!given.contains(u"kind"))
        whole.insert(QStringLiteral("kind"), QStringLiteral("Deployment"));
    return Target::read(operation, whole, { u"replicas", u"mark", u"previous", u"foreign" });
}

Description KubeScale::words(const Arguments &arguments, const Names &names) const
{
    const Target &target = arguments.target;
    const auto scaled = [&](const QString &number) {
        return kubectl(names, target.cluster, target.byHand(QStringLiteral("scale")) + QStringLiteral(" --replicas=") + number);
    };
    Description said;
    said.title = Say::tr("Scale %1 in %2 to %3").arg(target.name, target.cluster).arg(arguments.replicas);
    said.subject = target.subject();
    const QJsonObject body = arguments.mark ? markedWish(arguments.replicas, Say::tr("(the execution, and the number that was there)"))
                                            : wish(arguments.replicas);
    said.calls = { { target.cluster, QStringLiteral("PATCH ") + target.path(arguments.mark ? QString() : QStringLiteral("scale")),
        compact(body) } };
    said.command = scaled(QString::number(arguments.replicas));
    said.undo = scaled(arguments.previous ? QString::number(*arguments.previous) : Say::tr("NUMBER-BEFORE"));
    if (arguments.mark)
        said.undo += u'\n' + kubectl(names, target.cluster, target.byHand(QStringLiteral("annotate")) + u' ' + faultAnnotation + u'-');
    return said;
}

QList<Right> KubeScale::needs(const Arguments &arguments, Direction) const
{
    return rightsOn(arguments.target, { QStringLiteral("patch") }, arguments.mark ? QString() : QStringLiteral("scale"))
        + rightsOn(arguments.target, seeing);
}

bool KubeScale::isDone(const Arguments &arguments, const State &now) const
{
    return now.value.value(u"replicas").toInt(-1) == arguments.replicas;
}

bool KubeScale::isSame(const State &a, const State &b) const
{
    const auto part = [](const State &state, bool withNumber) {
        QJsonObject value = state.value;
        for (const char *loose : { "ready", "foreign" }) // the first comes and goes by itself
            value.remove(QLatin1StringView(loose));
        if (!withNumber)
            value.remove(QStringLiteral("replicas"));
        return value;
    };
    if (part(a, true) == part(b, true))
        return true;
    // Whoever gave the number back under a fault has left its mark there, which is what remains to be taken back.
    const auto mark = markOf(a);
    const auto isBack = [&](const State &state) { return state.value.value(u"replicas").toInt(-1) == mark->replicas; };
    return mark && mark->replicas && (isBack(a) || isBack(b)) && part(a, false) == part(b, false);
}

Result<State> KubeScale::see(const Arguments &arguments, Scope &scope) const
{
    return seen(arguments.target, scope, [](const QJsonObject &object, State &state) {
        const kube::DeploymentStatus status = kube::deploymentStatus(object);
        state.value.insert(QStringLiteral("replicas"), status.desired);
        state.value.insert(QStringLiteral("ready"), status.isCurrent ? status.ready : 0);
        tellForeign(object, state);
        if (const QString mark = markTextOf(object); !mark.isEmpty())
            state.value.insert(QStringLiteral("mark"), mark);
    });
}

Result<Receipt> KubeScale::change(const Arguments &arguments, const State &before, Scope &scope) const
{
    const Target &target = arguments.target;
    const QString tried = words(arguments, {}).title;
    if (!before.value.value(u"exists").toBool())
        return core::fail(
            ErrorKind::NotFound, tried, target.subject(), Say::tr("there is no %1 in %2").arg(target.words(), target.place()));
    if (auto error = arguments.takesForeign ? std::nullopt : foreignIn(tried, target, before))
        return core::fail(*error);
    const FaultMark mark { scope.execution, scope.step, before.value.value(u"replicas").toInt(), arguments.replicas, scope.name,
        scope.clock(), Owner::self() };
    if (arguments.mark) {
        if (mark.execution.isEmpty())
            return core::fail(ErrorKind::Internal, tried, target.subject(), Say::tr("a fault has no execution to be marked with"));
        if (!markText(before).isEmpty())
            return core::fail(ErrorKind::Precondition, tried, target.subject(),
                Say::tr("it bears the mark of another fault already: %1").arg(markText(before).left(300)),
                Say::tr("Restore that drill first."));
    } else if (auto error = faultError(tried, target, markText(before), scope)) {
        return core::fail(*error);
    }
    const QJsonObject body = arguments.mark ? markedWish(arguments.replicas, mark.toText()) : wish(arguments.replicas);
    return sendAsSeen(arguments, before, scope, [&](const State &now) { return patchOf(arguments, body, now.version); }).map(receiptOf);
}

Result<Evidence> KubeScale::proof(const Arguments &arguments, Scope &scope) const
{
    return proven(arguments.target, Say::tr("see %1 with %2 pods").arg(arguments.target.name).arg(arguments.replicas),
        kube::conditions::scaledTo(arguments.replicas), scope, arguments.replicas > 0);
}

Result<Evidence> KubeScale::takeBack(const Arguments &arguments, const State &before, const State &now, Scope &scope) const
{
    const Target &target = arguments.target;
    const int replicas = before.value.value(u"replicas").toInt(-1), present = now.value.value(u"replicas").toInt(-1);
    const QString tried = Say::tr("scale %1 in %2 back to %3").arg(target.name, target.cluster).arg(replicas);
    if (replicas < 0)
        return core::fail(ErrorKind::Precondition, tried, target.subject(), Say::tr("it is not known how many replicas there were"));
    if (!isSame(before, now)) {
        const bool isOurs = !arguments.mark || markOf(now);
        const bool isKnown = present == arguments.replicas || (arguments.mark && present == replicas);
        if (!isKnown || before.value.value(u"uid") != now.value.value(u"uid") || !isOurs)
            return core::fail(ErrorKind::Precondition, tried, target.subject(),
                Say::tr("it is neither as it was (%1) nor as it was left (%2 replicas): %3")
                    .arg(compact(before.value))
                    .arg(arguments.replicas)
                    .arg(compact(now.value)),
                Say::tr("Somebody else has changed it: scale it by hand."));
        const QJsonObject body = arguments.mark ? markedWish(replicas, QJsonValue::Null) : wish(replicas);
        const auto written = sendAsSeen(arguments, now, scope, [&](const State &seen) { return patchOf(arguments, body, seen.version); });
        if (!written)
            return core::fail(written.error());
    }
    // What was not ready before need not become so now.
    const bool wasReady = before.value.value(u"ready").toInt() >= replicas;
    auto evidence = proven(
        target, tried, wasReady ? kube::conditions::scaledTo(replicas) : kube::conditions::observed(), scope, wasReady && replicas > 0);
    if (evidence && !wasReady)
        evidence->text = Say::tr("replicas %1; its pods were not all ready before either").arg(replicas);
    return evidence;
}

std::unique_ptr<const Kind> makeKubeScale()
{
    return std::make_unique<KubeScale>();
}

} // namespace catamaran::ops
