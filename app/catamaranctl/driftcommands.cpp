// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "planned.h"

#include "core/printable.h"
#include "fleet/adopt.h"
#include "fleet/drift.h"
#include "fleet/sessionworld.h"

#include <QFileInfo>
#include <QJsonArray>
#include <QSaveFile>

namespace catamaran::ctl {

using core::Result;

namespace {

struct AdoptWish {
    QString name, out;
};

/// Never over a file that is there: it may be somebody's only copy.
Result<core::Done> writeNew(const QString &file, const QByteArray &text)
{
    const QString tried = Say::tr("write the fleet document");
    if (QFileInfo::exists(file))
        return core::fail(
            core::ErrorKind::Precondition, tried, file, Say::tr("there is a file of this name"), Say::tr("Name another one."));
    QSaveFile target(file);
    if (!target.open(QIODevice::WriteOnly) || target.write(text) != text.size() || !target.commit())
        return core::fail(core::ErrorKind::Precondition, tried, file, target.errorString());
    return core::Done {};
}

int adopt(Context &context, const AdoptWish &wish)
{
    context.progress(Say::tr("looking at the fleet"));
    const auto observed = look(context, {});
    if (!observed)
        return context.failed(observed.error());
    const auto adopted = fleet::adopt(wish.name, *observed);
    if (!adopted)
        return context.failed(adopted.error());
    const QByteArray yaml = documents::toYaml(adopted->document);
    if (!wish.out.isEmpty())
        if (const auto written = writeNew(wish.out, yaml); !written)
            return context.failed(written.error());
    for (const QString &note : adopted->notes)
        context.progress(note);
    context.print({ { QStringLiteral("fleet"), wish.name }, { QStringLiteral("document"), QString::fromUtf8(yaml) },
                      { QStringLiteral("notes"), QJsonArray::fromStringList(adopted->notes) }, { QStringLiteral("steps"), 0 },
                      { QStringLiteral("file"), wish.out } },
        wish.out.isEmpty() ? QString::fromUtf8(yaml)
                           : Say::tr("%1 says what is there; a plan of it is empty.").arg(core::printableLine(wish.out)));
    return Holds;
}

Command adoptCommand()
{
    Command command { "adopt", Say::tr("Writes the fleet document of what is there; a plan of it is empty."), {}, true, {}, {}, {} };
    command.declare = [](QCommandLineParser &parser) {
        parser.addOptions({ { QStringLiteral("name"), Say::tr("What the fleet is called (default: adopted)."), QStringLiteral("NAME"),
                                QStringLiteral("adopted") },
            { QStringLiteral("out"), Say::tr("Write it to this file, which must not be there yet."), QStringLiteral("FILE") } });
    };
    command.prepare = [](const QCommandLineParser &parser, const QStringList &words) -> Result<Work> {
        if (!words.isEmpty())
            return core::fail(badArgument(words.first(), Say::tr("not expected here")));
        const AdoptWish wish { parser.value(QStringLiteral("name")), parser.value(QStringLiteral("out")) };
        return Work([wish](Context &context) { return adopt(context, wish); });
    };
    return command;
}

QJsonObject toJson(const fleet::FieldDrift &field)
{
    return { { QStringLiteral("cluster"), field.cluster }, { QStringLiteral("object"), field.object },
        { QStringLiteral("field"), field.path }, { QStringLiteral("wanted"), field.wanted }, { QStringLiteral("found"), field.found },
        { QStringLiteral("manager"), field.manager }, { QStringLiteral("intent"), fleet::intentName(field.intent) } };
}

QString intentWord(fleet::Intent intent)
{
    switch (intent) {
    case fleet::Intent::MustMatch: return Say::tr("must match");
    case fleet::Intent::MayDiffer: return Say::tr("may differ");
    case fleet::Intent::ClustersOwn: return Say::tr("the cluster's own");
    }
    return {};
}

int tell(Context &context, const documents::FleetDocument &document, const fleet::Drift &drift, const ops::Names &names)
{
    QJsonArray fields, errors;
    QList<QStringList> rows;
    for (const fleet::FieldDrift &field : drift.fields) {
        fields += toJson(field);
        rows += { intentWord(field.intent), field.cluster, field.object, field.path, field.wanted, field.found, field.manager };
    }
    for (const core::Error &error : drift.unread)
        errors += error.text();
    QString text
        = drift.missing.isEmpty() ? QString() : describe(ops::describeSteps(drift.missing, fleet::operationKinds(), names)) + u'\n';
    if (!rows.isEmpty())
        text += table({ Say::tr("INTENT"), Say::tr("CLUSTER"), Say::tr("OBJECT"), Say::tr("FIELD"), Say::tr("WANTED"), Say::tr("FOUND"),
                          Say::tr("SET BY") },
                    rows)
            + u'\n';
    for (const QString &foreign : drift.foreign)
        text += Say::tr("Not applied by Catamaran: %1").arg(core::printableLine(foreign)) + u'\n';
    for (const core::Error &error : drift.unread)
        text += Say::tr("Not known: %1").arg(core::printableLine(error.text())) + u'\n';
    const bool none = drift.isNone() && drift.unread.isEmpty();
    text += none         ? Say::tr("The fleet is what its document says.")
        : drift.isNone() ? Say::tr("The fleet is not known to be what its document says.")
                         : Say::tr("The fleet is not what its document says.");
    context.print({ { QStringLiteral("fleet"), document.name }, { QStringLiteral("in_step"), none },
                      { QStringLiteral("missing"), drift.missing.steps.size() },
                      { QStringLiteral("missing_steps"),
                          ops::describePlan(drift.missing, fleet::operationKinds(), names).value(QLatin1StringView("steps")) },
                      { QStringLiteral("fields"), fields }, { QStringLiteral("foreign"), QJsonArray::fromStringList(drift.foreign) },
                      { QStringLiteral("unread"), errors } },
        text);
    const int unheard = unheardCode(drift.unread);
    return !drift.isNone() ? Failed : unheard;
}

int drift(Context &context, const documents::FleetDocument &document, bool corrects, bool yes)
{
    if (corrects)
        if (const auto allowed = mayChange(context, yes); !allowed)
            return context.failed(allowed.error());
    context.progress(Say::tr("looking at the fleet"));
    const auto observed = lookFor(context, document, true);
    if (!observed)
        return context.failed(observed.error());
    const auto found = fleet::findDrift(*context.session, document, *observed, context.stop);
    if (!found)
        return context.failed(found.error());
    if (!corrects || (found->isNone() && found->unread.isEmpty()))
        return tell(context, document, *found, fleet::namesOf(*context.session, *observed));
    if (!found->unread.isEmpty())
        return context.failed(found->unread.first());
    const Planned planned { QStringLiteral("correct"), document.name, fleet::correctionOf(*found),
        fleet::namesOf(*context.session, *observed) };
    if (const auto checked = ops::checkPlan(planned.plan, fleet::operationKinds()); !checked)
        return context.failed(checked.error());
    return execute(context, planned, Say::tr("The fleet is what its document says again; steps: %1."));
}

Command driftCommand()
{
    Command command { "drift", Say::tr("Shows field by field where the fleet is not what its document says; --correct makes it so again."),
        QStringLiteral("FLEET"), true, {}, {}, {} };
    command.declare = [](QCommandLineParser &parser) {
        parser.addOptions({ { QStringLiteral("correct"), Say::tr("Carry out what it takes, fields that others have set since included.") },
            yesOption() });
    };
    command.prepare = [](const QCommandLineParser &parser, const QStringList &words) -> Result<Work> {
        const bool corrects = parser.isSet(QStringLiteral("correct")), yes = parser.isSet(QStringLiteral("yes"));
        return fleetArgument(words).map([=](const documents::FleetDocument &document) {
            return Work([=](Context &context) { return drift(context, document, corrects, yes); });
        });
    };
    return command;
}

} // namespace

QList<Command> driftCommands()
{
    return { adoptCommand(), driftCommand() };
}

} // namespace catamaran::ctl
