// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "probe/sample.h"
#include "store/database.h"

#include <QAbstractTableModel>
#include <QJsonObject>
#include <QMap>

namespace catamaran::ui {

/// A run as it was kept (document kind "run"). The list holds it without its samples.
struct PastRun {
    qint64 id = 0; ///< of the document; 0: not kept
    QDateTime at;
    QString environment;
    QJsonObject content; ///< as runContent() makes it

    [[nodiscard]] QString source() const;
    [[nodiscard]] QString url() const;
    [[nodiscard]] int requests() const;
    [[nodiscard]] int ok() const;
    [[nodiscard]] int errors() const;
    [[nodiscard]] QMap<QString, int> versions() const;
    [[nodiscard]] probe::Percentiles latency() const;
};

/// The kept runs of an environment, newest first.
class PastRunModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Columns { TimeColumn, SourceColumn, UrlColumn, RequestsColumn, ErrorsColumn, VersionsColumn, LatencyColumn, COLUMN_COUNT };

    using QAbstractTableModel::QAbstractTableModel;
    /// Takes over the newest runs, by the rows that differ. Those that are older than the last of them stay; @p more: there are
    /// still older ones than those that are here.
    void setNewest(const QList<PastRun> &runs, bool more);
    /// Adds runs that are older than all that are here.
    void addOlder(const QList<PastRun> &runs, bool more);
    /// There are older ones than those that are here.
    [[nodiscard]] bool hasMore() const { return m_more; }
    /// They are no longer kept.
    void forget(const QList<qint64> &ids);
    void clear();
    [[nodiscard]] const PastRun &run(int row) const { return m_runs.at(row); }

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    void take(const QList<PastRun> &runs);
    QList<PastRun> m_runs;
    bool m_more = false;
};

} // namespace catamaran::ui
