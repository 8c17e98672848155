// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/common/services.h"
#include "ui/common/widgets.h"
#include "ui/operations/executiondialog.h"

namespace catamaran::ui {

/// Says that an apply, a taking away or an undo was interrupted, and offers to go on, to undo it, or to leave it as it is. Looks
/// whenever the session or the journal changes, and never while its owner lives. Drills have a banner of their own.
class InterruptedBanner : public ErrorBanner {
    Q_OBJECT
public:
    explicit InterruptedBanner(Services &services, QWidget *parent = nullptr);
    void look();

private:
    Services &m_services;
    PlanRunner *m_leaving = nullptr;
    std::optional<ExecutionEntry> m_entry; ///< the one that is offered
    QList<ExecutionDialog::Deed> m_deeds; ///< by button; one more button leaves it
    bool m_failed = false; ///< shows why it could not be left

    void tell(const QList<ExecutionEntry> &entries);
    void choose(int button);
    void left(const ops::ExecutionResult &result);
};

} // namespace catamaran::ui
