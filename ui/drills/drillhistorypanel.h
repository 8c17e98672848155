// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.h"
#include "drill/trend.h"
#include "ui/drills/drillhistory.h"

#include <QWidget>

class QPushButton;
class QTableView;

namespace catamaran::ui {

class DrillTrend;
class ErrorBanner;
class MutedLabel;
class PlainLabel;

/// What was rehearsed before: a list, two of it side by side, and how the drill of the chosen run went each time.
class DrillHistoryPanel : public QWidget {
    Q_OBJECT
public:
    explicit DrillHistoryPanel(QWidget *parent = nullptr);
    [[nodiscard]] DrillHistoryModel *model() const { return m_model; }
    /// The summaries of what was kept, newest first; or why they could not be read.
    void setHistory(const core::Result<QList<store::Document>> &documents);
    /// Shows nothing, not even that there is none.
    void forget();

signals:
    void resultOpened(qint64 document);
    void historyRequested();

private:
    [[nodiscard]] QList<int> selectedRows() const;
    void showChosen();
    void compare();
    void choose(qint64 document);
    void showParts(bool isKnown);

    DrillHistoryModel *m_model = nullptr;
    QTableView *m_table = nullptr;
    ErrorBanner *m_error = nullptr;
    MutedLabel *m_none = nullptr;
    QPushButton *m_open = nullptr, *m_compare = nullptr;
    QWidget *m_trendPart = nullptr;
    PlainLabel *m_trendTitle = nullptr;
    MutedLabel *m_trendText = nullptr;
    DrillTrend *m_trend = nullptr;
    QList<drill::Trend> m_trends;
};

} // namespace catamaran::ui
