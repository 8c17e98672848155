// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QWidget>

class QGridLayout;

namespace catamaran::ui {

/// Figures of two things side by side, and what changed from the earlier to the later. Every text can be selected.
class CompareGrid : public QWidget {
    Q_OBJECT
public:
    explicit CompareGrid(QWidget *parent = nullptr);
    void addLine(const QString &name, const QString &earlier, const QString &later, const QString &change = {});

private:
    void addCell(int column, const QString &text, bool strong = false);
    QGridLayout *m_grid = nullptr;
    int m_row = 0;
};

} // namespace catamaran::ui
