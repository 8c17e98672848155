// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/setup/contextrows.h"

#include <QTableWidget>

namespace catamaran::ui {

/// The kubeconfig files that are read together: how many contexts each gives, and what is wrong with it. As tall as its first
/// few files.
class KubeFileTable : public QTableWidget {
    Q_OBJECT
public:
    explicit KubeFileTable(QWidget *parent = nullptr);
    void setFiles(const QList<KubeFile> &files);
    /// Takes the chosen file out of the list: by key, from the context menu, or for a button.
    [[nodiscard]] QAction *removeAction() const { return m_remove; }

signals:
    void removeRequested(const QStringList &paths);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    QList<KubeFile> m_shown;
    QAction *m_remove = nullptr;
    void fitColumns();
};

} // namespace catamaran::ui
