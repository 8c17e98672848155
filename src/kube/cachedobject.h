// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QHash>
#include <QJsonObject>
#include <QString>

#include <memory>
#include <string_view>

namespace catamaran::kube {

/// One object as an informer keeps it: its JSON text without managedFields, which are a third of a pod and which nobody
/// here reads. Text costs a third of the same object as a QJsonObject and is cut out of an answer five times faster
/// than one is built; who looks at an object pays for its conversion. Cheap to copy, readable from any thread.
struct CachedObject {
    QString resourceVersion;
    QByteArray json;

    /// The object, parsed anew each time; empty when the server sent something that only looked like JSON.
    [[nodiscard]] QJsonObject object() const;
    /// The same state of the same object. The version says it all; the size is for servers that are not that careful.
    [[nodiscard]] bool isSameAs(const CachedObject &other) const
    {
        return resourceVersion == other.resourceVersion && json.size() == other.json.size();
    }
};

/// By "namespace/name", or "name" for what has no namespace.
using CachedObjects = QHash<QString, CachedObject>;

/// What was read of one object's text.
struct CompactObject {
    QString key;
    CachedObject object;
    bool hasKind = false; ///< servers leave kind and apiVersion out of a list's items
};

/// One line of a watch.
struct CompactEvent {
    enum class Type { Added, Modified, Deleted, Bookmark, Error };
    Type type = Type::Added;
    CompactObject object; ///< of a bookmark only the version; of an error nothing
    QJsonObject status; ///< of an error
};

/// Reads objects and watch lines with simdjson's on-demand parser, which it keeps: one of these per thread at a time.
/// Errors fill the answer only; nothing here grows beyond its input.
class CompactReader {
public:
    CompactReader();
    ~CompactReader();
    CompactReader(const CompactReader &) = delete;
    CompactReader &operator=(const CompactReader &) = delete;

    /// @p head goes in front of the members of an object that does not say its kind; see withHead().
    [[nodiscard]] core::Result<CompactObject> readObject(std::string_view text, const QByteArray &head = {});
    [[nodiscard]] core::Result<CompactEvent> readEvent(std::string_view line);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

/// @p json with its opening brace replaced by @p head, `{"kind":"Pod","apiVersion":"v1"`. Empty: as it is.
[[nodiscard]] QByteArray withHead(const QByteArray &json, const QByteArray &head);

} // namespace catamaran::kube
