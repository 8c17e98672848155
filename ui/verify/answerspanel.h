// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "probe/sample.h"

#include <QWidget>

class QLineEdit;
class QPushButton;
class QTableView;

namespace catamaran::ui {

class AnswerFilter;
class AnswerModel;

/// The raw answers of a run, in curl's own words: searched, narrowed to failures, copied.
class AnswersPanel : public QWidget {
    Q_OBJECT
public:
    explicit AnswersPanel(QWidget *parent = nullptr);

    void append(const QList<probe::Sample> &samples);
    void clear();
    void focusSearch();

signals:
    void exportRequested();
    /// The chosen failed answer is to be explained.
    void whyRequested();

private:
    AnswerModel *m_answers = nullptr;
    AnswerFilter *m_filter = nullptr;
    QTableView *m_table = nullptr;
    QLineEdit *m_search = nullptr;

    void buildTable();
    void copy();
    void judgeWhy();
    QPushButton *m_why = nullptr;
};

} // namespace catamaran::ui
