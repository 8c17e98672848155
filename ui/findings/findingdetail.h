// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/findings/findingsmodel.h"

#include <QScrollArea>

class QPushButton;

namespace catamaran::ui {

class KeyValueList;
class PlainLabel;
class StateBadge;

/// All of one finding: what, where, why that matters, the facts it rests on with their sources and ages, and what to do.
class FindingDetail : public QScrollArea {
    Q_OBJECT
public:
    explicit FindingDetail(QWidget *parent = nullptr);
    /// Null: nothing is chosen.
    void showRow(const FindingRow *row);

private:
    QWidget *m_page = nullptr;
    StateBadge *m_badge = nullptr;
    PlainLabel *m_title = nullptr, *m_nothing = nullptr;
    KeyValueList *m_rows = nullptr;
    QPushButton *m_documentation = nullptr;
    QString m_link;
};

} // namespace catamaran::ui
