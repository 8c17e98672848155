// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "drill/drilldocument.h"

#include <optional>

namespace catamaran::drill {

enum class ParameterType {
    Label, ///< a DNS label: a cluster, a namespace, a service
    Workload, ///< cluster/namespace/name; also $(p.cluster), $(p.namespace), $(p.name)
    Url, ///< http or https, without fragment, spaces, brackets, braces, commas
    Integer,
    Duration, ///< "500ms", "10s"
    Labels, ///< labels with commas between them, also none: for a list in brackets
};
[[nodiscard]] QString typeName(ParameterType type); ///< "workload"

struct Parameter {
    QString name;
    ParameterType type = ParameterType::Label;
    QString about; ///< for people
    std::optional<QString> preset; ///< its default; nullopt: it has to be given
    QStringList allowed {}; ///< empty: any of its type
    int least = 0, most = 1'000'000; ///< of an Integer
    int line = 0; ///< in the file, from 1

    /// Why @p value is none for it; empty: it is.
    [[nodiscard]] QString whyNot(const QString &value) const;
};

/// A drill document, parameters open. Checked as far as that goes without values.
struct DrillTemplate {
    static constexpr int mostParameters = 20;

    QString id, title, summary, hypothesis; ///< $(name) in them
    QList<Parameter> parameters;
    QByteArray yaml;
    QString origin;

    /// Whether nothing has to be given.
    [[nodiscard]] bool isReady() const;
    /// The drill with @p values, and the defaults for what is left out. InvalidInput that names file, line and parameter. Pure.
    [[nodiscard]] core::Result<DrillDocument> fill(const QMap<QString, QString> &values) const;
};

[[nodiscard]] core::Result<DrillTemplate> parseTemplate(const QByteArray &yaml, const QString &origin);
[[nodiscard]] core::Result<DrillTemplate> loadTemplate(const QString &file);
/// All that come with Catamaran, in order: drills that are ready, then those with something to give.
[[nodiscard]] QList<DrillTemplate> builtinTemplates();

} // namespace catamaran::drill
