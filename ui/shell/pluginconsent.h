// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kube/execplugin.h"

#include <QList>
#include <QObject>
#include <QPointer>
#include <QSet>

#include <functional>

class QDialog;

namespace catamaran::ui {

class Services;

/// The command of @p question as it will be run, with the variables it gets; values that look like secrets are left out.
[[nodiscard]] QString pluginCommand(const kube::PluginQuestion &question);

/// Asks the person at the window whether a program that a kubeconfig names may run: once for each file and command. A yes
/// is kept in the settings, a no until another environment is opened. One question at a time; nothing waits for it but the
/// requests that need it. While it lives it is who is asked (kube::setPluginPermission); without it no plugin runs here.
class PluginConsent : public QObject {
    Q_OBJECT
public:
    PluginConsent(QWidget *window, Services &services);
    ~PluginConsent() override;

private:
    using Answer = std::function<void(bool)>;
    struct Asked {
        kube::PluginQuestion question;
        QList<Answer> answers; ///< of all who ask the same
    };
    void ask(const kube::PluginQuestion &question, Answer answer);
    void show();
    void answered(bool yes);

    QWidget *m_window;
    QList<Asked> m_asked; ///< the first is in the dialog
    QSet<QByteArray> m_refused;
    QPointer<QDialog> m_dialog;
};

} // namespace catamaran::ui
