// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QTableView>
#include <QTimer>

namespace catamaran::ui {

class ContextModel;

/// The contexts of the kubeconfig files as a table, each state with its shape. Columns take what their texts need; where the
/// room is short, those give way first that stand in the details as well.
class ContextTable : public QTableView {
    Q_OBJECT
public:
    explicit ContextTable(ContextModel *model, QWidget *parent = nullptr);
    /// Anew for texts that have changed.
    void fitColumns();
    /// The same a moment later, once for all that changes until then: columns are measured cell by cell.
    void fitColumnsSoon();

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    QTimer m_soon;
};

} // namespace catamaran::ui
