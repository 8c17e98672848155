// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.h"

#include "ops/executor.h"

#include <QMap>

#include <optional>

/// What the commands that change something tell of it.
namespace catamaran::ctl {

/// Tells each change of a step's state or note once.
class StepTeller {
public:
    /// @p titles by step.
    StepTeller(const Context &context, QMap<QString, QString> titles);
    void tell(const ops::StepProgress &progress);

private:
    const Context &m_context;
    const QMap<QString, QString> m_titles;
    QString m_last;
};

/// Which of @p rights the clusters refuse; nullopt: none, or it could not be asked.
[[nodiscard]] std::optional<core::Error> missingRights(const Context &context, const QString &tried, const QList<ops::Right> &rights);

/// {"execution","complete","done_steps","outcomes":[{"id","title","state","note","evidence","source","at","request_id","elapsed_ms","error"}]}
[[nodiscard]] QJsonObject toJson(const ops::ExecutionResult &result, const QMap<QString, QString> &titles);
/// Of a result that is not complete.
[[nodiscard]] core::Error whyIncomplete(const ops::ExecutionResult &result, const QString &tried, const QString &target);

} // namespace catamaran::ctl
