// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bundle/asitwas.h"
#include "findings/facts.h"
#include "session/session.h"

#include <functional>
#include <stop_token>

/// One file with what somebody who is to help needs to see: docs/design/truth.md has its contents.
namespace catamaran::bundle {

inline const QString suffix = QStringLiteral(".bundle.tar.gz");

struct Making {
    QString databaseFile; ///< the journal
    /// The matrix as the window has it; nullopt: judged of what is read, without requests or with what @c ask gives.
    std::optional<truth::Matrix> matrix {};
    /// Asks about the directions first (truth::prove()); empty: no request is sent.
    std::function<truth::Matrix(const observe::ObservedFleet &fleet, std::stop_token stop)> ask {};
    QString program; ///< "0.4.0"
    std::function<void(const QString &what, int percent)> onProgress {}; ///< called on the worker thread
};

/// Reads everything of @p session once and packs it: secrets taken out, bounded in size; what could not be read is in it as the
/// reason why. Cancelled after a stop. For a worker thread.
[[nodiscard]] core::Result<QByteArray> make(session::Session &session, const Making &making, std::stop_token stop);

/// Writes it whole or not at all, for its owner alone (0600).
[[nodiscard]] core::Result<core::Done> save(const QString &file, const QByteArray &bundle);

/// What a bundle tells. The bytes are not trusted: InvalidInput about @p origin for anything that make() does not write.
[[nodiscard]] core::Result<AsItWas> open(const QByteArray &bundle, const QString &origin);
[[nodiscard]] core::Result<AsItWas> load(const QString &file);

} // namespace catamaran::bundle
