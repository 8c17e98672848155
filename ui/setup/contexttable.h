// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QTableView>

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

protected:
    void resizeEvent(QResizeEvent *event) override;
};

} // namespace catamaran::ui
