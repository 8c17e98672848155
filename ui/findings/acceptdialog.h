// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "findings/finding.h"

#include <QDialog>

class QDateEdit;
class QLineEdit;

namespace catamaran::ui {

/// Asks until when a finding is accepted, and why; accepted() means both were said. Opened with open().
class AcceptDialog : public QDialog {
    Q_OBJECT
public:
    AcceptDialog(const findings::Finding &finding, QWidget *parent);
    [[nodiscard]] findings::Accepted answer() const;

private:
    QDateEdit *m_until = nullptr;
    QLineEdit *m_reason = nullptr;
};

} // namespace catamaran::ui
