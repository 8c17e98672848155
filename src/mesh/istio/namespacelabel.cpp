// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "mesh/istio/namespacelabel.h"

#include "mesh/istio/say.h"
#include "ops/kinds/faultmark.h"

namespace catamaran::mesh::istio {

using core::ErrorKind;
using core::Result;
using ops::Description;
using ops::Evidence;
using ops::Receipt;
using ops::Scope;
using ops::State;

namespace {

QString valueIn(const State &state)
{
    return state.value.value(u"value").toString();
}

QString pair(const QString &label, const QString &value)
{
    return value.isEmpty() ? label + u'-' : label + u'=' + value;
}

} // namespace

Result<LabelArguments> NamespaceLabel::readLabel(
    const QJsonObject &given, const QString &label, const std::function<void(ArgumentReader &, LabelArguments &)> &more) const
{
    ArgumentReader reader(name(), given);
    const QString cluster = reader.label(QStringLiteral("cluster")), ns = reader.label(QStringLiteral("namespace"));
    LabelArguments arguments;
    arguments.label = label;
    more(reader, arguments);
    if (const auto error = reader.error())
        return core::fail(*error);
    const auto target = ops::Target::read(name(),
        { { QStringLiteral("cluster"), cluster }, { QStringLiteral("apiVersion"), QStringLiteral("v1") },
            { QStringLiteral("kind"), QStringLiteral("Namespace") }, { QStringLiteral("name"), ns } });
    if (!target)
        return core::fail(target.error());
    arguments.target = *target;
    return arguments;
}

Description NamespaceLabel::words(const LabelArguments &arguments, const ops::Names &names) const
{
    const ops::Target &target = arguments.target;
    const auto byHand = [&](const QString &value) {
        return ops::kubectl(
            names, target.cluster, QStringLiteral("label --overwrite namespace %1 %2").arg(target.name, pair(arguments.label, value)));
    };
    Description said;
    said.title = titleOf(arguments);
    said.subject = target.subject() + u'/' + arguments.label;
    said.calls = { { target.cluster, QStringLiteral("PATCH ") + target.path(), pair(arguments.label, arguments.value) } };
    said.command = byHand(arguments.value);
    said.undo = byHand(arguments.previous);
    return said;
}

QList<ops::Right> NamespaceLabel::needs(const LabelArguments &arguments, ops::Direction) const
{
    return ops::rightsOn(arguments.target, { QStringLiteral("patch") }) + ops::rightsOn(arguments.target, ops::seeing);
}

bool NamespaceLabel::isDone(const LabelArguments &arguments, const State &now) const
{
    if (!now.value.value(u"exists").toBool())
        return arguments.value.isEmpty(); // what is not there has no label
    return valueIn(now) == arguments.value || (arguments.onlyOurs && !now.value.value(u"ours").toBool());
}

QString NamespaceLabel::whyDone(const LabelArguments &arguments, const State &now, const ops::Names &) const
{
    return now.value.value(u"exists").toBool() && valueIn(now) != arguments.value
        ? Say::tr("left as it is: others have set it to %1").arg(valueIn(now))
        : QString();
}

bool NamespaceLabel::isSame(const State &a, const State &b) const
{
    for (const char *member : { "exists", "uid", "value" })
        if (a.value.value(QLatin1StringView(member)) != b.value.value(QLatin1StringView(member)))
            return false;
    return true;
}

QString NamespaceLabel::goneWith(const LabelArguments &arguments, const State &before, const State &now) const
{
    return before.value.value(u"exists").toBool() && !now.value.value(u"exists").toBool()
        ? Say::tr("it went with the namespace %1").arg(arguments.target.name)
        : QString();
}

Result<State> NamespaceLabel::see(const LabelArguments &arguments, Scope &scope) const
{
    return ops::seen(arguments.target, scope, [&](const QJsonObject &space, State &state) {
        state.value.insert(QStringLiteral("value"), ops::metadataOf(space)[u"labels"][arguments.label].toString());
        const QStringList path { QStringLiteral("f:metadata"), QStringLiteral("f:labels"), QStringLiteral("f:") + arguments.label };
        state.value.insert(QStringLiteral("ours"), kube::fieldsOf(space, ops::fieldManager).contains(path));
        if (const QString mark = ops::markTextOf(space); !mark.isEmpty())
            state.value.insert(QStringLiteral("mark"), mark);
    });
}

Result<kube::Written> NamespaceLabel::give(const LabelArguments &arguments, const QString &value, const State &seen, Scope &scope) const
{
    const QJsonObject labels { { arguments.label, value.isEmpty() ? QJsonValue(QJsonValue::Null) : QJsonValue(value) } };
    return sendAsSeen(arguments, seen, scope, [&](const State &now) {
        return ops::mergePatch({ { QStringLiteral("metadata"), QJsonObject { { QStringLiteral("labels"), labels } } } }, now.version);
    });
}

Result<Receipt> NamespaceLabel::change(const LabelArguments &arguments, const State &before, Scope &scope) const
{
    const ops::Target &target = arguments.target;
    if (!before.value.value(u"exists").toBool())
        return core::fail(ErrorKind::NotFound, titleOf(arguments), target.subject(),
            Say::tr("there is no namespace %1 in %2").arg(target.name, target.cluster));
    if (const auto error = ops::faultError(titleOf(arguments), target, before.value.value(u"mark").toString(), scope))
        return core::fail(*error);
    return give(arguments, arguments.value, before, scope).map([](const kube::Written &written) {
        return Receipt { Say::tr("set, version %1").arg(ops::versionOf(written.object)), written.requestId };
    });
}

Result<Evidence> NamespaceLabel::proof(const LabelArguments &arguments, Scope &scope) const
{
    const auto now = see(arguments, scope);
    if (!now)
        return core::fail(now.error());
    if (!isDone(arguments, *now))
        return core::fail(ErrorKind::Precondition, titleOf(arguments), arguments.target.subject(),
            Say::tr("somebody else has changed it since: %1").arg(pair(arguments.label, valueIn(*now))));
    return Evidence { pair(arguments.label, valueIn(*now)),
        QStringLiteral("GET %1 on %2").arg(arguments.target.path(), arguments.target.cluster), scope.clock() };
}

Result<Evidence> NamespaceLabel::takeBack(const LabelArguments &arguments, const State &before, const State &now, Scope &scope) const
{
    const ops::Target &target = arguments.target;
    const QString tried = Say::tr("give the label %1 of %2 its former value").arg(arguments.label, target.name);
    if (before.value.value(u"uid") != now.value.value(u"uid"))
        return core::fail(ErrorKind::Precondition, tried, target.subject(), Say::tr("it is another namespace now"));
    const auto written = give(arguments, valueIn(before), now, scope);
    if (!written)
        return core::fail(written.error());
    if (ops::metadataOf(written->object)[u"labels"][arguments.label].toString() != valueIn(before))
        return core::fail(ErrorKind::Protocol, tried, target.subject(), Say::tr("the server accepted the former value and shows another"));
    return Evidence { pair(arguments.label, valueIn(before)), QStringLiteral("PATCH %1 on %2").arg(target.path(), target.cluster),
        scope.clock() };
}

} // namespace catamaran::mesh::istio
