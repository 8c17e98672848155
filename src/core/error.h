// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QList>
#include <QMetaType>
#include <QString>

namespace catamaran::core {

/// What a caller may branch on. The texts of an Error are for people.
enum class ErrorKind {
    InvalidInput, ///< a file, field or argument is wrong; nothing was sent
    Network, ///< no connection, or it broke
    Timeout, ///< connected or not, no answer came in time
    Tls, ///< certificate or handshake refused
    Unauthorized, ///< 401, or an unknown or wrongly signed access key
    Forbidden, ///< 403
    NotFound, ///< 404, or the cloud's own "not there"
    Conflict, ///< 409
    Gone, ///< 410: list again
    Throttled, ///< 429 or the cloud's throttling codes
    Server, ///< 5xx
    Protocol, ///< an answer that does not have the promised form
    Precondition, ///< the world is not in the state that the call needs
    Cancelled, ///< a stop was requested
    Storage, ///< disk, database or keyring
    Unsupported, ///< this server or build cannot do it
    Internal, ///< our own mistake
};

/// One thing that somebody else holds and a Conflict is about: which manager owns which field.
struct HeldField {
    QString manager; ///< "kubectl"
    QString field; ///< ".spec.replicas"
    bool operator==(const HeldField &) const = default;
};

/// A failure as a value. It says what was tried, on what, what came back and what to do next.
/// No text here ever holds a secret: who builds an Error redacts it.
struct Error {
    ErrorKind kind = ErrorKind::Internal;
    QString tried; ///< what we were doing: "list pods in namespace default"
    QString target; ///< on what: a URL, a file with line, "mesh-1"
    QString answer; ///< what came back, in the words of the other side (at most 1 KiB)
    QString remedy; ///< what the user can do next; may be empty
    int httpStatus = 0; ///< 0 when no HTTP answer was had
    QString code; ///< machine code of the answer: a Status reason, a cloud error code
    QString requestId; ///< the server's id of the request, where it gave one
    int retryAfterMs = -1; ///< how long the server asks to wait; -1 when it did not say
    QList<HeldField> conflicts {}; ///< of a Conflict between managers: all of them; empty when only the version was another

    /// One line: "Could not <tried> on <target>: <answer>. <remedy>".
    [[nodiscard]] QString text() const;

    /// Makes an Error in one line. @p answer is cut to 1 KiB.
    [[nodiscard]] static Error make(ErrorKind kind, QString tried, QString target, QString answer, QString remedy = {});
};

/// The stable name of a kind in JSON output and logs: "network", "unauthorized", ...
[[nodiscard]] QString kindName(ErrorKind kind);

} // namespace catamaran::core

Q_DECLARE_METATYPE(catamaran::core::Error)
