// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/setup/setuppage.h"

class QComboBox;
class QGridLayout;

namespace catamaran::ui {

class Card;
class ErrorBanner;
class KeyValueList;

/// Which mesh manages which cluster, and which only discovers it: a matrix of meshes and clusters.
class MembershipPage : public SetupPage {
    Q_OBJECT
public:
    explicit MembershipPage(SetupContext &context, QWidget *parent = nullptr);
    [[nodiscard]] QString missing() const override;
    void enter() override;

private:
    ErrorBanner *m_problem = nullptr;
    QWidget *m_host = nullptr;
    QGridLayout *m_grid = nullptr;
    Card *m_readers = nullptr;
    KeyValueList *m_reads = nullptr;
    QStringList m_shape;
    QMap<QPair<QString, QString>, QComboBox *> m_cells;

    void refresh();
    void showReaders();
};

} // namespace catamaran::ui
