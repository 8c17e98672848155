// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "drill/restoration.h"
#include "ui/common/services.h"
#include "ui/common/widgets.h"

#include <QSet>

#include <stop_token>

class QPushButton;

namespace catamaran::ui {

/// Says that an interrupted drill left something broken or a console left a probe, who holds a drill that runs elsewhere, and that another
/// machine's fault is on an object; puts back on one click (after a question what may be running on another machine), and offers to give up
/// what cannot be put back. Looks whenever the session changes, and when the marks of faults do.
class RestoreBanner : public ErrorBanner {
    Q_OBJECT
public:
    explicit RestoreBanner(Services &services, QWidget *parent = nullptr);
    ~RestoreBanner() override;
    void look();

private:
    /// What is to be restored, by the journal and by marks that it does not know.
    struct Seen {
        drill::DueRestores restores;
        QList<drill::MarkedObject> unknown;
        QList<ops::Execution> probes; ///< that were left
    };

    void watchMarks();
    void tell(const core::Result<Seen> &seen);
    void tellRights(const std::shared_ptr<session::Session> &session);
    void askOrRestore();
    void restoreNow(bool alsoOfOthers);
    void tellRestored(const drill::RestoreReport &restored);
    void offerGivingUp(const QList<drill::RestoreOutcome> &outcomes);
    void askWhyGivenUp();
    void giveUp(const QString &reason);

    Services &m_services;
    std::stop_source m_stop;
    QPushButton *m_giveUp = nullptr;
    QSet<QString> m_marks; ///< as they were when it was last looked
    QList<drill::MarkedObject> m_asked; ///< of another machine: put back only after a question
    QList<drill::RestoreOutcome> m_failed;
    QString m_purpose = ops::drillPurpose; ///< of what is offered
    bool m_running = false;
};

} // namespace catamaran::ui
