// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtGlobal>

namespace catamaran::net {

/// Makes the kernel notice within 14 s that the other end of a long-lived connection is gone (unplugged, or forgotten by
/// something between), also while nothing is sent. Qt switches keep-alive on for its HTTP sockets but leaves the
/// system's first probe after two hours, and does not hand out the sockets: so this looks through the process's own for
/// those with keep-alive on and the system's times. Does nothing where the system has no such settings.
void hastenKeepAlive();

/// The same a fifth of a second later, once for all who ask until then: it looks at every socket, and hundreds of connections are opened
/// at once. From any thread with an event loop.
void hastenKeepAliveSoon();

/// The same for one socket, whether keep-alive is on there or not, and within 9 s for what was sent and not taken: for a
/// connection on which something is sent every 5 s. Does nothing with -1.
void hastenKeepAlive(qintptr socket);

} // namespace catamaran::net
