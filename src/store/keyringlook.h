// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.h"

#include <QObject>
#include <QString>

#include <functional>

/// What can be known of the desktop's keyring without anybody being asked for a password: over D-Bus, from the Secret Service or
/// KWallet, whichever QtKeychain will use. Main thread.
namespace catamaran::store::keyring {

enum class State {
    None, ///< none answers on the session bus
    Open,
    Locked, ///< a person is asked for its password when something is read from it or kept
    Unmade, ///< there is none yet: a person is asked for a new password when something is kept
};

struct Seen {
    State state = State::None;
    bool held = false; ///< it has an entry of the name that was asked for
    bool heldLocked = false; ///< and a person is asked before that can be read
    QString service; ///< its name on the bus
    QString process; ///< who answers by that name: another one after it was started anew
};

/// Looks at the keyring, and at the entry @p name of @p folder in it, and gives what it saw to @p then, from the event loop and
/// only while @p context lives. Timeout: there is one, and it does not answer.
void look(QObject *context, const QString &folder, const QString &name, std::function<void(const core::Result<Seen> &)> then);

/// Whether @p service still answers at all.
void ping(QObject *context, const QString &service, std::function<void(bool)> then);

} // namespace catamaran::store::keyring
