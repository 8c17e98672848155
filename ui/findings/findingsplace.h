// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "findings/watch.h"
#include "ui/common/place.h"
#include "ui/common/services.h"

class QTabWidget;

namespace catamaran::ui {

class FailoverPanel;
class FindingsPanel;
class WhyPanel;

/// What is wrong, whether services fail over, and why one request goes where it goes.
class FindingsPlace : public Place {
    Q_OBJECT
public:
    explicit FindingsPlace(Services &services, QWidget *parent = nullptr);

    [[nodiscard]] QString id() const override { return QStringLiteral("findings"); }
    [[nodiscard]] QString title() const override { return tr("Findings"); }
    [[nodiscard]] QString iconName() const override { return QStringLiteral("shield"); }
    [[nodiscard]] QList<QAction *> placeActions() const override { return m_actions; }
    [[nodiscard]] QStringList findableObjects() const override;
    /// "failover", "why", or a finding: its id, its sentence, or the name of its cluster.
    void showObject(const QString &object) override;
    [[nodiscard]] QStringList tourStops() const override
    {
        return { QStringLiteral("findings"), QStringLiteral("failover"), QStringLiteral("why") };
    }
    void showTourStop(const QString &stop) override;
    [[nodiscard]] bool isTourBusy() const override;

    /// What this place shows: the session's, or what a test gives.
    void setJudgement(const std::shared_ptr<const findings::Judgement> &judgement, bool isConnected);
    [[nodiscard]] FindingsPanel *findingsPanel() const { return m_findings; }
    [[nodiscard]] FailoverPanel *failoverPanel() const { return m_failover; }
    [[nodiscard]] WhyPanel *whyPanel() const { return m_why; }

private:
    void follow();

    Services &m_services;
    QTabWidget *m_tabs = nullptr;
    FindingsPanel *m_findings = nullptr;
    FailoverPanel *m_failover = nullptr;
    WhyPanel *m_why = nullptr;
    QList<QAction *> m_actions;
};

} // namespace catamaran::ui
