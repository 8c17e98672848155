// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/setup/setuppage.h"

class QLineEdit;
class QListWidget;
class QPlainTextEdit;
class QPushButton;
class QTableWidget;

namespace catamaran::ui {

class Card;
class ErrorBanner;
class KeyValueList;

/// Where to work: the practice range, an environment file, or kubeconfigs with or without a cloud account.
class EnvironmentPage : public SetupPage {
    Q_OBJECT
public:
    explicit EnvironmentPage(SetupContext &context, QWidget *parent = nullptr);
    [[nodiscard]] QString missing() const override;
    [[nodiscard]] QWidget *firstFocus() const override;

    /// Reads kubeconfig files and lists their contexts; problems are shown beside them.
    void addKubeconfigs(const QStringList &files);

private:
    Card *m_current = nullptr;
    KeyValueList *m_facts = nullptr;
    ErrorBanner *m_error = nullptr;
    QPushButton *m_range = nullptr;
    QLineEdit *m_file = nullptr;
    QPushButton *m_openFile = nullptr;
    QStringList m_kubeconfigs;
    QTableWidget *m_contexts = nullptr;
    QLineEdit *m_name = nullptr, *m_keyId = nullptr, *m_keySecret = nullptr, *m_regions = nullptr;
    QPushButton *m_useContexts = nullptr;

    void refresh();
    void chooseFile();
    void chooseKubeconfigs();
    void useContexts();
};

} // namespace catamaran::ui
