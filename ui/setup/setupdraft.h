// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "documents/fleetdocument.h"
#include "observe/observedfleet.h"

#include <QJsonObject>
#include <QStringList>

#include <optional>

/// The wizard's choices as values, and what the pages do with them. Pure.
namespace catamaran::ui {

/// The pages in the guide's order.
enum class SetupStep { Environment, Clusters, Meshes, Memberships, Networks, Sample, Plan, Apply, Answers };
constexpr int setupStepCount = 9;

struct SetupDraft {
    enum class Origin { None, Range, File };
    Origin origin = Origin::None;
    QString environmentFile; ///< of Origin::File
    QString environmentName; ///< of the environment that the choices are about
    QString maker; ///< who is to make its meshes (mesh::ProviderKind::name()); empty: as the environment itself shows
    documents::FleetDocument fleet;
    SetupStep step = SetupStep::Environment;
    bool plain = false; ///< the clusters have no mesh: only the sample and its verification
    bool applying = false; ///< an apply was begun and did not come to its end

    [[nodiscard]] QJsonObject toJson() const;
    /// Unknown or missing fields give their defaults: a draft of another version is not worth an error.
    [[nodiscard]] static SetupDraft fromJson(const QJsonObject &json);
};

/// The version that new meshes of @p provider get when nobody chose another; empty: nobody offers any, its tool decides.
[[nodiscard]] QString defaultMeshVersion(const QString &provider, const QStringList &offered);
/// As a Fleet document names @p provider: its default is not named.
[[nodiscard]] QString providerInDocument(const QString &provider);

/// Makes @p fleet be about exactly @p clusters: new ones get the mesh that manages them already (or the next mesh-N, which @p maker
/// makes), discovery-only memberships everywhere else, a network, and their part of the sample; what went takes its traces along.
void chooseClusters(
    documents::FleetDocument &fleet, const QStringList &clusters, const observe::ObservedFleet &observed, const QString &maker = {});

[[nodiscard]] std::optional<mesh::Mode> modeOf(const documents::FleetDocument &fleet, const QString &mesh, const QString &cluster);
/// nullopt removes the membership. Managed takes the cluster from its present manager, which then discovers it.
void setMode(documents::FleetDocument &fleet, const QString &mesh, const QString &cluster, std::optional<mesh::Mode> mode);
/// Adds a mesh "mesh-N" of @p maker that discovers every cluster.
void addMesh(documents::FleetDocument &fleet, const QString &maker = {});
void removeMesh(documents::FleetDocument &fleet, const QString &mesh);
/// False, and nothing changes, when @p to is taken.
bool renameMesh(documents::FleetDocument &fleet, const QString &from, const QString &to);

/// Whether the clusters' networks are apart, and on which facts that rests.
struct NetworkView {
    bool apart = false;
    QString reason;
};
[[nodiscard]] NetworkView judgeNetworks(const QStringList &clusters, const observe::ObservedFleet &observed);
/// @p separate: cluster N gets "networkN" and a gateway. Otherwise: one network, no gateways.
void setNetworksSeparate(documents::FleetDocument &fleet, bool separate);
[[nodiscard]] bool networksSeparate(const documents::FleetDocument &fleet);

/// Makes @p fleet one without any mesh: no memberships, networks or injection, and the whole sample in every cluster.
void makePlain(documents::FleetDocument &fleet);
/// What every workload of @p manifest gets instead of what the manifest says.
[[nodiscard]] documents::WorkloadOverrides overridesOf(const documents::FleetDocument &fleet, const QString &manifest);
void setOverrides(documents::FleetDocument &fleet, const QString &manifest, const documents::WorkloadOverrides &overrides);
/// The namespace of the sample.
[[nodiscard]] QString sampleNamespaceOf(const documents::FleetDocument &fleet);
void setSampleNamespace(documents::FleetDocument &fleet, const QString &ns);
/// Words of a command line as people write them: spaces part, single and double quotes keep together.
[[nodiscard]] QStringList commandWords(const QString &text);
[[nodiscard]] QString commandText(const QStringList &words);

/// The guide's sample: sleep and helloworld v1 in the first cluster, helloworld v2 in the second.
void setSample(documents::FleetDocument &fleet, bool wanted);
[[nodiscard]] bool hasWorkload(const documents::FleetDocument &fleet, const QString &cluster, const QString &manifest);
void setWorkload(documents::FleetDocument &fleet, const QString &cluster, const QString &manifest, bool wanted);

/// What the small map shows while choices are made: the planned things, with what is already seen of them.
[[nodiscard]] observe::ObservedFleet previewFleet(const documents::FleetDocument &fleet, const observe::ObservedFleet &observed);

/// A DNS-1123 label made of any text ("kubernetes-admin@c1" gives "kubernetes-admin-c1"); "cluster" when nothing is left.
[[nodiscard]] QString asLabel(const QString &text);

} // namespace catamaran::ui
