// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/common/services.h"

#include <QWidget>

class QStandardItemModel;
class QTableView;

namespace catamaran::ui {

class EmptyState;
class ErrorBanner;

/// When directions broke and when they were mended, the newest first, as the history has it.
class DirectionLog : public QWidget {
    Q_OBJECT
public:
    explicit DirectionLog(Services &services, QWidget *parent = nullptr);
    void reload(const QString &environment);

private:
    Services &m_services;
    QString m_asked;
    QStandardItemModel *m_model = nullptr;
    QTableView *m_table = nullptr;
    EmptyState *m_empty = nullptr;
    ErrorBanner *m_error = nullptr;
};

} // namespace catamaran::ui
