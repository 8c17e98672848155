// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/common/place.h"
#include "ui/common/services.h"
#include "ui/setup/setupdraft.h"

#include <QList>

class QListWidget;
class QPushButton;
class QStackedWidget;

namespace catamaran::ui {

class KubeconfigPage;
class PlainLabel;
class SetupContext;
class SetupPage;
class TopologyView;

/// The wizard from an environment to ten answers. Pages can be left and returned to freely; the draft is kept; a small
/// map beside them grows as choices are made.
class SetupPlace : public Place {
    Q_OBJECT
public:
    explicit SetupPlace(Services &services, QWidget *parent = nullptr);
    ~SetupPlace() override;

    [[nodiscard]] QString id() const override { return QStringLiteral("setup"); }
    [[nodiscard]] QString title() const override { return tr("Setup"); }
    [[nodiscard]] QString iconName() const override { return QStringLiteral("setup"); }
    [[nodiscard]] QList<QAction *> placeActions() const override;
    [[nodiscard]] QStringList findableObjects() const override;
    void showObject(const QString &object) override;
    [[nodiscard]] QStringList tourStops() const override;
    void showTourStop(const QString &stop) override;

    [[nodiscard]] SetupStep step() const;
    /// Goes to a page; pages after the first need an open environment.
    void goTo(SetupStep step);
    /// The screen where an environment is made of kubeconfigs; @p withAccount opens the fields of a cloud account.
    void showKubeconfigs(const QString &maker = {});
    [[nodiscard]] KubeconfigPage *kubeconfigs() const { return m_kubeconfigs; }
    [[nodiscard]] bool isTourBusy() const override;

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    SetupContext *m_context = nullptr;
    QList<SetupPage *> m_pages;
    KubeconfigPage *m_kubeconfigs = nullptr; ///< beside the pages: a part of the first
    QWidget *m_bar = nullptr;
    QListWidget *m_steps = nullptr;
    QStackedWidget *m_stack = nullptr;
    QPushButton *m_back = nullptr, *m_next = nullptr;
    PlainLabel *m_why = nullptr;
    QWidget *m_mapHost = nullptr;
    TopologyView *m_map = nullptr;
    QList<QAction *> m_actions;
    bool m_restored = false;

    void showPage(int page, bool focus);
    void goBackToDraft();
    void refreshSteps();
    void refreshMap();
    [[nodiscard]] bool isReachable(int page) const;
    /// The next page in a direction that can be shown; -1: none.
    [[nodiscard]] int neighbour(int page, int by) const;
    /// Of the page shown; the kubeconfigs belong to the first.
    [[nodiscard]] int pageIndex() const;
};

} // namespace catamaran::ui
