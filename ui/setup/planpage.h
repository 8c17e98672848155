// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/setup/setuppage.h"

class QPushButton;
class QStackedWidget;

namespace catamaran::ui {

class EmptyState;
class ErrorBanner;
class PlainLabel;
class PlanView;

/// Every step before anything happens: calls, manifests, the same by hand, undo.
class PlanPage : public SetupPage {
    Q_OBJECT
public:
    explicit PlanPage(SetupContext &context, QWidget *parent = nullptr);
    [[nodiscard]] QString missing() const override;
    void enter() override;
    [[nodiscard]] QWidget *firstFocus() const override;

private:
    ErrorBanner *m_error = nullptr;
    PlainLabel *m_summary = nullptr;
    QStackedWidget *m_stack = nullptr;
    PlanView *m_view = nullptr;
    EmptyState *m_empty = nullptr;
    QPushButton *m_drift = nullptr, *m_again = nullptr, *m_copy = nullptr, *m_export = nullptr;

    void refresh();
    void exportPlan();
    void showDrift();
};

} // namespace catamaran::ui
