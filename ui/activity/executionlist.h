// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/common/services.h"
#include "ui/operations/executions.h"

#include <QHash>
#include <QObject>

namespace catamaran::ui {

/// The newest executions of one environment, read on the history's thread: what has not changed since is not read again, and what
/// is asked while one reading is under way is one more reading.
class ExecutionList : public QObject {
    Q_OBJECT
public:
    explicit ExecutionList(Services &services, QObject *parent = nullptr);
    /// Every environment's when @p environment is empty. The newest reading's answer is told.
    void reload(const QString &environment);
    /// Newest first.
    using Told = std::function<void(const QString &environment, const core::Result<QList<ExecutionEntry>> &entries)>;
    void onRead(Told told) { m_told = std::move(told); }

private:
    struct Known {
        ops::Stamp stamp;
        ExecutionEntry entry;
    };
    using Answer = QList<std::pair<ops::Stamp, std::optional<ExecutionEntry>>>; ///< without an entry it is the known one

    Services &m_services;
    Told m_told;
    QString m_environment;
    QHash<qint64, Known> m_known;
    bool m_isReading = false;
    bool m_again = false;

    void take(const core::Result<Answer> &answer);
};

} // namespace catamaran::ui
