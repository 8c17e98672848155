// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QJsonObject>
#include <QList>
#include <QString>

namespace catamaran::drill {

/// One figure of two results.
struct ComparedFigure {
    QString key; ///< of the result's JSON: "recovery_ms"
    QString name; ///< for people
    QJsonValue first, second; ///< null: not known
    /// The second less the first; nullopt where one is not known or no number.
    [[nodiscard]] std::optional<double> difference() const;
};
/// The figures of two results as the history keeps them, whole or as summaries. Pure.
[[nodiscard]] QList<ComparedFigure> compared(const QJsonObject &first, const QJsonObject &second);
/// Why they measure two different things (another drill, client, target or parameters); empty: they do not. Pure.
[[nodiscard]] QString whyNotAlike(const QJsonObject &first, const QJsonObject &second);

} // namespace catamaran::drill
