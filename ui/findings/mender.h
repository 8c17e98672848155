// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "findings/mend.h"
#include "ui/operations/planrunner.h"

#include <QObject>

namespace catamaran::ui {

/// Mends what was found: shows the plan, asks, carries it out, and has the facts read again. One at a time; what it did is in the Activity
/// and can be undone there.
class Mender : public QObject {
    Q_OBJECT
public:
    /// @p window: over which it asks.
    Mender(Services &services, QWidget *window);
    /// @p name: of the rule, or what else is mended; for the journal.
    void ask(const ops::Plan &plan, const QString &name, const QString &explanation);
    [[nodiscard]] bool isRunning() const { return m_runner->isRunning(); }

signals:
    void started();
    /// Everything was done, or why not.
    void ended(const catamaran::ops::ExecutionResult &result, const QString &name);
    void refused(const catamaran::core::Error &error);

private:
    Services &m_services;
    QWidget *m_window = nullptr;
    PlanRunner *m_runner = nullptr;
    QString m_name;
};

} // namespace catamaran::ui
