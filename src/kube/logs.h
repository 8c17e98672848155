// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kube/kubeclient.h"

#include <QDateTime>

#include <optional>

namespace catamaran::kube {

struct LogOptions {
    QString ns, pod, container; ///< container empty: right for pods with one; else the server's error names them
    bool follow = false;
    bool previous = false; ///< of the container's life before this one
    bool timestamps = false; ///< each line begins with the time the node wrote it
    std::optional<int> tailLines;
    std::optional<std::chrono::seconds> since; ///< how far back; @ref sinceTime wins
    QDateTime sinceTime;
    std::optional<qint64> limitBytes;
    /// Tests shorten these two: silence after which the server is asked whether it lives, and its time to say so.
    std::chrono::milliseconds quiet { 5000 };
    std::chrono::milliseconds healthTimeout { 5000 };
};

/// The output of one container. Lives on the client's thread; ends when destroyed. It is not opened again by itself: a
/// log that broke says so, and the caller asks again with sinceTime. When the client's certificate is rotated, one with
/// timestamps goes on as the new identity behind its last line.
class LogStream : public QObject {
    Q_OBJECT
public:
    enum class State {
        Starting, ///< the answer has not begun; a server may hold it back until the first line is there
        Live, ///< lines come, or may come
        Ended, ///< all of it was had: the container has ended, or it was not to be followed
        Failed, ///< refused, broken, or the server is silent: see lastError()
    };
    Q_ENUM(State)

    using QObject::QObject;
    virtual void start() = 0;
    /// Nothing more is emitted; the state stays.
    virtual void stop() = 0;
    [[nodiscard]] virtual State state() const = 0;
    [[nodiscard]] virtual core::Error lastError() const = 0;
    [[nodiscard]] virtual QDateTime lastHeard() const = 0;

signals:
    /// Whole lines with their line ends, at most every 50 ms (sooner when much is there); the last may have none, and
    /// one of more than 64 KiB comes in pieces. The bytes are the container's own: mostly UTF-8, never promised.
    void received(const QByteArray &lines);
    void stateChanged(catamaran::kube::LogStream::State state);
};

} // namespace catamaran::kube
