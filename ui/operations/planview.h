// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/operations/stepmodel.h"

#include <QDialog>
#include <QPointer>
#include <QWidget>

class QPushButton;
class QScrollArea;
class QTreeView;

namespace catamaran::ui {

class ErrorBanner;
class PlainLabel;

/// A plan for people: the steps, and of the chosen one how it stands, why it is there, its exact calls and manifests, the
/// same by hand, and its undo. While it runs, the states tick along.
class PlanView : public QWidget {
    Q_OBJECT
public:
    explicit PlanView(QWidget *parent = nullptr);
    void setSteps(const QList<ops::DescribedStep> &steps, StepModel::Wording wording = StepModel::Wording::Do);
    [[nodiscard]] const QList<ops::DescribedStep> &steps() const { return m_model->steps(); }
    [[nodiscard]] StepModel *model() const { return m_model; }
    void setProgress(const ops::StepProgress &progress);
    void resetStates();
    /// Select what runs, and what fails, by itself until the user picks a step.
    void setFollowing(bool following);
    void showStep(const QString &stepId);
    /// With a step that is failed or unknown a button offers to give it up; giveUpRequested() follows.
    void offerGivingUp(bool offered);

signals:
    void giveUpRequested(const QString &stepId);

private:
    StepModel *m_model = nullptr;
    QTreeView *m_steps = nullptr;
    QScrollArea *m_detail = nullptr;
    ErrorBanner *m_said = nullptr; ///< what went wrong with the chosen step
    QWidget *m_page = nullptr; ///< under it, of the chosen step
    bool m_following = false;
    bool m_isChoosing = false; ///< by itself
    bool m_givingUp = false;
    QString m_shown; ///< ids of the steps that the detail is about

    void showDetail();
    void setPage(QWidget *page);
    void showSaid();
    [[nodiscard]] QWidget *makeDetail(const QList<int> &steps, const QString &title) const;
    [[nodiscard]] bool chosenRuns() const;
};

/// Asks before a plan is carried out: shows it whole. accepted() means do it. Opened with open(), never exec().
class PlanDialog : public QDialog {
    Q_OBJECT
public:
    PlanDialog(const QString &title, const QString &explanation, const QList<ops::DescribedStep> &steps, const QString &doIt,
        bool dangerous, QWidget *parent);
};

} // namespace catamaran::ui
