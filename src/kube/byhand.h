// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QJsonObject>
#include <QList>
#include <QString>
#include <QStringList>

/// The command by hand: what somebody types to do with kubectl what this program does. It runs as printed, in any folder,
/// on the cluster that is meant. Pure.
namespace catamaran::kube {

/// How kubectl reaches one cluster from a shell.
struct ByHand {
    QStringList files; ///< kubeconfigs in their order; empty: kubectl finds the cluster by itself (in a pod)
    QString context; ///< never left to the file's current one, which others may change meanwhile; empty with no files
    QString before {}; ///< shell lines that make the file first, where there is none; without a last line end

    /// The command, each of @p words quoted: "kubectl --kubeconfig /k --context=c get pods".
    [[nodiscard]] QString kubectl(const QStringList &words) const;
    /// The same with @p objects on its standard input: a manifest is printed whole, since a file of ours is not theirs.
    [[nodiscard]] QString kubectl(const QStringList &words, const QList<QJsonObject> &objects) const;
    /// The same with @p quoted as it stands: words for a shell already.
    [[nodiscard]] QString line(const QString &quoted) const;
    [[nodiscard]] QString line(const QString &quoted, const QList<QJsonObject> &objects) const;

    bool operator==(const ByHand &) const = default;
};

/// For the kubeconfigs @p files, or the folder of a service account. @p name is what a file is to be called that one has to
/// make first, where a kubeconfig was handed over without one ("<(…)").
[[nodiscard]] ByHand byHand(const QStringList &files, const QString &context, const QString &name);

/// For a kubeconfig that @p fetch, a shell command, prints: it is saved for its owner alone in the folder where one is.
[[nodiscard]] ByHand byHandFetched(const QString &fetch, const QString &name, const QString &context);

} // namespace catamaran::kube
