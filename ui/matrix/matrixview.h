// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QTableView>

namespace catamaran::ui {

/// Shows a MatrixModel. Its cells share the room that there is, down to a size at which they can be read; then it scrolls. Small
/// cells leave out the words, so that twenty clusters fit into a small window.
class MatrixView : public QTableView {
    Q_OBJECT
public:
    explicit MatrixView(QWidget *parent = nullptr);
    void setModel(QAbstractItemModel *model) override;
    void setSmallCells(bool small);
    [[nodiscard]] bool hasSmallCells() const { return m_small; }

signals:
    /// Enter or a double click.
    void opened(const QModelIndex &index);

protected:
    void resizeEvent(QResizeEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void share();
    bool m_small = false;
};

} // namespace catamaran::ui
