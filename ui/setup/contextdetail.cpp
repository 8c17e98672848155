// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/setup/contextdetail.h"

#include "mesh/providers.h"
#include "ui/common/format.h"
#include "ui/common/icons.h"
#include "ui/common/theme.h"
#include "ui/common/widgets.h"
#include "ui/setup/setuppage.h"

#include <QFormLayout>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

namespace catamaran::ui {

namespace {

PlainLabel *wrapped(const QString &text, bool muted = false)
{
    auto *label = new PlainLabel(text);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    label->setFocusPolicy(Qt::NoFocus);
    if (muted)
        label->setProperty("muted", true);
    return label;
}

/// A state in its own column and beside it what is said, with a quieter line under it.
void addLine(QGridLayout *grid, int &row, observe::Health health, const QString &word, const QString &text, const QString &quiet,
    const QString &right, const QString &toolTip)
{
    auto *badge = new StateBadge(health, word);
    grid->addWidget(badge, row, 0, Qt::AlignTop | Qt::AlignLeft);
    auto *said = wrapped(text);
    said->setContentsMargins(0, 2, 0, 0); // level with the badge's word
    said->setAccessibleName(QStringLiteral("%1: %2").arg(word, said->text()));
    grid->addWidget(said, row, 1, Qt::AlignTop);
    if (!right.isEmpty()) {
        auto *time = wrapped(right, true);
        time->setWordWrap(false);
        time->setFont(tabularFont(time->font()));
        time->setContentsMargins(0, 2, 0, 0);
        time->setToolTip(toolTip);
        grid->addWidget(time, row, 2, Qt::AlignTop | Qt::AlignRight);
    }
    ++row;
    if (!quiet.isEmpty())
        grid->addWidget(wrapped(quiet, true), row++, 1, 1, 2);
}

QGridLayout *makeGrid(QWidget *host)
{
    auto *grid = new QGridLayout(host);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(10);
    grid->setVerticalSpacing(4);
    grid->setColumnStretch(1, 1);
    return grid;
}

} // namespace

ContextDetail::ContextDetail(QWidget *parent)
    : QWidget(parent)
    , m_title(new PlainLabel)
    , m_facts(new KeyValueList)
    , m_cloudId(new QLineEdit)
    , m_region(new QLineEdit)
    , m_issueHost(new QWidget)
    , m_testHost(new QWidget)
    , m_issues(makeGrid(m_issueHost))
    , m_lines(makeGrid(m_testHost))
    , m_fine(wrapped(tr("Nothing is wrong with it."), true))
    , m_idle(wrapped(
          tr("Not tested yet. The test asks for the server's version and whether this identity may do what Catamaran needs; it changes nothing."),
          true))
    , m_mends(new QVBoxLayout)
    , m_test(new QPushButton(themedIcon(QStringLiteral("play")), tr("&Test connection")))
    , m_cancel(new QPushButton(themedIcon(QStringLiteral("stop")), tr("Ca&ncel")))
    , m_progress(new QProgressBar)
    , m_role(new CommandBox)
    , m_roleNote(wrapped(tr("A role that gives what is denied, for whoever administers the cluster:"), true))
{
    setObjectName(QStringLiteral("contextDetail"));
    m_title->setFont(scaledFont(font(), 1.15, QFont::DemiBold));
    m_title->setWordWrap(true);
    m_cloudId->setObjectName(QStringLiteral("cloudId"));
    m_region->setObjectName(QStringLiteral("clusterRegion"));
    m_region->setAccessibleName(tr("Region"));
    m_region->setPlaceholderText(tr("may be left empty"));
    m_test->setObjectName(QStringLiteral("testConnection"));
    m_cancel->setObjectName(QStringLiteral("cancelTest"));
    m_progress->setTextVisible(false);
    m_progress->setMaximumHeight(8);
    m_progress->setAccessibleName(tr("Progress of the test"));
    m_testHost->setObjectName(QStringLiteral("testLines"));
    m_testHost->setAccessibleName(tr("What the test found"));
    m_issueHost->setObjectName(QStringLiteral("issues"));
    m_issueHost->setAccessibleName(tr("What is wrong"));
    m_role->setObjectName(QStringLiteral("role"));
    m_role->setAccessibleName(tr("Role to grant"));
    m_role->setMaximumLines(10);

    auto *left = new QVBoxLayout;
    left->setSpacing(6);
    left->addWidget(new SectionTitle(tr("Resolves to")));
    left->addWidget(m_facts);
    auto *cloud = new QFormLayout;
    cloud->setContentsMargins(0, 6, 0, 0);
    m_cloudIdLabel = new PlainLabel;
    m_cloudIdLabel->setBuddy(m_cloudId);
    cloud->addRow(m_cloudIdLabel, m_cloudId);
    cloud->addRow(tr("Region"), m_region);
    left->addLayout(cloud);
    left->addStretch(1);

    auto *testRow = new QHBoxLayout;
    testRow->setSpacing(8);
    testRow->addWidget(new SectionTitle(tr("Connection")), 0);
    testRow->addWidget(m_progress, 1);
    testRow->addStretch(1);
    testRow->addWidget(m_cancel);
    testRow->addWidget(m_test);
    auto *right = new QVBoxLayout;
    right->setSpacing(6);
    right->addWidget(new SectionTitle(tr("What is wrong")));
    right->addWidget(m_fine);
    right->addWidget(m_issueHost);
    right->addLayout(m_mends);
    right->addLayout(testRow);
    right->addWidget(m_idle);
    right->addWidget(m_testHost);
    right->addWidget(m_roleNote);
    right->addWidget(m_role);
    right->addStretch(1);

    auto *columns = new QHBoxLayout;
    columns->setSpacing(24);
    columns->addLayout(left, 5);
    columns->addLayout(right, 6);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(2, 8, 8, 8);
    layout->addWidget(m_title);
    layout->addLayout(columns, 1);

    connect(m_test, &QPushButton::clicked, this, &ContextDetail::testRequested);
    connect(m_cancel, &QPushButton::clicked, this, &ContextDetail::cancelRequested);
    const auto edited = [this] {
        ContextChoice choice = m_choice;
        choice.cloudId = m_cloudId->text().trimmed();
        choice.region = m_region->text().trimmed();
        if (!(choice == m_choice)) {
            m_choice = choice;
            emit choiceEdited(choice);
        }
    };
    connect(m_cloudId, &QLineEdit::editingFinished, this, edited);
    connect(m_region, &QLineEdit::editingFinished, this, edited);
    setMaker({});
    clear();
}

void ContextDetail::setMaker(const QString &provider)
{
    const mesh::ProviderWords words = provider.isEmpty() ? mesh::ProviderWords() : mesh::wordsOf(provider);
    m_cloudIdLabel->setText(words.clusterId);
    m_cloudId->setAccessibleName(words.clusterId);
    m_cloudId->setPlaceholderText(words.clusterIdHint);
    m_cloudIdLabel->setVisible(!words.clusterId.isEmpty());
    m_cloudId->setVisible(!words.clusterId.isEmpty());
}

void ContextDetail::clear()
{
    m_title->setText(tr("Choose a context to see what it resolves to."));
    m_facts->setRows({});
    clearLayout(m_issues);
    clearLayout(m_mends);
    m_fine->hide();
    m_usable = false;
    m_cloudId->setEnabled(false);
    m_region->setEnabled(false);
    setTest(nullptr);
}

void ContextDetail::setContext(const ContextRow &row, const ContextChoice &choice, const QDateTime &now)
{
    m_choice = choice;
    m_usable = row.usable();
    m_title->setText(row.name);
    m_cloudId->setEnabled(true);
    m_region->setEnabled(true);
    if (m_cloudId->text() != choice.cloudId)
        m_cloudId->setText(choice.cloudId);
    if (m_region->text() != choice.region)
        m_region->setText(choice.region);
    const auto orDash = [](const QString &text) { return text.isEmpty() ? tr("–") : text; };
    QList<KeyValueList::Row> rows;
    const auto add = [&rows](const QString &key, const QString &value, const QString &from = {}) {
        rows.append({ key, from.isEmpty() ? value : tr("%1\nin %2").arg(value, from) });
    };
    const auto badge = [&rows](const QString &key, const QString &value, observe::Health health, const QString &tip) {
        rows.append({ key, value, tip, false, health });
    };
    add(tr("Context"), row.current ? tr("%1 (current)").arg(row.name) : row.name, row.file);
    add(tr("Cluster"), orDash(row.cluster), row.clusterFile.isEmpty() ? QString() : row.clusterFile);
    add(tr("Server"), orDash(row.server));
    if (row.plainHttp)
        badge({}, tr("plain http: neither encrypted nor with credentials"), observe::Health::Warning, {});
    else if (row.insecure)
        badge({}, tr("not verified: anybody between can read the credentials"), observe::Health::Warning, {});
    if (!row.trust.isEmpty() && !row.plainHttp)
        add(tr("Trusts"), row.trust);
    add(tr("User"), orDash(row.user), row.userFile);
    add(tr("Identity"), orDash(row.identity));
    if (!row.actingAs.isEmpty())
        add(tr("Acting as"), row.actingAs);
    if (row.certificateExpires.isValid()) {
        const observe::Health health = row.expiry == Expiry::Expired ? observe::Health::Failed
            : row.expiry == Expiry::Soon                             ? observe::Health::Warning
                                                                     : observe::Health::Ok;
        badge(tr("Certificate until"), row.expiryText(now), health, row.certificateExpires.toUTC().toString(Qt::ISODate));
    }
    add(tr("Namespace"), orDash(row.ns));
    add(tr("Proxy"), row.proxy.isEmpty() ? tr("none") : row.proxy);
    m_facts->setRows(rows);

    clearLayout(m_issues);
    int at = 0;
    for (const kube::ConfigIssue &issue : row.issues)
        addLine(m_issues, at, severityHealth(issue.severity), severityWord(issue.severity), issue.what, issue.hint, {}, {});
    m_fine->setVisible(row.issues.isEmpty());
    m_issueHost->setVisible(!row.issues.isEmpty());
    clearLayout(m_mends);
    for (const Mend &mend : row.mends) {
        auto *label = wrapped(tr("%1:").arg(mend.what), true);
        auto *box = new CommandBox;
        box->setMaximumLines(3);
        box->setAccessibleName(mend.what);
        box->setCommand(mend.command);
        m_mends->addWidget(label);
        m_mends->addWidget(box);
    }
}

void ContextDetail::setTest(const ConnectionTest *test)
{
    const bool running = test && test->isRunning();
    m_test->setEnabled(m_usable && !running);
    m_test->setText(test && test->isOver() ? tr("&Test again") : tr("&Test connection"));
    m_test->setToolTip(m_usable ? tr("Asks for the version and the rights; changes nothing") : tr("It cannot be used: see what is wrong"));
    m_cancel->setVisible(running);
    m_progress->setVisible(running);
    if (running) {
        m_progress->setRange(0, test->total());
        m_progress->setValue(test->done());
    }
    m_idle->setVisible(!test);
    m_testHost->setVisible(test != nullptr);
    clearLayout(m_lines);
    int at = 0;
    if (test) {
        for (const TestLine &line : test->lines()) {
            const QString word = line.health == observe::Health::Unknown ? tr("open")
                : line.health == observe::Health::Warning                ? tr("denied")
                                                                         : healthWord(line.health);
            QString quiet = line.remedy;
            if (!line.command.isEmpty())
                quiet += (quiet.isEmpty() ? QString() : QStringLiteral("\n")) + line.command;
            addLine(m_lines, at, line.health, word, line.answer.isEmpty() ? line.what : tr("%1: %2").arg(line.what, line.answer), quiet,
                line.at.isValid() ? durationText(line.ms) : QString(), absoluteTime(line.at));
        }
    }
    const bool refused = test && !running && !test->refused().isEmpty();
    m_roleNote->setVisible(refused);
    m_role->setVisible(refused);
    if (refused)
        m_role->setCommand(roleFor(test->refused()));
}

} // namespace catamaran::ui
