// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fleet/adopt.h"
#include "fleet/drift.h"
#include "ui/operations/planrunner.h"

#include <QDialog>

class QCheckBox;
class QPushButton;
class QTableWidget;

namespace catamaran::ui {

class ErrorBanner;
class PlainLabel;
class Services;

/// Where the fleet is not what the choices say, field by field, and the two ways out: correcting it by a plan, or taking what is there for
/// the choices. Looks by itself when it is made; changes nothing before a plan was shown. Opened with open(); goes by itself.
class DriftDialog : public QDialog {
    Q_OBJECT
public:
    DriftDialog(Services &services, const documents::FleetDocument &document, QWidget *parent);
    ~DriftDialog() override;
    void done(int result) override;

signals:
    /// What is there was chosen instead.
    void adopted(const catamaran::fleet::Adopted &adopted);
    /// A correction was carried out, wholly or not.
    void corrected();

private:
    struct Looked {
        observe::ObservedFleet observed;
        fleet::Drift drift;
    };

    Services &m_services;
    const documents::FleetDocument m_document;
    std::shared_ptr<session::Session> m_session; ///< that was looked with
    std::optional<Looked> m_looked;
    PlanRunner *m_runner = nullptr;
    ErrorBanner *m_note = nullptr;
    PlainLabel *m_summary = nullptr;
    QTableWidget *m_fields = nullptr;
    QCheckBox *m_own = nullptr;
    QPushButton *m_again = nullptr, *m_correct = nullptr, *m_adopt = nullptr;
    std::stop_source m_stop;
    bool m_looking = false;

    void look();
    void take(const core::Result<Looked> &looked);
    void fill();
    void refresh();
    void askToCorrect();
    void askToAdopt();
};

} // namespace catamaran::ui
