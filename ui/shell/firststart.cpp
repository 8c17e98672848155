// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "firststart.h"

#include "mesh/providers.h"
#include "ui/common/theme.h"
#include "ui/common/widgets.h"

#include <QHBoxLayout>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

namespace catamaran::ui {

FirstStart::FirstStart(QWidget *parent)
    : QWidget(parent)
{
    setObjectName(QStringLiteral("firstStart"));
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(40, 24, 40, 24);
    outer->addStretch(2);
    auto *title = new PlainLabel(tr("Where do you want to work?"), this);
    title->setFont(scaledFont(font(), 1.7, QFont::DemiBold));
    title->setAlignment(Qt::AlignHCenter);
    outer->addWidget(title);
    auto *text = new MutedLabel(
        tr("Catamaran sets up a multi-primary mesh fleet, proves with requests what works, and rehearses its failures."), this);
    text->setAlignment(Qt::AlignHCenter);
    outer->addWidget(text);
    outer->addSpacing(24);

    m_lastPart = new QWidget(this);
    auto *last = new QVBoxLayout(m_lastPart);
    last->setContentsMargins(0, 0, 0, 24);
    last->setSpacing(6);
    m_last = new QPushButton(m_lastPart);
    m_last->setObjectName(QStringLiteral("lastEnvironmentButton"));
    setButtonRole(m_last, ButtonRole::Primary);
    connect(m_last, &QPushButton::clicked, this, [this] { emit lastRequested(m_file); });
    m_buttons << m_last;
    last->addWidget(m_last, 0, Qt::AlignHCenter);
    m_lastFile = new PlainLabel(m_lastPart);
    m_lastFile->setAlignment(Qt::AlignHCenter);
    m_lastFile->setProperty("muted", true);
    last->addWidget(m_lastFile);
    m_lastPart->hide();
    outer->addWidget(m_lastPart);

    auto *cards = new QHBoxLayout;
    cards->setSpacing(18);
    cards->addStretch(1);
    const auto add = [&](const QString &name, const QString &glyph, const QString &heading, const QString &words, const QString &action,
                         bool primary, auto signal) {
        auto *card = new Card(heading, this);
        card->setObjectName(name);
        card->setIcon(glyph);
        card->setText(words);
        card->setMinimumSize(232, 250);
        card->setMaximumWidth(320);
        card->body()->addStretch(1);
        auto *button = card->addButton(action, primary);
        button->setObjectName(name + QStringLiteral("Button"));
        connect(button, &QPushButton::clicked, this, signal);
        m_buttons << button;
        cards->addWidget(card, 4);
    };
    add(QStringLiteral("rangeCard"), QStringLiteral("range"), tr("Try it on the practice range"),
        tr("A whole fleet on this machine: two clusters, real TLS, real failures. Nothing leaves it, and it is gone when you close the window."),
        tr("Start the range"), true, &FirstStart::rangeRequested);
    const mesh::ProviderWords provider = mesh::wordsOf({});
    add(QStringLiteral("cloudCard"), QStringLiteral("cloud"), provider.connectTitle, provider.connectText, tr("Connect"), false,
        &FirstStart::cloudRequested);
    add(QStringLiteral("kubeconfigCard"), QStringLiteral("file"), tr("Use my kubeconfigs"),
        tr("Clusters that you reach already: from ~/.kube/config or any kubeconfig file, with the rights that it gives. Istio that runs in them is found."),
        tr("Choose files"), false, &FirstStart::kubeconfigsRequested);
    cards->addStretch(1);
    outer->addLayout(cards);
    outer->addSpacing(16);

    auto *open = new QPushButton(tr("Open an environment file…"), this);
    open->setObjectName(QStringLiteral("openFileButton"));
    open->setAccessibleName(tr("Open an environment file"));
    setButtonRole(open, ButtonRole::Quiet);
    connect(open, &QPushButton::clicked, this, &FirstStart::openFileRequested);
    m_buttons << open;
    outer->addWidget(open, 0, Qt::AlignHCenter);
    outer->addSpacing(10);
    m_note = new PlainLabel(this);
    m_note->setAlignment(Qt::AlignHCenter);
    m_note->setProperty("muted", true);
    outer->addWidget(m_note);
    m_progress = new QProgressBar(this);
    m_progress->setRange(0, 0);
    m_progress->setTextVisible(false);
    m_progress->setMaximumWidth(280);
    m_progress->setAccessibleName(tr("Opening"));
    outer->addWidget(m_progress, 0, Qt::AlignHCenter);
    outer->addStretch(3);
    setLast({}, {});
    setBusy({});
}

void FirstStart::setLast(const QString &file, const QString &name)
{
    m_file = file;
    m_last->setText(buttonText(tr("Go on with %1").arg(name)));
    m_last->setAccessibleDescription(file);
    m_lastFile->setText(file);
    m_lastPart->setVisible(!file.isEmpty());
    // One thing at a time is what most people want next.
    auto *range = findChild<QPushButton *>(QStringLiteral("rangeCardButton"));
    setButtonRole(range, file.isEmpty() ? ButtonRole::Primary : ButtonRole::Normal);
    setFocusProxy(file.isEmpty() ? range : m_last);
}

void FirstStart::setBusy(const QString &note)
{
    m_note->setText(note);
    m_progress->setVisible(!note.isEmpty());
    for (QPushButton *button : std::as_const(m_buttons))
        button->setEnabled(note.isEmpty());
}

} // namespace catamaran::ui
