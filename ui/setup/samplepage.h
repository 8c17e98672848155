// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/setup/setuppage.h"

class QCheckBox;
class QComboBox;
class QGridLayout;
class QSpinBox;
class QLineEdit;

namespace catamaran::ui {

class CommandBox;

/// The sample application: who answers where.
class SamplePage : public SetupPage {
    Q_OBJECT
public:
    explicit SamplePage(SetupContext &context, QWidget *parent = nullptr);
    void enter() override;

private:
    struct Override {
        QLineEdit *image = nullptr;
        QSpinBox *replicas = nullptr;
        QLineEdit *command = nullptr;
    };
    QWidget *m_changes = nullptr;
    QLineEdit *m_namespace = nullptr;
    QList<Override> m_overrides; ///< in the order of the manifests
    bool m_filling = false;
    QCheckBox *m_wanted = nullptr;
    QWidget *m_host = nullptr;
    QGridLayout *m_grid = nullptr;
    QComboBox *m_which = nullptr;
    CommandBox *m_manifest = nullptr;

    void refresh();
};

} // namespace catamaran::ui
