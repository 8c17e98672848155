// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/secret.h"
#include "documents/environment.h"

#include <QMap>
#include <QWidget>

class QCheckBox;
class QLineEdit;
class QPushButton;
class QToolButton;

namespace catamaran::ui {

class MutedLabel;

/// The foot of the kubeconfig page: what the environment is called, whether it is production, its cloud account if it has
/// one, and the button that keeps it. It only asks; what is kept is decided by the page.
class EnvironmentBar : public QWidget {
    Q_OBJECT
public:
    explicit EnvironmentBar(QWidget *parent = nullptr);

    /// Name, production and account of one that is kept already.
    void setEnvironment(const documents::Environment &environment);
    /// As typed, without clusters. The account names where its secret will be.
    [[nodiscard]] documents::Environment environment() const;
    /// The account's secret as typed, which leaves its field; empty: the one that is kept already.
    [[nodiscard]] core::Secret takeSecret();
    void openAccount();
    /// Says what keeping would do. @p canSave false: something else is in the way now.
    void showWhatIsKept(int clusters, bool hasFiles, bool canSave);

signals:
    void nameChanged();
    void saveRequested();
    void leaveRequested();

private:
    QLineEdit *m_name = nullptr;
    QMap<QString, QLineEdit *> m_fields; ///< what the account asks for
    std::shared_ptr<const mesh::Account> m_kept; ///< one that says more than the fields; as long as they are empty
    QLineEdit *m_secret = nullptr; ///< one of them; null: none is a secret
    QCheckBox *m_production = nullptr;
    QToolButton *m_account = nullptr;
    QWidget *m_accountHost = nullptr;
    QPushButton *m_save = nullptr;
    MutedLabel *m_note = nullptr;

    QWidget *buildAccount();
};

} // namespace catamaran::ui
