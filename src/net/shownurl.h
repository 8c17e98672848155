// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QUrl>

namespace catamaran::net {

/// The address without query and user info: both can carry what must not be shown.
[[nodiscard]] inline QString shownUrl(const QUrl &url)
{
    return url.toString(QUrl::RemoveUserInfo | QUrl::RemoveQuery);
}

} // namespace catamaran::net
