// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.h"

#include <QList>
#include <QString>
#include <QStringList>

#include <chrono>
#include <limits>
#include <memory>
#include <optional>
#include <vector>

/// Reads the project's own YAML documents (Environment, Fleet, Drill) strictly: unknown keys, duplicates, wrong types
/// and missing fields are errors that name file, line and field. The first error wins and is kept by the document, so
/// that a reader is straight-line code which asks error() once at its end; until then accessors give defaults.
namespace catamaran::documents {

class YamlValue {
public:
    /// False for an optional field that is absent, and for everything below an error.
    [[nodiscard]] bool exists() const;
    explicit operator bool() const { return exists(); }

    /// A member of this map; absent is an error.
    [[nodiscard]] YamlValue field(const char *key) const;
    /// A member of this map that may be absent.
    [[nodiscard]] YamlValue maybe(const char *key) const;
    /// Every key of this map must be one of @p keys. Call it once for each map.
    const YamlValue &only(const std::vector<const char *> &keys) const;
    /// The keys of this map, in the order of the file.
    [[nodiscard]] QStringList keys() const;

    /// The elements of this list; empty when it does not exist.
    [[nodiscard]] QList<YamlValue> items() const;
    [[nodiscard]] bool isMap() const;
    [[nodiscard]] bool isList() const;

    [[nodiscard]] QString text(const QString &fallback = {}) const;
    /// A text that is one of @p allowed.
    [[nodiscard]] QString choice(const QStringList &allowed, const QString &fallback = {}) const;
    /// A lower-case DNS-1123 label of at most 63 characters.
    [[nodiscard]] QString label() const;
    [[nodiscard]] QStringList texts() const; ///< a list of texts
    [[nodiscard]] bool boolean(bool fallback = false) const;
    [[nodiscard]] int integer(
        int fallback = 0, int minimum = std::numeric_limits<int>::min(), int maximum = std::numeric_limits<int>::max()) const;
    [[nodiscard]] double number(double fallback = 0, double minimum = std::numeric_limits<double>::lowest(),
        double maximum = std::numeric_limits<double>::max()) const;
    /// "500ms", "30s", "2m", "1h", or "0".
    [[nodiscard]] std::chrono::milliseconds duration(std::chrono::milliseconds fallback = {}) const;

    /// Reports an error of the caller's own about this value.
    void reject(const QString &answer, const QString &remedy = {}) const;
    [[nodiscard]] int line() const; ///< from 1
    [[nodiscard]] const QString &path() const; ///< "spec.clusters[0].name"

private:
    friend class YamlDocument;
    struct Data;
    std::shared_ptr<const Data> d;
    QString m_path;
    int m_line = 0;
};

class YamlDocument {
public:
    /// Parses one document of at most 1 MiB. @p origin names it in errors, @p tried is Error::tried
    /// ("read the fleet"). Checks apiVersion catamaran.io/v1 and @p kind, and that the top level has
    /// only apiVersion, kind, metadata and spec.
    YamlDocument(const QByteArray &yaml, const QString &origin, const QString &tried, const QString &kind);

    [[nodiscard]] const YamlValue &root() const { return m_root; }
    [[nodiscard]] YamlValue spec() const { return m_root.field("spec"); }
    /// metadata.name, a DNS-1123 label; metadata has nothing else.
    [[nodiscard]] QString name() const;
    /// The first error, if any.
    [[nodiscard]] std::optional<core::Error> error() const;

private:
    YamlValue m_root;
    std::shared_ptr<std::optional<core::Error>> m_error;
};

/// Reads a small file whole; errors name it. For the documents above.
[[nodiscard]] core::Result<QByteArray> readDocumentFile(const QString &file, const QString &tried);

/// Whether @p text is a DNS-1123 label.
[[nodiscard]] bool isDnsLabel(const QString &text);

} // namespace catamaran::documents
