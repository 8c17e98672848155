// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/common/errorbanner.h"
#include "ui/common/services.h"

namespace catamaran::ui {

/// Says that a direction broke or was found failed, and that it was mended: in the window, on the desktop while nobody looks at the window,
/// and in the history, where the Activity place reads it. The banner stays until it is closed or nothing is broken any more.
class DirectionNews : public ErrorBanner {
    Q_OBJECT
public:
    explicit DirectionNews(Services &services, QWidget *parent = nullptr);
    /// What a prover told; that of the open environment does.
    void take(const truth::News &news);

signals:
    /// Show that direction, "cluster-1 → cluster-2".
    void directionRequested(const QString &direction);

private:
    enum class What { Broke, Found, Mended };
    void follow();
    void tell(const truth::DirectionState &state, What what);
    void showBroken();

    Services &m_services;
    QMap<QString, QString> m_broken; ///< by direction: what is said of it
    QMap<QString, What> m_told; ///< how they failed: of these it is news that they are proven
    QString m_newest;
};

/// Shows @p title and @p text on the desktop, where a service for that answers. It waits for nobody and fails in silence.
void notifyDesktop(const QString &title, const QString &text, bool urgent);

} // namespace catamaran::ui
