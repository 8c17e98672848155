// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/executor.h"
#include "ui/common/plaintext.h"
#include "ui/operations/shownplan.h"

#include <QAbstractItemModel>
#include <QElapsedTimer>

namespace catamaran::ui {

/// The steps of a plan with their states while it is carried out, several at a time. The objects of one workload are one row that
/// can be opened.
class StepModel : public PlainModel<QAbstractItemModel> {
    Q_OBJECT
public:
    enum Columns { StepColumn, StateColumn, TimeColumn, COLUMN_COUNT };
    enum class Wording { Do, TakeBack }; ///< "Deploy sleep", "Take back: Deploy sleep"
    explicit StepModel(QObject *parent = nullptr);

    /// The same steps in the same order keep their rows and states.
    void setSteps(const QList<ops::DescribedStep> &steps, Wording wording = Wording::Do);
    void setProgress(const ops::StepProgress &progress);
    void resetStates();
    /// Times of what runs are told anew.
    void tick();

    [[nodiscard]] const QList<ops::DescribedStep> &steps() const { return m_steps; }
    [[nodiscard]] Wording wording() const { return m_wording; }
    [[nodiscard]] const ops::StepProgress &progress(int step) const { return m_progress.at(step); }
    [[nodiscard]] int count(ops::StepState state) const;
    /// Milliseconds that what is not done will usually take.
    [[nodiscard]] qint64 remainingMs() const;
    [[nodiscard]] QString title(int step) const;

    /// Places in steps(): of the row's own step, or of all that it holds.
    [[nodiscard]] QList<int> stepsOf(const QModelIndex &index) const;
    /// Of the row of a group: its title.
    [[nodiscard]] QString titleOf(const QModelIndex &index) const;
    [[nodiscard]] bool isGroup(const QModelIndex &index) const { return rowCount(index) > 0; }
    /// Invalid for an id that is no step.
    [[nodiscard]] QModelIndex indexOf(const QString &stepId) const;

    [[nodiscard]] QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex &child) const override;
    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant value(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    QList<ops::DescribedStep> m_steps;
    Wording m_wording = Wording::Do;
    QList<StepGroup> m_groups;
    QHash<QString, int> m_places;
    QList<ops::StepProgress> m_progress;
    QList<qint64> m_since; ///< by step, when it began on m_clock
    QElapsedTimer m_clock;

    [[nodiscard]] QString worded(const QString &title, bool stays) const;
    [[nodiscard]] ops::StepState stateOf(const QList<int> &steps) const;
    [[nodiscard]] QString stateText(const QList<int> &steps) const;
    [[nodiscard]] QString timeText(const QList<int> &steps) const;
    [[nodiscard]] qint64 elapsedMs(int step) const;
    [[nodiscard]] bool areByHand(const QList<int> &steps) const;
    void emitChanged(int step);
};

/// "3 of 35 steps done, 12 s so far, about 40 s to go"
[[nodiscard]] QString runningText(const StepModel &model, qint64 elapsedMs);
/// How many of @p steps Catamaran does not do: they are left to somebody's hands. Pure.
[[nodiscard]] int byHandCount(const QList<ops::DescribedStep> &steps);
/// What @p count such steps in a plan mean: it is not carried out.
[[nodiscard]] QString byHandText(int count);
/// "✓ done"
[[nodiscard]] QString stepStateText(ops::StepState state);

} // namespace catamaran::ui
