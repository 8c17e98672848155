// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "findings/facts.h"

#include <QHash>

/// Fleets of two clusters, as values: a healthy one (cluster.yaml) and what is changed in it.
namespace catamaran::tests {

struct FleetCase {
    QString name, rule; ///< rule: empty for a healthy one
    QStringList also;
    findings::FleetFacts facts;
};

class Fleets {
public:
    Fleets();
    /// The healthy fleet.
    [[nodiscard]] findings::FleetFacts healthy() const;
    /// All of a file in this folder. Fails the program on a mistake in it.
    [[nodiscard]] const QList<FleetCase> &cases(const QString &file);

private:
    using Lists = QHash<QString, QList<QJsonObject>>;
    struct World {
        QList<Lists> clusters;
        QList<observe::ServerFacts> servers;
    };
    [[nodiscard]] World base() const;
    void change(World &world, const QJsonObject &change, qsizetype cluster) const;
    [[nodiscard]] findings::FleetFacts factsOf(const World &world) const;
    [[nodiscard]] QJsonValue filled(const QJsonValue &value) const;
    [[nodiscard]] QString filledText(const QString &text) const;
    [[nodiscard]] QByteArray pemOf(const QStringList &names) const;

    QDateTime m_now;
    QHash<QString, QByteArray> m_pems;
    QByteArray m_template;
    QHash<QString, QList<FleetCase>> m_cases; ///< as they were read
};

} // namespace catamaran::tests
