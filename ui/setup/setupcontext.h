// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fleet/adopt.h"
#include "fleet/preflight.h"
#include "ui/common/services.h"
#include "ui/operations/planrunner.h"
#include "ui/setup/setupdraft.h"

#include <QObject>
#include <QTimer>

#include <functional>
#include <optional>

namespace catamaran::ui {

/// What the wizard's pages share: the choices, the world as seen, the plan made of both, and its execution. Pages read
/// it and change it through edit(); they never read each other. The draft is kept in the history at every change; the one that
/// was kept before comes a moment after the start, with restored().
class SetupContext : public QObject {
    Q_OBJECT
public:
    explicit SetupContext(Services &services, QObject *parent = nullptr);
    ~SetupContext() override;

    Services &services;

    [[nodiscard]] const SetupDraft &draft() const { return m_draft; }
    [[nodiscard]] const observe::ObservedFleet &observed() const { return m_observed; }
    [[nodiscard]] std::shared_ptr<session::Session> session() const { return services.session(); }
    [[nodiscard]] PlanRunner *runner() const { return m_runner; }

    /// The only door to the choices.
    void edit(const std::function<void(SetupDraft &)> &change);
    /// Takes what is there for the choices: a plan of them is empty. Gives what was left out or concluded, or why it cannot be done.
    [[nodiscard]] core::Result<QStringList> adopt();
    /// The same of what was read elsewhere.
    void takeAdopted(const fleet::Adopted &adopted);
    /// Who makes the meshes of the environment @p environment, which is about to be opened (SetupDraft::maker).
    void setMaker(const QString &environment, const QString &provider);
    /// Who makes new meshes here (mesh::ProviderKind::name()); empty: nobody can.
    [[nodiscard]] QString maker() const;
    /// Starts over: forgets all choices but the environment.
    void forgetChoices();
    /// Chooses between clusters under meshes and clusters without any; the clusters stay chosen.
    void setPlain(bool plain);

    /// Looks at the world again and plans; planChanged() follows, and again when the looking ends.
    void replan();
    [[nodiscard]] bool isPlanning() const { return m_planning; }
    [[nodiscard]] const std::optional<ShownPlan> &plan() const { return m_plan; } ///< absent until planned, or on an error
    /// What an interruption of the plan would cost, to be said before it is carried out; empty: nothing.
    [[nodiscard]] QString whatCannotBeResumed() const;
    [[nodiscard]] const std::optional<core::Error> &planError() const { return m_planError; }
    /// What validateFleet() says of the choices.
    [[nodiscard]] const QList<core::Error> &problems() const { return m_problems; }
    [[nodiscard]] const QList<fleet::Finding> &findings() const { return m_findings; }

    [[nodiscard]] const QStringList &meshVersions() const { return m_versions; }
    /// The draft is the one that was kept, or there was none, or it cannot be read.
    [[nodiscard]] bool isRestored() const { return m_restored; }

signals:
    void restored();
    void draftChanged();
    void observedChanged();
    void sessionChanged();
    void planChanged();
    void versionsChanged();
    void stepRequested(catamaran::ui::SetupStep step);

private:
    SetupDraft m_draft;
    observe::ObservedFleet m_observed;
    PlanRunner *m_runner = nullptr;
    std::optional<ShownPlan> m_plan;
    std::optional<core::Error> m_planError;
    QList<core::Error> m_problems;
    QList<fleet::Finding> m_findings;
    QStringList m_versions;
    bool m_planning = false;
    bool m_restored = false;
    std::pair<QString, QString> m_made; ///< the environment that setMaker() was told of, and who makes its meshes
    std::optional<QJsonObject> m_filledIn; ///< the fleet as it was filled in here, while more may be found; nobody has touched it
    bool m_mayKeep = false; ///< what was kept before has been read, and may be replaced
    std::stop_source m_planStop, m_versionStop;
    QTimer m_save;

    void restore();
    void takeKept(const core::Result<QList<store::Document>> &documents);
    void save();
    void followSession();
    void takeFleet(const observe::ObservedFleet &fleet);
    void fillIn(const observe::ObservedFleet &fleet);
    void judge();
};

} // namespace catamaran::ui

Q_DECLARE_METATYPE(catamaran::ui::SetupStep)
