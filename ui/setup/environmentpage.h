// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/setup/setuppage.h"

class QLineEdit;
class QGridLayout;
class QPushButton;

namespace catamaran::ui {

class Card;
class ErrorBanner;
class KeyValueList;

/// Where to work, and where the meshes are made: the practice range, an environment file, or kubeconfigs with what a provider needs.
class EnvironmentPage : public SetupPage {
    Q_OBJECT
public:
    explicit EnvironmentPage(SetupContext &context, QWidget *parent = nullptr);
    [[nodiscard]] QString missing() const override;
    [[nodiscard]] QWidget *firstFocus() const override;

    void enter() override;

signals:
    /// The screen for kubeconfigs is wanted, for meshes of @p provider; empty: for the clusters as they are.
    void kubeconfigsRequested(const QString &provider);
    /// A kept environment is to be changed there.
    void changeRequested(const catamaran::documents::Environment &environment);

private:
    Card *m_current = nullptr;
    KeyValueList *m_facts = nullptr;
    ErrorBanner *m_error = nullptr;
    QPushButton *m_range = nullptr;
    QLineEdit *m_file = nullptr;
    QPushButton *m_openFile = nullptr;
    Card *m_kept = nullptr;
    QGridLayout *m_keptGrid = nullptr;
    QStringList m_keptFiles;

    [[nodiscard]] Card *buildMakers();
    void refresh();
    void chooseFile();
    void open(const QString &file);
    void fillKept();
    void removeKept(const QString &file);
};

} // namespace catamaran::ui
