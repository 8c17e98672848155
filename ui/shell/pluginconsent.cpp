// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "pluginconsent.h"

#include "core/shellquoted.h"
#include "ui/common/commandbox.h"
#include "ui/common/labels.h"
#include "ui/common/services.h"
#include "ui/common/theme.h"

#include <QDialog>
#include <QDialogButtonBox>
#include <QPushButton>
#include <QSettings>
#include <QVBoxLayout>

#include <algorithm>

namespace catamaran::ui {

namespace {

const QString permittedKey = QStringLiteral("plugins/permitted");

bool looksSecret(const QString &variable)
{
    const QString name = variable.toUpper();
    const QStringList words { QStringLiteral("SECRET"), QStringLiteral("TOKEN"), QStringLiteral("PASS"), QStringLiteral("KEY"),
        QStringLiteral("CREDENTIAL") };
    return std::any_of(words.begin(), words.end(), [&name](const QString &word) { return name.contains(word); });
}

QWidget *plain(const QString &text)
{
    auto *label = new WrappedLabel;
    label->setTextFormat(Qt::PlainText);
    label->setText(text);
    return label;
}

} // namespace

QString pluginCommand(const kube::PluginQuestion &question)
{
    QStringList words;
    for (const auto &[name, value] : question.environment)
        words << core::shellQuoted(name) + u'=' + (looksSecret(name) ? QStringLiteral("…") : core::shellQuoted(value));
    words << core::shellQuoted(QStringList { question.program } + question.arguments);
    return words.join(u' ');
}

PluginConsent::PluginConsent(QWidget *window, Services &services)
    : QObject(window)
    , m_window(window)
{
    kube::setPluginPermission([this](const kube::PluginQuestion &question, const Answer &answer) { ask(question, answer); });
    connect(&services, &Services::sessionChanged, this, [this] { m_refused.clear(); });
}

PluginConsent::~PluginConsent()
{
    kube::setPluginPermission({});
    delete m_dialog;
}

void PluginConsent::ask(const kube::PluginQuestion &question, Answer answer)
{
    if (m_refused.contains(question.hash)) {
        answer(false);
        return;
    }
    if (QSettings().value(permittedKey).toStringList().contains(QString::fromLatin1(question.hash))) {
        answer(true);
        return;
    }
    const auto same = std::find_if(m_asked.begin(), m_asked.end(), [&](const Asked &one) { return one.question.hash == question.hash; });
    if (same != m_asked.end()) {
        same->answers.append(std::move(answer));
        return;
    }
    m_asked.append({ question, { std::move(answer) } });
    if (m_asked.size() == 1)
        show();
}

void PluginConsent::show()
{
    const kube::PluginQuestion &question = m_asked.first().question;
    m_dialog = new QDialog(m_window);
    m_dialog->setObjectName(QStringLiteral("pluginConsent"));
    m_dialog->setWindowTitle(tr("Run a program?"));
    m_dialog->setAttribute(Qt::WA_DeleteOnClose);
    m_dialog->resize(640, 0);
    auto *layout = new QVBoxLayout(m_dialog);
    layout->addWidget(plain(tr(
        "The kubeconfig %1, which belongs to the user %2, names a program that gives the credentials for a cluster. It runs with your rights:")
                                .arg(question.file, question.owner)));
    auto *command = new CommandBox;
    command->setCommand(pluginCommand(question));
    command->setAccessibleName(tr("The program with its arguments"));
    layout->addWidget(command);
    if (!question.doubt.isEmpty())
        layout->addWidget(plain(tr("Careful, of the program itself: %1.").arg(question.doubt)));
    auto *note = new MutedLabel;
    note->setTextFormat(Qt::PlainText);
    note->setText(tr(
        "Run it only if you know it. Your answer is kept for this file and this command; when one of them changes, you are asked again."));
    layout->addWidget(note);
    auto *buttons = new QDialogButtonBox;
    auto *run = buttons->addButton(tr("&Run it"), QDialogButtonBox::AcceptRole);
    run->setObjectName(QStringLiteral("runPlugin"));
    auto *refuse = buttons->addButton(tr("&Do not run it"), QDialogButtonBox::RejectRole);
    refuse->setObjectName(QStringLiteral("refusePlugin"));
    run->setAutoDefault(false);
    refuse->setDefault(true);
    layout->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::accepted, m_dialog, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, m_dialog, &QDialog::reject);
    connect(m_dialog, &QDialog::finished, this, [this](int result) { answered(result == QDialog::Accepted); });
    m_dialog->open();
    refuse->setFocus();
}

void PluginConsent::answered(bool yes)
{
    const Asked asked = m_asked.takeFirst();
    if (yes) {
        QSettings settings;
        settings.setValue(permittedKey, settings.value(permittedKey).toStringList() << QString::fromLatin1(asked.question.hash));
    } else {
        m_refused.insert(asked.question.hash);
    }
    for (const Answer &answer : asked.answers)
        answer(yes);
    if (!m_asked.isEmpty())
        show();
}

} // namespace catamaran::ui
