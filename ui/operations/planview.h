// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fleet/executor.h"
#include "fleet/plan.h"
#include "ui/common/plaintext.h"

#include <QAbstractTableModel>
#include <QDialog>
#include <QWidget>

class QScrollArea;
class QTableView;

namespace catamaran::ui {

/// The steps of a plan with their state while it runs.
class StepModel : public PlainModel<QAbstractTableModel> {
    Q_OBJECT
public:
    enum Columns { StepColumn, StateColumn, TimeColumn, COLUMN_COUNT };
    using PlainModel::PlainModel;

    /// The same steps in the same order keep their rows and states.
    void setPlan(const fleet::Plan &plan);
    void setProgress(const fleet::StepProgress &progress);
    void resetStates();
    [[nodiscard]] const fleet::Plan &plan() const { return m_plan; }
    [[nodiscard]] fleet::StepState state(int row) const { return m_progress.at(row).state; }
    [[nodiscard]] int rowOf(const QString &stepId) const;
    [[nodiscard]] int count(fleet::StepState state) const;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant value(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    fleet::Plan m_plan;
    QList<fleet::StepProgress> m_progress;
};

/// A plan for people: the steps at the left, and of the chosen one why it is there, its exact calls and manifests, the
/// same by hand, and its undo. While it runs, the states tick along.
class PlanView : public QWidget {
    Q_OBJECT
public:
    explicit PlanView(QWidget *parent = nullptr);
    void setPlan(const fleet::Plan &plan);
    [[nodiscard]] const fleet::Plan &plan() const { return m_model->plan(); }
    [[nodiscard]] StepModel *model() const { return m_model; }
    void setProgress(const fleet::StepProgress &progress);
    void resetStates();
    /// Select the running step by itself until the user picks one.
    void setFollowing(bool following);
    void showStep(const QString &stepId);

private:
    StepModel *m_model = nullptr;
    QTableView *m_steps = nullptr;
    QScrollArea *m_detail = nullptr;
    bool m_following = false;
    QString m_shownStep;

    void showDetail(int row);
};

/// Asks before a plan is run: shows it whole. accepted() means do it. Opened with open(), never exec().
class PlanDialog : public QDialog {
    Q_OBJECT
public:
    PlanDialog(const QString &title, const QString &explanation, const fleet::Plan &plan, const QString &doIt, bool dangerous, QWidget *parent);
};

/// All commands of a plan, step by step with titles as comments: a script to read.
[[nodiscard]] QString planAsScript(const fleet::Plan &plan);
/// "1 step", "16 steps".
[[nodiscard]] QString stepsText(int count);
/// "about 3 min": the sum of the usual times.
[[nodiscard]] QString usualTimeText(const fleet::Plan &plan);

} // namespace catamaran::ui
