// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/secret.h"
#include "documents/environment.h"

#include <QMap>
#include <QWidget>

class QCheckBox;
class QComboBox;
class QHBoxLayout;
class QLineEdit;
class QPushButton;

namespace catamaran::mesh {
class ProviderKind;
}

namespace catamaran::ui {

class MutedLabel;

/// The foot of the kubeconfig page: what the environment is called, whether it is production, who makes its meshes and the account
/// that takes, where consoles on other machines are seen, and the button that keeps it. It only asks; what is kept is decided by the page.
class EnvironmentBar : public QWidget {
    Q_OBJECT
public:
    explicit EnvironmentBar(QWidget *parent = nullptr);

    /// Name, production, account and Lease of one that is kept already.
    void setEnvironment(const documents::Environment &environment);
    /// As typed, without clusters. The account names where its secret will be.
    [[nodiscard]] documents::Environment environment() const;
    /// The account's secret as typed, which leaves its field; empty: the one that is kept already.
    [[nodiscard]] core::Secret takeSecret();
    /// Who makes meshes there (mesh::ProviderKind::name()) and what it asks for; empty: the clusters are taken as they are.
    void setMaker(const QString &provider);
    [[nodiscard]] QString maker() const;
    /// Says what keeping would do with @p clusters. @p canSave false: something else is in the way now.
    void showWhatIsKept(const QStringList &clusters, bool hasFiles, bool canSave);

signals:
    void makerChanged();
    void nameChanged();
    void saveRequested();
    void leaveRequested();

private:
    QLineEdit *m_name = nullptr;
    QMap<QString, QLineEdit *> m_fields; ///< what the account asks for
    std::shared_ptr<const mesh::Account> m_kept; ///< one that says more than the fields; as long as they are empty
    QLineEdit *m_secret = nullptr; ///< one of them; null: none is a secret
    QString m_asked; ///< the provider that the fields are of
    QCheckBox *m_production = nullptr;
    QComboBox *m_maker = nullptr, *m_leaseCluster = nullptr;
    QLineEdit *m_leaseNamespace = nullptr;
    QWidget *m_accountHost = nullptr;
    QHBoxLayout *m_accountRow = nullptr;
    QPushButton *m_save = nullptr;
    MutedLabel *m_note = nullptr;

    [[nodiscard]] const mesh::ProviderKind *kind() const;
    [[nodiscard]] QWidget *buildLease();
    void askForAccount();
    void offerLeaseIn(const QStringList &clusters);
    [[nodiscard]] QString whyNoLease() const;
};

} // namespace catamaran::ui
