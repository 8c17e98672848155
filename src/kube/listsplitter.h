// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.h"

#include <QByteArray>

#include <functional>
#include <string_view>

namespace catamaran::kube {

/// What stands around the items of a list.
struct ListFrame {
    QString kind, apiVersion; ///< "PodList", "v1"
    QString resourceVersion;
    QString next; ///< the continue token; empty on the last page
};

/// Cuts the items out of a list's body while it still arrives, so that decoding overlaps the transfer and the body is
/// never held as a whole. It follows strings and brackets only; each item is then parsed by somebody who reads JSON.
class ListSplitter {
public:
    /// Called with each item's text, from '{' to '}'; valid during the call. False stops.
    using Take = std::function<bool(std::string_view)>;

    explicit ListSplitter(qsizetype longestItem = 8 * 1024 * 1024)
        : m_longest(longestItem)
    {
    }
    /// Errors fill the answer only; after one nothing more is taken.
    [[nodiscard]] core::Result<core::Done> feed(std::string_view bytes, const Take &take);
    /// The end of the body: everything must be closed.
    [[nodiscard]] core::Result<ListFrame> end();
    /// What is known of the kind before the end; empty when it stands behind the items.
    [[nodiscard]] const QByteArray &frame() const { return m_frame; }

private:
    tl::unexpected<core::Error> broken(const QString &what);

    QByteArray m_frame; ///< all but the items; they are an empty array in it
    QByteArray m_item; ///< the beginning of an item whose end has not come
    QByteArray m_key; ///< the last text on the list's own level: a key, when a colon follows
    qsizetype m_longest;
    int m_items = 0;
    int m_depth = 0;
    bool m_inString = false, m_escaped = false;
    bool m_keyIsItems = false; ///< a colon came behind "items"
    bool m_inItems = false;
    bool m_inItem = false;
    bool m_broken = false;
};

} // namespace catamaran::kube
