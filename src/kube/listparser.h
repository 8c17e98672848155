// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QJsonObject>
#include <QList>

namespace catamaran::kube {

/// One page of a list.
struct ListPage {
    QList<QJsonObject> items;
    QString resourceVersion;
    QString next; ///< the continue token; empty on the last page
};

/// Reads a list body strictly: an object with "items" (an array of objects, or null) and "metadata". The error's
/// answer says what is wrong (items get the kind and apiVersion that servers leave out of lists); tried and target are the caller's to
/// fill. Pure; meant for a pool thread when large.
/// @p body may grow by some bytes of padding behind its end.
[[nodiscard]] core::Result<ListPage> parseListPage(QByteArray body);

/// Reads one JSON object.
[[nodiscard]] core::Result<QJsonObject> parseObject(const QByteArray &body);

} // namespace catamaran::kube
