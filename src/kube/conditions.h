// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QJsonObject>
#include <QString>

#include <functional>
#include <optional>

namespace catamaran::kube {

/// What a condition makes of one sighting of an object.
struct Verdict {
    enum class State {
        NotYet,
        So,
        Never, ///< it will not become so by itself
    };
    State state = State::NotYet;
    QString text; ///< what was seen, for people: "1 of 2 pods ready"; of Never the reason
};

/// Pure; nullopt: there is no such object. Asked with the newest sighting; states between two may never be asked about.
using Condition = std::function<Verdict(const std::optional<QJsonObject> &)>;

/// What one may wait for.
namespace conditions {

[[nodiscard]] Condition exists();
/// The object with @p uid is not there any more; another of its name does not count.
[[nodiscard]] Condition gone(const QString &uid);
/// No object has the name. One that is not on its way out was made anew by somebody: Never.
[[nodiscard]] Condition absent();
/// What was told to go has gone: nothing is there, or somebody's new object.
[[nodiscard]] Condition goneOrReplaced();
/// A Deployment or StatefulSet wants @p replicas, has them and no others, all ready. Never when another number is wanted.
[[nodiscard]] Condition scaledTo(int replicas);
/// A Deployment or StatefulSet has what it wants, of its newest template, ready. Never when its controller has given up.
[[nodiscard]] Condition rolledOut();
/// The controller has taken note of the newest spec; at once So for what has no controller that says so.
[[nodiscard]] Condition observed();

} // namespace conditions

} // namespace catamaran::kube
