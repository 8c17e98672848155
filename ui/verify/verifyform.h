// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "observe/observedfleet.h"
#include "probe/run.h"

#include <QWidget>

#include <optional>

class QComboBox;
class QDoubleSpinBox;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace catamaran::ui {

class CommandBox;
class PlainLabel;

/// What to send from where: the left side of the Verify place. Pure widget: it starts nothing itself.
class VerifyForm : public QWidget {
    Q_OBJECT
public:
    explicit VerifyForm(QWidget *parent = nullptr);

    /// Offers the workloads of @p fleet as sources; what is chosen stays chosen while it exists.
    void setFleet(const observe::ObservedFleet &fleet);
    /// One that the fleet does not have yet is chosen as soon as it does, unless somebody picks another.
    void setSource(const probe::Source &source);
    [[nodiscard]] probe::RunSpec spec() const;
    /// Until stopped: neither count nor duration.
    [[nodiscard]] bool isEndless() const;
    void setRunning(bool running);
    /// Why nothing can be sent from the chosen source now (a right, a stale cluster); empty: nothing is in the way.
    void setObstacle(const QString &why);
    [[nodiscard]] const QString &obstacle() const { return m_obstacle; }
    [[nodiscard]] bool hasSource() const;

signals:
    void specChanged();
    void startRequested();
    void stopRequested();

private:
    struct Entry {
        probe::Source source;
        int ready = 0;
        kube::ByHand byHand; ///< of its cluster
    };
    QList<Entry> m_entries;
    QComboBox *m_cluster = nullptr, *m_namespace = nullptr, *m_workload = nullptr;
    PlainLabel *m_sourceNote = nullptr;
    QLineEdit *m_url = nullptr;
    QComboBox *m_amount = nullptr;
    QSpinBox *m_count = nullptr, *m_seconds = nullptr;
    QDoubleSpinBox *m_rate = nullptr;
    QComboBox *m_connections = nullptr;
    CommandBox *m_command = nullptr;
    QPushButton *m_start = nullptr, *m_stop = nullptr;
    bool m_running = false;
    QString m_obstacle;
    bool m_chosen = false; ///< a person picked the source
    std::optional<probe::Source> m_awaited; ///< asked for, not seen in the fleet yet

    void fillClusters();
    void fillNamespaces();
    void fillWorkloads();
    void tell();
};

} // namespace catamaran::ui
