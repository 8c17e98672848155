// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "documents/fleetdocument.h"
#include "drill/faults/kinds.h"
#include "drill/faultwriter.h"
#include "drill/say.h"
#include "kube/deploymentstatus.h"

namespace catamaran::drill {

using core::Result;

namespace {

const QString client = QStringLiteral("sleep"), clientManifest = QStringLiteral("sleep-standalone");

struct Move {
    QString ns, from, to;
    [[nodiscard]] FaultObject here() const { return workloadObject(from, QStringLiteral("Deployment"), ns, client); }
    [[nodiscard]] FaultObject there() const { return workloadObject(to, QStringLiteral("Deployment"), ns, client); }
};

Move moveIn(const QJsonObject &arguments)
{
    return { arguments.value(u"namespace").toString(), arguments.value(u"from_cluster").toString(),
        arguments.value(u"to_cluster").toString() };
}

class MoveClientFault final : public FaultKind {
public:
    [[nodiscard]] QString key() const override { return QStringLiteral("moveClient"); }
    [[nodiscard]] QString reportKey() const override { return QStringLiteral("move-client"); }
    [[nodiscard]] QString needs() const override { return Say::tr("the client sleep in one of two clusters, and not in the other"); }
    [[nodiscard]] bool movesClient() const override { return true; }
    [[nodiscard]] QString loses(const QJsonObject &) const override { return {}; }

    [[nodiscard]] QJsonObject parse(const documents::YamlValue &value) const override
    {
        value.only({ "namespace", "from", "to" });
        const QString ns = value.field("namespace").label(), from = value.field("from").label(), to = value.field("to").label();
        if (!from.isEmpty() && from == to)
            value.reject(Say::tr("moves the client to where it is"), Say::tr("Name two different clusters"));
        return { { QStringLiteral("namespace"), ns }, { QStringLiteral("from_cluster"), from }, { QStringLiteral("to_cluster"), to } };
    }
    [[nodiscard]] std::optional<std::pair<QString, QString>> whyNotFrom(
        const QJsonObject &arguments, const probe::Source &source) const override
    {
        const Move move = moveIn(arguments);
        if (source.cluster == move.from && source.ns == move.ns && source.workload == client)
            return std::nullopt;
        return std::pair(
            Say::tr("moves a client that does not send the probes"), Say::tr("Let probes.from be %1/%2/sleep").arg(move.from, move.ns));
    }

    [[nodiscard]] QString words(const QJsonObject &arguments) const override
    {
        const Move move = moveIn(arguments);
        return Say::tr("the client sleep leaves %1 and starts in %2").arg(move.from, move.to);
    }
    [[nodiscard]] QString undoWords(const QJsonObject &arguments) const override
    {
        const Move move = moveIn(arguments);
        return Say::tr("sleep returns to %1 and is removed from %2, read back").arg(move.from, move.to);
    }
    [[nodiscard]] Result<QList<FaultObject>> touches(const QJsonObject &arguments) const override
    {
        const Move move = moveIn(arguments);
        return documents::manifestObjects(clientManifest, move.ns).map([&](const QList<QJsonObject> &manifest) {
            QList<FaultObject> objects { move.here() };
            for (const QJsonObject &object : manifest) {
                objects += placeOf(move.to, object);
                objects.last().isMade = true;
            }
            return objects;
        });
    }

    [[nodiscard]] Result<core::Done> write(const QJsonObject &arguments, FaultWriter &writer) const override
    {
        const Move move = moveIn(arguments);
        const auto objects = documents::manifestObjects(clientManifest, move.ns);
        if (!objects)
            return core::fail(objects.error());
        const FaultObject there = move.there();
        const std::optional<QJsonObject> standing = writer.standing(there);
        if (standing && kube::deploymentStatus(*standing).desired != 0)
            return unfit(there, Say::tr("the client is there already"), Say::tr("Delete it, or restore an earlier drill, and try again."));
        if (const auto left = writer.scale(move.here(), 0); !left)
            return left;
        for (const QJsonObject &object : *objects) {
            const FaultObject place = placeOf(move.to, object);
            if (writer.standing(place)) // what stands there stays as it is
                continue;
            if (const auto made = writer.make(place, object); !made)
                return made;
        }
        return standing ? writer.scale(there, 1) : Result<core::Done>(core::Done {}); // it sleeps there since an earlier move
    }

    [[nodiscard]] std::optional<probe::Source> clientAfter(const QJsonObject &arguments, const ops::Trace &trace) const override
    {
        const FaultObject there = moveIn(arguments).there();
        if (trace.cluster != there.cluster || trace.ns != there.ns || trace.kind != there.kind || trace.name != there.name)
            return std::nullopt;
        return probe::Source { there.cluster, there.ns, client };
    }
};

} // namespace

const FaultKind *moveClientFault()
{
    static const MoveClientFault kind;
    return &kind;
}

} // namespace catamaran::drill
