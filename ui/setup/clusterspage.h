// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/setup/setuppage.h"

class QCheckBox;
class QTableWidget;

namespace catamaran::ui {

class ErrorBanner;

/// The clusters of the environment: which take part, and whether they are fit for it.
class ClustersPage : public SetupPage {
    Q_OBJECT
public:
    explicit ClustersPage(SetupContext &context, QWidget *parent = nullptr);
    [[nodiscard]] QString missing() const override;
    void enter() override;
    [[nodiscard]] QWidget *firstFocus() const override;

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    QCheckBox *m_plain = nullptr;
    QTableWidget *m_clusters = nullptr, *m_checks = nullptr;
    ErrorBanner *m_adopted = nullptr;
    bool m_filling = false;

    void refresh();
    void fillChecks();
    void adopt();
};

} // namespace catamaran::ui
