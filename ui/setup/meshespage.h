// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/setup/setuppage.h"

class QGridLayout;
class QLineEdit;
class QRadioButton;

namespace catamaran::ui {

class ErrorBanner;
class Card;
class KeyValueList;
class PlainLabel;
class StateBadge;

/// The meshes (name, version) and the root that their certificates chain to.
class MeshesPage : public SetupPage {
    Q_OBJECT
public:
    explicit MeshesPage(SetupContext &context, QWidget *parent = nullptr);
    [[nodiscard]] QString missing() const override;
    void enter() override;

private:
    ErrorBanner *m_problem = nullptr;
    QWidget *m_rowsHost = nullptr;
    QGridLayout *m_rows = nullptr;
    QStringList m_shape; ///< what the rows were built for
    Card *m_planes = nullptr;
    KeyValueList *m_found = nullptr;
    QRadioButton *m_shared = nullptr, *m_separate = nullptr;
    QLineEdit *m_rootName = nullptr;
    StateBadge *m_rootBadge = nullptr;
    PlainLabel *m_rootNote = nullptr;
    std::stop_source m_look;
    QString m_lookedFor;

    void refresh();
    void buildRows();
    void showPlanes();
    /// What is asked of the keyring, and what for.
    struct RootLook {
        QStringList entries;
        bool needed = false; ///< a mesh is to be made under it
        bool shared = false;
    };
    void lookForRoot();
    void lookForEntry(const QString &looked, const RootLook &look, qsizetype at);
    void showRoot(const RootLook &look, const core::Result<bool> &found);
};

} // namespace catamaran::ui
