// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.h"
#include "documents/strictyaml.h"
#include "ops/adopt.h"
#include "ops/world.h"
#include "probe/run.h"

#include <QJsonObject>
#include <QList>
#include <QMap>

#include <optional>
#include <stop_token>
#include <vector>

/// What a drill breaks: kinds of faults, each in one file of drill/faults.
namespace catamaran::drill {

/// An object that a drill may change or make.
struct FaultObject {
    QString cluster, apiVersion, kind, ns, name;
    bool isMade = false; ///< the fault makes it where it is not there; not compared
    [[nodiscard]] QString text() const; ///< "cluster-1/default/sleep", of others than workloads "cluster-1/default/service/sleep"
    [[nodiscard]] bool operator<(const FaultObject &other) const;
};

/// What stands there, nullopt where nothing does.
using Standing = QMap<FaultObject, std::optional<QJsonObject>>;

class FaultWriter;

/// What a kind may ask before anything is broken. For a worker thread.
struct FaultLook {
    ops::World &world;
    std::stop_token stop;

    /// NotFound where it is not there.
    [[nodiscard]] core::Result<QJsonObject> get(
        const QString &cluster, const kube::ResourceKind &kind, const QString &ns, const QString &name) const;
    /// Empty where the server does not know the kind.
    [[nodiscard]] core::Result<QList<QJsonObject>> list(
        const QString &cluster, const kube::ResourceKind &kind, const QString &ns, const QString &selector = {}) const;
};

/// A kind of fault. Stateless: one instance serves every thread. Arguments are a JSON object that parse() or resolve() made, or, of a
/// result from the history, anything.
class FaultKind {
public:
    virtual ~FaultKind() = default;
    [[nodiscard]] virtual QString key() const = 0; ///< in documents: "moveClient"
    [[nodiscard]] virtual QString reportKey() const { return key(); } ///< in results: "move-client"

    // Pure.
    /// Strict; the first error is kept by the document.
    [[nodiscard]] virtual QJsonObject parse(const documents::YamlValue &value) const = 0;
    /// For people: what a fleet must have, in general.
    [[nodiscard]] virtual QString needs() const = 0;
    /// For people: "helloworld-v1 in cluster-1 goes to 0 replicas"
    [[nodiscard]] virtual QString words(const QJsonObject &arguments) const = 0;
    /// For people: "helloworld-v1 in cluster-1 gets the replicas it had, read back"
    [[nodiscard]] virtual QString undoWords(const QJsonObject &arguments) const = 0;
    /// What it may change or make, as far as the arguments tell: all of it after resolve().
    [[nodiscard]] virtual core::Result<QList<FaultObject>> touches(const QJsonObject &arguments) const = 0;
    /// Its operations, into @p writer; an error when it makes no sense now.
    [[nodiscard]] virtual core::Result<core::Done> write(const QJsonObject &arguments, FaultWriter &writer) const = 0;
    /// A drill has one client: only one of its faults may move it.
    [[nodiscard]] virtual bool movesClient() const { return false; }
    /// Where the client is once the operation that left @p trace is done; nullopt: it moves none.
    [[nodiscard]] virtual std::optional<probe::Source> clientAfter(const QJsonObject &, const ops::Trace &) const { return std::nullopt; }
    /// Whether a drill that sends from @p source may have it; else a sentence and what to do.
    [[nodiscard]] virtual std::optional<std::pair<QString, QString>> whyNotFrom(const QJsonObject &, const probe::Source &) const
    {
        return std::nullopt;
    }
    /// The cluster that loses something by it, where another one has to take over; empty: none does.
    [[nodiscard]] virtual QString loses(const QJsonObject &arguments) const { return arguments.value(u"cluster").toString(); }

    /// Whether @p source gets nothing from that cluster any more, though nothing of what answers there is gone.
    [[nodiscard]] virtual bool cutsOff(const QJsonObject &, const probe::Source &) const { return false; }

    // Worker thread.
    /// The arguments with what only the fleet tells; an error (with its remedy) when this fleet does not allow the fault.
    [[nodiscard]] virtual core::Result<QJsonObject> resolve(const QJsonObject &arguments, const FaultLook &) const { return arguments; }
};

/// All of them, in the order in which they are told. Any thread.
[[nodiscard]] const std::vector<const FaultKind *> &faultKinds();
/// By key or reportKey; null: none.
[[nodiscard]] const FaultKind *findFaultKind(const QString &key);

/// One fault of a drill.
struct Fault {
    const FaultKind *kind = nullptr;
    QJsonObject arguments;
    int stage = 0; ///< which fault stage of the drill begins with it, from 0
    /// {"kind", …arguments}
    [[nodiscard]] QJsonObject toJson() const;
    /// What toJson() wrote; nullopt: a kind that is not known here.
    [[nodiscard]] static std::optional<Fault> fromJson(const QJsonObject &object);
};

} // namespace catamaran::drill
