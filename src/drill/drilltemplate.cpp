// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "drill/drilltemplate.h"

#include "core/wholepattern.h"
#include "documents/strictyaml.h"
#include "drill/drillreader.h"
#include "drill/say.h"

#include <QCoreApplication>
#include <QFile>
#include <QRegularExpression>

#include <algorithm>

static void initializeDrillResources()
{
    Q_INIT_RESOURCE(drills); // this is a static library: nothing else would link them in
}

namespace catamaran::drill {

using core::ErrorKind;
using core::Result;
using documents::YamlValue;
using namespace std::chrono_literals;

namespace {

constexpr qsizetype mostBytes = 1024 * 1024; ///< as of every document
constexpr qsizetype mostInValue = 2048;

constexpr const char *shippedDrills[] = { "workload-failover", "move-client", "lose-workload", "shrink-workload", "short-outage",
    "lose-two-workloads", "replace-pods", "lose-gateway", "lose-control-plane", "control-plane-down-pods-replaced",
    "lose-workload-then-gateway", "slow-service", "failing-service", "lose-workload-while-slow" };

/// The texts of resources/drills, where lupdate finds them. A user's own documents are shown as they are.
[[maybe_unused]] constexpr const char *shippedTexts[] = {
    QT_TRANSLATE_NOOP("ShippedDrill", "Lose a workload"),
    QT_TRANSLATE_NOOP(
        "ShippedDrill", "Scales helloworld-v1 in cluster-1 to 0 while its client keeps asking. The other cluster has to answer alone."),
    QT_TRANSLATE_NOOP("ShippedDrill", "When cluster-1 loses its helloworld, cluster-2 answers every request again within ten seconds."),
    QT_TRANSLATE_NOOP("ShippedDrill", "Move the client"),
    QT_TRANSLATE_NOOP("ShippedDrill",
        "Scales sleep in cluster-1 to 0 and deploys it in cluster-2, as the guide does. From there the same address has to answer with the same versions."),
    QT_TRANSLATE_NOOP("ShippedDrill", "From cluster-2 the same address answers with both versions, as it did from cluster-1."),
    QT_TRANSLATE_NOOP("ShippedDrill", "Lose any workload"),
    QT_TRANSLATE_NOOP("ShippedDrill", "Scales $(target) to 0 while $(client) keeps asking. What else answers there has to answer alone."),
    QT_TRANSLATE_NOOP("ShippedDrill", "When $(target) is lost, every request is answered well again within $(within)."),
    QT_TRANSLATE_NOOP("ShippedDrill", "Who sends the requests"),
    QT_TRANSLATE_NOOP("ShippedDrill", "The workload that is lost, as cluster/namespace/name"),
    QT_TRANSLATE_NOOP("ShippedDrill", "What is asked for"),
    QT_TRANSLATE_NOOP("ShippedDrill", "Which versions have to answer meanwhile; none: any"),
    QT_TRANSLATE_NOOP("ShippedDrill", "How long it stays broken"),
    QT_TRANSLATE_NOOP("ShippedDrill", "How soon every answer has to be good again"),
    QT_TRANSLATE_NOOP("ShippedDrill", "Requests a second"),
    QT_TRANSLATE_NOOP("ShippedDrill", "Shrink a workload"),
    QT_TRANSLATE_NOOP("ShippedDrill", "Scales $(target) to $(replicas) replicas, so that the rest has to carry its load."),
    QT_TRANSLATE_NOOP("ShippedDrill", "With $(replicas) replicas of $(target) every request is still answered well."),
    QT_TRANSLATE_NOOP("ShippedDrill", "How many replicas are left"),
    QT_TRANSLATE_NOOP("ShippedDrill", "A short outage, and back"),
    QT_TRANSLATE_NOOP("ShippedDrill", "Scales $(target) to 0 for a moment and watches how its return is felt."),
    QT_TRANSLATE_NOOP("ShippedDrill", "A short loss of $(target) and its return cost no more than $(within) each."),
    QT_TRANSLATE_NOOP("ShippedDrill", "Lose two workloads, one after the other"),
    QT_TRANSLATE_NOOP("ShippedDrill", "Scales $(target) to 0, and some time later $(second) as well."),
    QT_TRANSLATE_NOOP("ShippedDrill", "With $(target) and then $(second) lost, every request is answered well again within $(within)."),
    QT_TRANSLATE_NOOP("ShippedDrill", "The workload that is lost after it"),
    QT_TRANSLATE_NOOP("ShippedDrill", "Delete all pods of a service"),
    QT_TRANSLATE_NOOP(
        "ShippedDrill", "Deletes all pods of $(service) at once, as a node that is lost would. Their controllers make others."),
    QT_TRANSLATE_NOOP("ShippedDrill", "When all pods of $(service) go at once, every request is answered well again within $(within)."),
    QT_TRANSLATE_NOOP("ShippedDrill", "The service whose pods are deleted, as cluster/namespace/service"),
    QT_TRANSLATE_NOOP("ShippedDrill", "Lose a cross-cluster gateway"),
    QT_TRANSLATE_NOOP(
        "ShippedDrill", "Takes the cross-cluster gateway of $(cluster) away. Nothing reaches it from other networks any more."),
    QT_TRANSLATE_NOOP("ShippedDrill", "Without the gateway of $(cluster) every request is answered well again within $(within)."),
    QT_TRANSLATE_NOOP("ShippedDrill", "The cluster that loses it"),
    QT_TRANSLATE_NOOP("ShippedDrill", "Where it is"),
    QT_TRANSLATE_NOOP("ShippedDrill", "Lose a control plane"),
    QT_TRANSLATE_NOOP("ShippedDrill", "Stops the control plane in $(cluster) and keeps it down. What was configured goes on."),
    QT_TRANSLATE_NOOP("ShippedDrill", "While the control plane of $(cluster) is down, no request fails."),
    QT_TRANSLATE_NOOP("ShippedDrill", "Pods are replaced while the control plane is down"),
    QT_TRANSLATE_NOOP("ShippedDrill",
        "Stops the control plane in $(cluster), then deletes all pods of $(service): new pods want what only a control plane gives."),
    QT_TRANSLATE_NOOP("ShippedDrill",
        "Also with pods that are replaced while the control plane of $(cluster) is down, every request is answered well again within $(within)."),
    QT_TRANSLATE_NOOP("ShippedDrill", "Lose a workload, then a gateway"),
    QT_TRANSLATE_NOOP("ShippedDrill", "Scales $(target) to 0, and some time later takes the cross-cluster gateway of $(cluster) away."),
    QT_TRANSLATE_NOOP(
        "ShippedDrill", "With $(target) and the gateway of $(cluster) lost, every request is answered well again within $(within)."),
    QT_TRANSLATE_NOOP("ShippedDrill", "A service grows slow"),
    QT_TRANSLATE_NOOP("ShippedDrill", "Delays $(percent) % of the requests to $(host) by $(delay), in the proxies of the clients."),
    QT_TRANSLATE_NOOP("ShippedDrill", "Clients of $(host) bear answers that come $(delay) late."),
    QT_TRANSLATE_NOOP("ShippedDrill", "The service that the requests are for"),
    QT_TRANSLATE_NOOP("ShippedDrill", "The namespace of that service"),
    QT_TRANSLATE_NOOP("ShippedDrill", "How long each waits"),
    QT_TRANSLATE_NOOP("ShippedDrill", "The share of the requests, in per cent"),
    QT_TRANSLATE_NOOP("ShippedDrill", "A service answers errors"),
    QT_TRANSLATE_NOOP("ShippedDrill", "Answers $(percent) % of the requests to $(host) with $(status), in the proxies of the clients."),
    QT_TRANSLATE_NOOP("ShippedDrill", "Clients of $(host) are rid of the errors within $(within)."),
    QT_TRANSLATE_NOOP("ShippedDrill", "What they get instead of an answer"),
    QT_TRANSLATE_NOOP("ShippedDrill", "Lose a workload while answers are slow"),
    QT_TRANSLATE_NOOP("ShippedDrill", "Delays the requests to $(host), and some time later scales $(target) to 0."),
    QT_TRANSLATE_NOOP("ShippedDrill", "Also while answers of $(host) are slow, the loss of $(target) is overcome within $(within)."),
};

QString shipped(const QString &text)
{
    return QCoreApplication::translate("ShippedDrill", text.toUtf8().constData());
}

struct TypeName {
    ParameterType type;
    const char *name;
};
constexpr TypeName typeNames[]
    = { { ParameterType::Label, "label" }, { ParameterType::Workload, "workload" }, { ParameterType::Url, "url" },
          { ParameterType::Integer, "integer" }, { ParameterType::Duration, "duration" }, { ParameterType::Labels, "labels" } };

QStringList allTypes()
{
    QStringList names;
    for (const TypeName &one : typeNames)
        names += QLatin1StringView(one.name);
    return names;
}

bool matchesWhole(const QString &text, const char *pattern)
{
    return core::wholePattern(QString::fromLatin1(pattern)).match(text).hasMatch();
}

Parameter readParameter(const YamlValue &value, const QString &name)
{
    value.only({ "type", "default", "about", "allowed", "min", "max" });
    Parameter parameter;
    parameter.name = name;
    parameter.line = value.line();
    if (!matchesWhole(name, "[a-z][A-Za-z0-9]{0,39}"))
        value.reject(Say::tr("cannot be the name of a parameter"), Say::tr("Letters and digits, a small letter first, at most 40"));
    const YamlValue type = value.field("type");
    const QString kind = type.choice(allTypes(), QStringLiteral("label"));
    for (const TypeName &one : typeNames)
        if (kind == QLatin1StringView(one.name))
            parameter.type = one.type;
    parameter.about = value.maybe("about").text();
    parameter.allowed = value.maybe("allowed").texts();
    const YamlValue least = value.maybe("min"), most = value.maybe("max");
    if ((least || most) && parameter.type != ParameterType::Integer)
        value.reject(Say::tr("has limits, and is no integer"));
    parameter.least = least.integer(parameter.least, -1'000'000'000, 1'000'000'000);
    parameter.most = most.integer(std::max(parameter.most, parameter.least), parameter.least, 1'000'000'000);
    for (const QString &one : std::as_const(parameter.allowed)) {
        Parameter free = parameter;
        free.allowed.clear();
        if (const QString why = free.whyNot(one); !why.isEmpty())
            value.maybe("allowed").reject(why);
    }
    if (const YamlValue preset = value.maybe("default")) {
        parameter.preset = parameter.type == ParameterType::Labels ? preset.texts().join(u',') : preset.text();
        if (const QString why = parameter.whyNot(*parameter.preset); !why.isEmpty())
            preset.reject(why);
    }
    return parameter;
}

/// "$" is written as its number: no pattern of ours ends with one.
const QRegularExpression &reference()
{
    static const QRegularExpression pattern(QStringLiteral("\\x24\\(([A-Za-z0-9]{1,40})(?:\\.([a-z]{1,20}))?\\)"));
    return pattern;
}

/// What $(name) or $(name.part) stands for; nullopt: nothing.
std::optional<QString> valueOf(
    const QList<Parameter> &parameters, const QMap<QString, QString> &values, const QString &name, const QString &part)
{
    const auto found = std::find_if(parameters.begin(), parameters.end(), [&](const Parameter &one) { return one.name == name; });
    if (found == parameters.end() || !values.contains(name))
        return std::nullopt;
    const QString value = values.value(name);
    if (part.isEmpty())
        return found->type == ParameterType::Labels ? QString(value).replace(u',', QStringLiteral(", ")) : value;
    static const QStringList parts { QStringLiteral("cluster"), QStringLiteral("namespace"), QStringLiteral("name") };
    const qsizetype which = parts.indexOf(part);
    if (found->type != ParameterType::Workload || which < 0)
        return std::nullopt;
    return value.section(u'/', int(which), int(which));
}

/// @p text with values for its references; an error names the first that has none, and its line.
Result<QString> filled(const QString &text, const DrillTemplate &drill, const QMap<QString, QString> &values)
{
    QString result;
    qsizetype from = 0;
    auto found = reference().globalMatch(text);
    while (found.hasNext()) {
        const QRegularExpressionMatch match = found.next();
        const auto value = valueOf(drill.parameters, values, match.captured(1), match.captured(2));
        if (!value)
            return core::fail(ErrorKind::InvalidInput, Say::tr("read the drill"),
                QStringLiteral("%1:%2").arg(drill.origin).arg(QStringView(text).left(match.capturedStart()).count(u'\n') + 1),
                Say::tr("%1 stands for no parameter").arg(match.captured(0)), Say::tr("Declare it under spec.parameters"));
        result += QStringView(text).mid(from, match.capturedStart() - from);
        result += *value;
        from = match.capturedEnd();
        if (result.size() > mostBytes)
            break;
    }
    result += QStringView(text).mid(from);
    if (result.size() > mostBytes)
        return core::fail(ErrorKind::InvalidInput, Say::tr("read the drill"), drill.origin + QStringLiteral(":1"),
            Say::tr("it is too large with its parameters filled in"));
    return result;
}

} // namespace

QString typeName(ParameterType type)
{
    for (const TypeName &one : typeNames)
        if (one.type == type)
            return QLatin1StringView(one.name);
    return {};
}

QString Parameter::whyNot(const QString &value) const
{
    const QString shown = value.left(80);
    if (value.size() > mostInValue)
        return Say::tr("a value of %1 characters is too long").arg(value.size());
    if (!allowed.isEmpty() && !allowed.contains(value))
        return Say::tr("“%1” is none of: %2").arg(shown, allowed.join(QStringLiteral(", ")));
    switch (type) {
    case ParameterType::Label:
        return documents::isDnsLabel(value) ? QString() : Say::tr("“%1” is not a name (small letters, digits and hyphens)").arg(shown);
    case ParameterType::Workload: {
        const QStringList parts = value.split(u'/');
        const bool isOne = parts.size() == 3 && std::all_of(parts.begin(), parts.end(), documents::isDnsLabel);
        return isOne ? QString() : Say::tr("“%1” is not of the form cluster/namespace/workload").arg(shown);
    }
    case ParameterType::Url:
        return matchesWhole(value, "https?://[A-Za-z0-9][A-Za-z0-9._:/?&=%+~-]*")
            ? QString()
            : Say::tr("“%1” is not a URL that can be filled in").arg(shown);
    case ParameterType::Integer: {
        bool isOne = false;
        const int number = value.toInt(&isOne);
        isOne = isOne && matchesWhole(value, "-?[0-9]{1,10}") && number >= least && number <= most;
        return isOne ? QString()
                     : Say::tr("“%1” is not a whole number from %2 to %3").arg(shown, QString::number(least), QString::number(most));
    }
    case ParameterType::Duration:
        return matchesWhole(value, "[0-9]{1,9}([.][0-9]{1,3})?(ms|s|m|h)") ? QString()
                                                                           : Say::tr("“%1” is not a time such as 10s").arg(shown);
    case ParameterType::Labels: {
        const QStringList parts = value.split(u',', Qt::SkipEmptyParts);
        const bool areAll
            = parts.size() <= 50 && parts.join(u',') == value && std::all_of(parts.begin(), parts.end(), documents::isDnsLabel);
        return areAll ? QString() : Say::tr("“%1” is not a list of names with commas between them").arg(shown);
    }
    }
    return {};
}

bool DrillTemplate::isReady() const
{
    return std::all_of(parameters.begin(), parameters.end(), [](const Parameter &one) { return one.preset.has_value(); });
}

Result<DrillDocument> DrillTemplate::fill(const QMap<QString, QString> &given) const
{
    const auto wrong = [&](int line, const QString &name, const QString &answer, const QString &remedy) {
        return core::fail(ErrorKind::InvalidInput, Say::tr("read the drill"), QStringLiteral("%1:%2").arg(origin).arg(std::max(1, line)),
            Say::tr("parameter %1: %2").arg(name.left(80), answer), remedy);
    };
    QMap<QString, QString> values;
    for (const Parameter &one : parameters) {
        if (given.contains(one.name)) {
            if (const QString why = one.whyNot(given.value(one.name)); !why.isEmpty())
                return wrong(one.line, one.name, why, Say::tr("Give another value: -p %1=…").arg(one.name));
            values.insert(one.name, given.value(one.name));
        } else if (one.preset) {
            values.insert(one.name, *one.preset);
        } else {
            return wrong(one.line, one.name,
                one.about.isEmpty() ? Say::tr("it has no value") : Say::tr("it has no value (%1)").arg(one.about),
                Say::tr("Give one: -p %1=%2").arg(one.name, typeName(one.type).toUpper()));
        }
    }
    for (auto it = given.begin(); it != given.end(); ++it)
        if (!values.contains(it.key()))
            return wrong(1, it.key(), Say::tr("the drill has none of that name"), Say::tr("See: catamaranctl drill show %1").arg(id));
    const auto text = filled(QString::fromUtf8(yaml), *this, values);
    if (!text)
        return core::fail(text.error());
    auto drill = readFilled(text->toUtf8(), origin);
    if (!drill)
        return drill;
    drill->parameters = values;
    for (auto [to, from] :
        { std::pair(&drill->title, &title), std::pair(&drill->summary, &summary), std::pair(&drill->hypothesis, &hypothesis) }) {
        const auto words = filled(*from, *this, values);
        if (!words)
            return core::fail(words.error());
        *to = *words;
    }
    return drill;
}

Result<DrillTemplate> parseTemplate(const QByteArray &yaml, const QString &origin)
{
    const documents::YamlDocument document(yaml, origin, Say::tr("read the drill"), QStringLiteral("Drill"));
    const YamlValue spec = document.spec();
    DrillTemplate drill;
    drill.id = document.name();
    drill.title = spec.maybe("title").text(drill.id);
    drill.summary = spec.maybe("summary").text();
    drill.hypothesis = spec.field("hypothesis").text();
    if (const YamlValue parameters = spec.maybe("parameters")) {
        if (!parameters.isMap())
            parameters.reject(Say::tr("must be a map of parameters"));
        const QStringList names = parameters.keys();
        if (names.size() > DrillTemplate::mostParameters)
            parameters.reject(Say::tr("has more than %1 parameters").arg(DrillTemplate::mostParameters));
        for (const QString &name : names.first(std::min<qsizetype>(names.size(), DrillTemplate::mostParameters)))
            drill.parameters += readParameter(parameters.field(name.toUtf8().constData()), name);
    }
    if (const auto error = document.error())
        return core::fail(*error);
    drill.yaml = yaml;
    drill.origin = origin;
    return drill;
}

Result<DrillTemplate> loadTemplate(const QString &file)
{
    return documents::readDocumentFile(file, Say::tr("read the drill")).and_then([&](const QByteArray &yaml) {
        return parseTemplate(yaml, file);
    });
}

QList<DrillTemplate> builtinTemplates()
{
    initializeDrillResources();
    QList<DrillTemplate> drills;
    for (const char *name : shippedDrills) {
        QFile file(QStringLiteral(":/catamaran/drills/%1.yaml").arg(QLatin1String(name)));
        if (!file.open(QIODevice::ReadOnly))
            continue;
        if (auto drill = parseTemplate(file.readAll(), file.fileName())) {
            for (QString *text : { &drill->title, &drill->summary, &drill->hypothesis })
                *text = shipped(*text);
            for (Parameter &one : drill->parameters)
                one.about = shipped(one.about);
            drills += *drill;
        }
    }
    return drills;
}

} // namespace catamaran::drill
