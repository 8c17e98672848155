// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "observe/observedfleet.h"
#include "ui/findings/findingsmodel.h"

#include <QWidget>

class QTableView;

namespace catamaran::ui {

class EmptyState;
class KeyValueList;

/// What can be judged of the fleet as it runs: a list, and the chosen finding with its evidence, source and remedy.
class FindingsView : public QWidget {
    Q_OBJECT
public:
    explicit FindingsView(QWidget *parent = nullptr);
    /// Judges @p fleet; the chosen finding stays chosen.
    void setFleet(const observe::ObservedFleet &fleet);
    [[nodiscard]] FindingsModel *model() const { return m_model; }
    /// How many are worse than ok.
    [[nodiscard]] int openFindings() const;

signals:
    void countChanged();

private:
    void showChosen();
    FindingsModel *m_model = nullptr;
    QTableView *m_table = nullptr;
    KeyValueList *m_details = nullptr;
    EmptyState *m_empty = nullptr;
    QWidget *m_content = nullptr;
};

} // namespace catamaran::ui
