// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kube/eventbacklog.h"
#include "kube/listsplitter.h"
#include "kube/watchlines.h"

#include <QList>
#include <QMutex>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace catamaran::kube {

/// Decodes one transfer of an informer, a page of a list or an open watch, on a pool thread while it arrives. Bytes go
/// in on the GUI thread, small finished values come out there; nothing is parsed on it. A consumer that does not take
/// for long gets the events of a watch thinned out; see EventBacklog.
class InformerFeed : public std::enable_shared_from_this<InformerFeed> {
public:
    enum class Kind { List, Watch };

    /// What was decoded since the last take().
    struct Batch {
        std::vector<CompactEvent> events; ///< of a list: all Added. In the order they came
        quint64 eventsSeen = 0; ///< of a watch, no bookmarks; more than events where those had to be thinned out
        QString resourceVersion; ///< the newest that a watch told; empty: none
        std::optional<core::Error> error; ///< the bytes are wrong; nothing follows
        std::optional<QJsonObject> refusal; ///< the Status of an ERROR event; nothing follows
        std::optional<ListFrame> frame; ///< the end of a list
        bool ended = false; ///< finish() was called and everything before it is decoded
    };

    /// @p notify is called when there is something to take, on a pool thread or within push(), once until it was taken; never
    /// after cancel() has returned. More than @p mostWaiting bytes that are not decoded yet end it with an error; 0: the usual bound.
    [[nodiscard]] static std::shared_ptr<InformerFeed> make(Kind kind, std::function<void()> notify, qint64 mostWaiting = 0);

    void push(const QByteArray &bytes);
    /// No bytes follow.
    void finish();
    [[nodiscard]] Batch take();
    void cancel();

private:
    InformerFeed(Kind kind, std::function<void()> notify, qint64 mostWaiting);
    void schedule();
    void run();
    void decode(const QByteArray &bytes, Batch &into);
    void decodeEnd(Batch &into);

    void tell();

    const Kind m_kind;
    const qint64 m_mostWaiting;
    QMutex m_mutex;
    std::function<void()> m_notify;
    QList<QByteArray> m_bytes;
    qint64 m_waiting = 0; ///< bytes of m_bytes
    Batch m_out;
    EventBacklog m_backlog; ///< the events of m_out, of a watch
    bool m_finished = false, m_running = false, m_told = false, m_cancelled = false, m_overrun = false;

    // Of the pool thread alone.
    CompactReader m_reader;
    ListSplitter m_list;
    WatchLines m_lines;
    std::vector<CompactEvent> m_unnamed; ///< items without kind, which stands behind them in this list
    QByteArray m_head; ///< goes in front of items without kind
    std::size_t m_count = 0;
    qint64 m_kept = 0;
    bool m_dead = false;
};

} // namespace catamaran::kube
