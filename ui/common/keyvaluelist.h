// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "observe/observedfleet.h"

#include <QList>
#include <QWidget>

#include <optional>

class QGridLayout;

namespace catamaran::ui {

/// Facts as two columns. Rows are updated in place: nothing jumps.
class KeyValueList : public QWidget {
    Q_OBJECT
public:
    struct Row {
        QString key, value;
        QString toolTip = {};
        bool mono = false;
        std::optional<observe::Health> health = std::nullopt; ///< shown as a badge instead of plain text
    };
    explicit KeyValueList(QWidget *parent = nullptr);
    void setRows(const QList<Row> &rows);
    [[nodiscard]] QList<Row> rows() const { return m_rows; }

private:
    QGridLayout *m_grid = nullptr;
    QList<Row> m_rows;
};

} // namespace catamaran::ui
