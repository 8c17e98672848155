// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kube/kubeclient.h"

namespace catamaran::kube {

/// One query item; both halves are percent-encoded here, because QUrl leaves '+' and ';' as they are and Go reads them
/// as a space and as the end of the item.
using QueryItem = QPair<QByteArray, QByteArray>;
using Query = QList<QueryItem>;

/// @p server with its path prefix, then @p path (already encoded, begins with '/'), then @p query.
[[nodiscard]] QUrl apiUrl(const QUrl &server, const QByteArray &path, const Query &query = {});

/// "/api/v1/namespaces/ns/pods/name/sub", each part encoded; empty parts are left out.
[[nodiscard]] QByteArray resourcePath(
    const ResourceKind &kind, const QString &ns, const QString &name = {}, const QString &subresource = {});

/// Whether @p name can be one part of a path: not empty, not "." or "..", no slash.
[[nodiscard]] bool isPathPart(const QString &name);

} // namespace catamaran::kube
