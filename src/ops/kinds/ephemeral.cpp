// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ops/kinds/ephemeral.h"

#include "core/shellquoted.h"
#include "ops/kinds/typedkind.h"
#include "ops/say.h"

#include <QJsonArray>

#include <algorithm>

namespace catamaran::ops {

using core::ErrorKind;
using core::Result;

namespace {

const QString subresource = QStringLiteral("ephemeralcontainers");
constexpr int longestSeconds = 3600;
constexpr int attempts = 5; ///< a pod's status is written often

struct Arguments {
    Target target;
    QString container, image;
    int seconds = 0;
};

Result<Arguments> parsed(const QString &operation, const QJsonObject &given)
{
    QJsonObject pod = given;
    for (const char *own : { "container", "image", "seconds" })
        pod.remove(QLatin1StringView(own));
    for (const char *fixed : { "apiVersion", "kind" })
        if (pod.contains(QLatin1StringView(fixed)))
            return core::fail(badArgument(operation, QLatin1StringView(fixed), Say::tr("is not known")));
    pod.insert(QStringLiteral("apiVersion"), QStringLiteral("v1"));
    pod.insert(QStringLiteral("kind"), QStringLiteral("Pod"));
    const auto target = Target::read(operation, pod);
    if (!target)
        return core::fail(target.error());
    Arguments arguments { *target, given.value(u"container").toString(), given.value(u"image").toString(),
        given.value(u"seconds").toInt() };
    if (arguments.container.isEmpty())
        return core::fail(badArgument(operation, QStringLiteral("container"), Say::tr("is missing")));
    if (arguments.image.isEmpty())
        return core::fail(badArgument(operation, QStringLiteral("image"), Say::tr("is missing")));
    if (arguments.seconds < 1 || arguments.seconds > longestSeconds)
        return core::fail(badArgument(operation, QStringLiteral("seconds"), Say::tr("is not between 1 and %1").arg(longestSeconds)));
    return arguments;
}

QJsonObject containerOf(const Arguments &arguments)
{
    return { { QStringLiteral("name"), arguments.container }, { QStringLiteral("image"), arguments.image },
        { QStringLiteral("command"), QJsonArray { QStringLiteral("sleep"), QString::number(arguments.seconds) } },
        { QStringLiteral("securityContext"),
            QJsonObject { { QStringLiteral("runAsNonRoot"), true }, { QStringLiteral("runAsUser"), 65534 },
                { QStringLiteral("allowPrivilegeEscalation"), false },
                { QStringLiteral("capabilities"), QJsonObject { { QStringLiteral("drop"), QJsonArray { QStringLiteral("ALL") } } } },
                { QStringLiteral("seccompProfile"), QJsonObject { { QStringLiteral("type"), QStringLiteral("RuntimeDefault") } } } } } };
}

QJsonArray addedTo(const QJsonObject &pod)
{
    return pod.value(u"spec")[u"ephemeralContainers"].toArray();
}

bool has(const QJsonArray &list, const QString &name)
{
    return std::any_of(list.begin(), list.end(), [&](const QJsonValue &one) { return one[u"name"].toString() == name; });
}

QJsonObject stateOf(const QJsonObject &pod, const QString &name)
{
    const QJsonArray statuses = pod.value(u"status")[u"ephemeralContainerStatuses"].toArray();
    for (const QJsonValue &one : statuses)
        if (one[u"name"].toString() == name)
            return one[u"state"].toObject();
    return {};
}

kube::Verdict isRunning(const std::optional<QJsonObject> &pod, const QString &name)
{
    using State = kube::Verdict::State;
    if (!pod)
        return { State::Never, Say::tr("the pod is not there any more") };
    const QJsonObject state = stateOf(*pod, name);
    if (state.contains(u"running"))
        return { State::So, Say::tr("%1 runs").arg(name) };
    if (state.contains(u"terminated"))
        return { State::Never,
            Say::tr("%1 has ended with exit code %2 (%3)")
                .arg(name, QString::number(state[u"terminated"][u"exitCode"].toInt()), state[u"terminated"][u"reason"].toString()) };
    const QString reason = state[u"waiting"][u"reason"].toString(), message = state[u"waiting"][u"message"].toString();
    const QString said = message.isEmpty() ? reason : reason + QStringLiteral(": ") + message;
    static const QStringList hopeless { QStringLiteral("ErrImagePull"), QStringLiteral("ImagePullBackOff"),
        QStringLiteral("InvalidImageName"), QStringLiteral("ErrImageNeverPull"), QStringLiteral("CreateContainerConfigError"),
        QStringLiteral("CreateContainerError"), QStringLiteral("RunContainerError") };
    return { hopeless.contains(reason) ? State::Never : State::NotYet,
        said.isEmpty() ? Say::tr("%1 has not begun").arg(name) : Say::tr("%1 does not run: %2").arg(name, said) };
}

class KubeAddContainer final : public TypedKind<Arguments> {
public:
    [[nodiscard]] QString name() const override { return QStringLiteral("kube.addContainer"); }

protected:
    [[nodiscard]] Result<Arguments> read(const QJsonObject &given) const override { return parsed(name(), given); }
    [[nodiscard]] Description words(const Arguments &arguments, const Names &names) const override;
    [[nodiscard]] QList<Right> needs(const Arguments &arguments, Direction direction) const override;
    [[nodiscard]] bool isDone(const Arguments &arguments, const State &now) const override;
    [[nodiscard]] QString goneWith(const Arguments &arguments, const State &before, const State &now) const override;
    [[nodiscard]] Result<State> see(const Arguments &arguments, Scope &scope) const override;
    [[nodiscard]] Result<Receipt> change(const Arguments &arguments, const State &before, Scope &scope) const override;
    [[nodiscard]] Result<Evidence> proof(const Arguments &arguments, Scope &scope) const override;
    [[nodiscard]] Result<Evidence> takeBack(const Arguments &arguments, const State &before, const State &now, Scope &scope) const override;
};

} // namespace

Description KubeAddContainer::words(const Arguments &arguments, const Names &names) const
{
    const Target &target = arguments.target;
    Description said;
    said.title = Say::tr("Add the container %1 to the pod %2 in %3").arg(arguments.container, target.name, target.cluster);
    said.subject = target.subject();
    said.calls = { { target.cluster, QStringLiteral("PATCH ") + target.path(subresource), compact(containerOf(arguments)) } };
    said.command = kubectl(names, target.cluster,
        core::shellQuoted({ QStringLiteral("-n"), target.ns, QStringLiteral("debug"), target.name, QStringLiteral("--profile=restricted"),
            QStringLiteral("--image=") + arguments.image, QStringLiteral("--container=") + arguments.container, QStringLiteral("--"),
            QStringLiteral("sleep"), QString::number(arguments.seconds) }));
    said.keeps
        = Say::tr("A container that was added to a pod cannot be removed from it. It does nothing but sleep, ends by itself %n second(s) "
                  "after it began, and goes with the pod.",
            nullptr, arguments.seconds);
    said.usualSeconds = 10;
    return said;
}

QList<Right> KubeAddContainer::needs(const Arguments &arguments, Direction direction) const
{
    if (direction == Direction::Undo)
        return rightsOn(arguments.target, { QStringLiteral("get") });
    return rightsOn(arguments.target, seeing) + rightsOn(arguments.target, { QStringLiteral("patch") }, subresource);
}

bool KubeAddContainer::isDone(const Arguments &, const State &now) const
{
    return now.value.value(u"added").toBool();
}

QString KubeAddContainer::goneWith(const Arguments &arguments, const State &before, const State &now) const
{
    return before.value.value(u"uid") == now.value.value(u"uid") ? QString()
                                                                 : Say::tr("it went with the pod %1").arg(arguments.target.name);
}

Result<State> KubeAddContainer::see(const Arguments &arguments, Scope &scope) const
{
    return seen(arguments.target, scope,
        [&](const QJsonObject &pod, State &state) { state.value.insert(QStringLiteral("added"), has(addedTo(pod), arguments.container)); });
}

Result<Receipt> KubeAddContainer::change(const Arguments &arguments, const State &before, Scope &scope) const
{
    const Target &target = arguments.target;
    const QString tried = words(arguments, {}).title;
    if (!before.value.value(u"exists").toBool() || before.value.value(u"going").toBool())
        return core::fail(ErrorKind::Precondition, tried, target.subject(), Say::tr("there is no such pod (any more)"),
            Say::tr("Name one that is there."));
    for (int attempt = 1;; ++attempt) {
        const auto pod = readObject(target, scope);
        if (!pod)
            return core::fail(pod.error());
        if (!*pod || uidOf(**pod) != before.value.value(u"uid").toString())
            return core::fail(
                ErrorKind::Conflict, tried, target.subject(), Say::tr("it is another pod now"), Say::tr("Look at it, and try again."));
        QJsonArray list = addedTo(**pod); // a merge patch brings the whole list
        list.append(containerOf(arguments));
        kube::Write write
            = mergePatch({ { QStringLiteral("spec"), QJsonObject { { QStringLiteral("ephemeralContainers"), list } } } }, versionOf(**pod));
        write.subresource = subresource;
        const auto written = send(target, write, scope);
        if (written)
            return Receipt { Say::tr("added"), written->requestId };
        if (written.error().kind == ErrorKind::NotFound) { // the pod has gone, or it is this that the server does not know
            const auto still = readObject(target, scope);
            if (still && *still && uidOf(**still) == before.value.value(u"uid").toString())
                return core::fail(ErrorKind::Unsupported, tried, target.subject(), Say::tr("this API server cannot add containers to pods"),
                    Say::tr("Kubernetes can from 1.23 on. Let a probe stand in a Deployment of its own: name a namespace in its place."));
        }
        // A status was written meanwhile: the same again, of the pod as it is now.
        if (written.error().kind != ErrorKind::Conflict || attempt == attempts)
            return core::fail(written.error());
    }
}

Result<Evidence> KubeAddContainer::proof(const Arguments &arguments, Scope &scope) const
{
    return proven(
        arguments.target, Say::tr("wait until %1 runs").arg(arguments.container),
        [name = arguments.container](const std::optional<QJsonObject> &pod) { return isRunning(pod, name); }, scope);
}

Result<Evidence> KubeAddContainer::takeBack(const Arguments &arguments, const State &, const State &, Scope &) const
{
    return core::fail(ErrorKind::Unsupported, Say::tr("take the container %1 away").arg(arguments.container), arguments.target.subject(),
        words(arguments, {}).keeps);
}

std::unique_ptr<const Kind> makeKubeAddContainer()
{
    return std::make_unique<KubeAddContainer>();
}

} // namespace catamaran::ops
