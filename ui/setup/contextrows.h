// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kube/kubeconfig.h"
#include "observe/observedfleet.h"

#include <QDateTime>
#include <QList>
#include <QString>
#include <QStringList>

#include <optional>

/// What the kubeconfig screen shows, made from loaded files. Pure but for reading the files; any thread.
namespace catamaran::ui {

/// How long before its end a certificate is called soon to expire.
constexpr int soonDays = 14;

enum class Expiry { None, Fine, Soon, Expired };
[[nodiscard]] Expiry expiryOf(const QDateTime &end, const QDateTime &now);

/// A way to mend something, with the command that does it.
struct Mend {
    QString what;
    QString command;
    bool operator==(const Mend &) const = default;
};

/// One context and what it resolves to.
struct ContextRow {
    QString name, file;
    QStringList files; ///< to be given to kubectl for it: its own file where that says all, else every file
    bool current = false; ///< the kubeconfigs' own current-context
    QString cluster, clusterFile, user, userFile, ns;
    QString server, trust, identity, actingAs, proxy;
    QString who; ///< identity in a few words: "certificate alice", "token", "plugin kubelogin"
    QDateTime certificateExpires; ///< null without a client certificate
    Expiry expiry = Expiry::None;
    bool insecure = false; ///< nobody verifies who answers
    bool plainHttp = false; ///< not even encrypted, and no credentials are sent
    QList<kube::ConfigIssue> issues; ///< most severe first
    QList<Mend> mends;
    std::optional<kube::ClusterAccess> access; ///< null: it cannot be used

    [[nodiscard]] bool usable() const { return access.has_value(); }
    [[nodiscard]] observe::Health health() const;
    /// One line: what is worst about it, or that it can be used.
    [[nodiscard]] QString stateText() const;
    [[nodiscard]] QString expiryText(const QDateTime &now) const;
    /// Everything shown as plain text. Holds no secret.
    [[nodiscard]] QString asText(const QDateTime &now) const;
};

/// One file of the list.
struct KubeFile {
    QString path;
    int contexts = 0; ///< that this file defines and that are used
    bool missing = false;
    std::optional<core::Error> error; ///< it cannot be read: the others are used without it
    QList<kube::ConfigIssue> issues;
    bool operator==(const KubeFile &other) const
    {
        return path == other.path && contexts == other.contexts && missing == other.missing && error.has_value() == other.error.has_value();
    }
};

struct KubeReading {
    QList<KubeFile> files; ///< in the order given
    QList<ContextRow> rows;
    QList<kube::ConfigIssue> issues; ///< of the files together
};

/// The rows of a loaded configuration.
[[nodiscard]] QList<ContextRow> contextRows(const kube::Kubeconfig &config, const QDateTime &now);
/// Reads @p files one by one and together. kubectl refuses the whole list when one file is broken; here that file is
/// named and the others are read without it. A context whose own file has its cluster and user uses those, though with
/// all files together the first entry of a name would win: clouds call every user the same.
[[nodiscard]] KubeReading readKubeconfigs(const QStringList &files, const QDateTime &now);

/// Note is good to know and nothing bad.
[[nodiscard]] observe::Health severityHealth(kube::ConfigIssue::Severity severity);
[[nodiscard]] QString severityWord(kube::ConfigIssue::Severity severity);

} // namespace catamaran::ui
