// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QDialog>
#include <QIcon>
#include <QList>
#include <QString>

#include <functional>

class QLineEdit;
class QListView;
class QStandardItemModel;

namespace catamaran::ui {

/// One thing the palette can do.
struct PaletteEntry {
    QString title; ///< "Verify now", "cluster-1/default/sleep"
    QString detail; ///< its kind or keys, at the right
    QIcon icon;
    bool enabled = true;
    std::function<void()> run;
};

/// Ctrl+K: type a few letters, Enter does it. Best fits first; disabled entries are shown but do nothing.
class CommandPalette : public QDialog {
    Q_OBJECT
public:
    explicit CommandPalette(QWidget *parent = nullptr);
    void setEntries(QList<PaletteEntry> entries);
    /// Titles as listed now; for tests.
    [[nodiscard]] QStringList shown() const;

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    void refilter();
    void say();
    void runCurrent();

    QLineEdit *m_input = nullptr;
    QListView *m_list = nullptr;
    QStandardItemModel *m_model = nullptr;
    QList<PaletteEntry> m_entries;
};

} // namespace catamaran::ui
