// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/setup/answerspage.h"

#include "core/printable.h"
#include "probe/serviceaddress.h"
#include "ui/common/icons.h"
#include "ui/common/look.h"
#include "ui/common/theme.h"
#include "ui/common/widgets.h"
#include "ui/verify/answermodel.h"
#include "ui/verify/expectation.h"
#include "ui/verify/sharebar.h"

#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace catamaran::ui {

AnswersPage::AnswersPage(SetupContext &shared, QWidget *parent)
    : SetupPage(shared, tr("Verify"),
        tr("Ten requests from the client to helloworld. Both versions should answer: under meshes from both clusters, without one from the client's own."),
        parent)
    , m_error(new ErrorBanner)
    , m_badge(new StateBadge(observe::Health::Unknown, tr("not sent")))
    , m_sentence(new PlainLabel(tr("No request was sent yet.")))
    , m_directions(new MutedLabel)
    , m_share(new ShareBar)
    , m_answers(new QPlainTextEdit)
    , m_command(new CommandBox)
    , m_send(new QPushButton(tr("&Send ten requests")))
    , m_verify(new QPushButton(themedIcon(QStringLiteral("verify")), tr("&Open the Verify place")))
{
    m_error->setObjectName(QStringLiteral("answersError"));
    m_sentence->setObjectName(QStringLiteral("answersSentence"));
    m_sentence->setWordWrap(true);
    m_sentence->setFont(scaledFont(font(), 1.08, QFont::DemiBold));
    m_directions->setObjectName(QStringLiteral("answersDirections"));
    m_directions->setAccessibleName(tr("What is proven from there"));
    m_directions->hide();
    m_share->setObjectName(QStringLiteral("answersShares"));
    m_answers->setObjectName(QStringLiteral("firstAnswers"));
    m_answers->setAccessibleName(tr("Answers, as they came"));
    m_answers->setReadOnly(true);
    m_answers->setFont(monoFont());
    m_answers->setTabChangesFocus(true);
    m_answers->setPlaceholderText(tr("Hello version: …"));
    m_answers->setMinimumHeight(m_answers->fontMetrics().lineSpacing() * 11 + 14);
    m_send->setObjectName(QStringLiteral("sendTen"));
    setButtonRole(m_send, ButtonRole::Primary);
    m_verify->setObjectName(QStringLiteral("openVerify"));
    m_command->setMaximumLines(3);
    m_command->setAccessibleName(tr("The same with kubectl"));
    auto *head = new QHBoxLayout;
    head->addWidget(m_badge, 0, Qt::AlignTop);
    head->addWidget(m_sentence, 1);
    auto *row = new QHBoxLayout;
    row->addWidget(m_send);
    row->addWidget(m_verify);
    row->addStretch(1);
    body()->addWidget(m_error);
    body()->addLayout(row);
    body()->addLayout(head);
    body()->addWidget(m_directions);
    body()->addWidget(m_share);
    body()->addWidget(m_answers, 1);
    body()->addWidget(new SectionTitle(tr("The same by hand")));
    body()->addWidget(m_command);
    connect(m_send, &QPushButton::clicked, this, &AnswersPage::send);
    connect(m_verify, &QPushButton::clicked, this, [this] {
        const auto run = spec();
        emit context.services.placeRequested(QStringLiteral("verify"), run ? run->source.text() : QString());
    });
    connect(&context, &SetupContext::observedChanged, this, [this] {
        judge(); // the fleet was just made: what is to be expected may have been read after the first answers
        if (isVisible())
            refresh();
    });
    connect(&context, &SetupContext::sessionChanged, this, [this] {
        if (m_session != context.session()) {
            dropRun();
            m_asked.reset();
            m_summary = {};
            m_samples.clear();
            m_answers->clear();
            m_share->setShares({}, 0, {});
            m_sentence->setText(tr("No request was sent yet."));
            m_badge->setState(observe::Health::Unknown, tr("not sent"));
        }
        showDirections();
        refresh();
    });
    refresh();
}

AnswersPage::~AnswersPage()
{
    m_reading.request_stop();
    dropRun();
}

void AnswersPage::dropRun()
{
    delete m_run;
    m_run = nullptr;
    m_session.reset();
}

QWidget *AnswersPage::firstFocus() const
{
    return m_send;
}

void AnswersPage::enter()
{
    m_wanted = m_samples.isEmpty() && !context.runner()->isRunning();
    refresh();
}

std::optional<probe::RunSpec> AnswersPage::spec() const
{
    const QList<probe::Source> sources = possibleSources(context.observed());
    for (const probe::Source &source : sources) {
        if (!source.workload.startsWith(QLatin1String("sleep")))
            continue;
        probe::RunSpec spec;
        spec.source = source;
        spec.url = QStringLiteral("http://helloworld:5000/hello");
        spec.count = 10;
        return spec;
    }
    return std::nullopt;
}

/// Until everything that was deployed to answer has been seen ready, nobody can say which answers to expect.
bool AnswersPage::areServersSeen() const
{
    const QList<documents::FleetWorkload> &wanted = context.draft().fleet.workloads;
    return std::all_of(wanted.cbegin(), wanted.cend(), [this](const documents::FleetWorkload &one) {
        if (one.manifest.startsWith(QLatin1String("sleep")))
            return true;
        const auto *cluster = context.observed().cluster(one.cluster);
        return cluster && std::any_of(cluster->workloads.cbegin(), cluster->workloads.cend(), [&one](const auto &seen) {
            return seen.name == one.manifest && seen.ready > 0;
        });
    });
}

void AnswersPage::refresh()
{
    const auto run = spec();
    m_send->setEnabled(run && !m_run && context.session());
    const auto *cluster = run ? context.observed().cluster(run->source.cluster) : nullptr;
    m_command->setCommand(run ? run->asKubectl(cluster ? cluster->byHand : kube::ByHand()) : tr("# no client (sleep) is ready yet"));
    if (run && m_wanted && !m_run && context.session() && areServersSeen()) {
        m_wanted = false;
        send();
    } else if (!run && m_samples.isEmpty()) {
        m_sentence->setText(tr("No client is ready yet: apply the plan with the sample application first."));
    }
}

void AnswersPage::send()
{
    const auto wanted = spec();
    if (m_run || !wanted || !context.session())
        return;
    m_session = context.session();
    kube::KubeClient *client = m_session->cluster(wanted->source.cluster);
    if (!client)
        return;
    m_error->clear();
    m_asked = wanted;
    m_summary = {};
    m_samples.clear();
    m_answers->clear();
    m_expectation = {};
    m_expectedFor.clear();
    m_share->setShares({}, 0, {});
    askForExpectation();
    m_sentence->setText(tr("Asking from %1…").arg(wanted->source.text()));
    m_badge->setState(observe::Health::Unknown, tr("running"));
    m_send->setEnabled(false);
    if (!context.draft().plain) {
        begin(*client, *wanted);
        return;
    }
    // Plain clusters may have no DNS: the address of the service is asked for, and the request goes there.
    core::whenReady(probe::lookUpAddress(*client, *wanted, {}), this,
        [this, client, run = *wanted, session = m_session](const core::Result<QString> &address) {
            if (m_run || session != context.session())
                return;
            probe::RunSpec found = run;
            if (address)
                found.address = *address;
            begin(*client, found);
        });
}

void AnswersPage::judge()
{
    if (!m_asked || m_summary.requests == 0)
        return;
    askForExpectation();
    m_share->setShares(m_summary.versions, m_summary.errors, m_expectation.shares);
    probe::ShareTest test(m_expectation.shares); // ten answers: again each time
    test.add(m_samples);
    m_sentence->setText(probe::verdictSentence(m_summary, m_expectation.shares, test.verdict()));
    m_sentence->setToolTip(Qt::convertFromPlainText(m_expectation.sentence()));
    m_badge->setState(judgeShares(m_summary.requests, m_summary.ok, test.verdict()));
    showDirections();
}

/// Reads what to expect, whenever the fleet that it rests on has changed.
void AnswersPage::askForExpectation()
{
    const QString endpoints = endpointsText(context.observed());
    if (!m_asked || !m_session || endpoints == m_expectedFor)
        return;
    m_expectedFor = endpoints;
    m_reading.request_stop();
    m_reading = std::stop_source();
    const std::stop_token stop = m_reading.get_token();
    core::whenReady(
        truth::askForSplit(m_session, context.observed(), *m_asked, stop), this, [this, stop](const truth::SplitExpectation &expectation) {
            if (stop.stop_requested())
                return;
            m_expectation = expectation;
            m_share->setShares(m_summary.versions, m_summary.errors, m_expectation.shares);
            judge();
        });
}

/// Ten answers say who answered; what is proven by them says the matrix.
void AnswersPage::showDirections()
{
    const auto *prover = context.services.prover();
    const QString text = prover && m_asked && m_summary.requests > 0 && !context.draft().plain
        ? directionsText(prover->matrix(), m_asked->source.cluster, QDateTime::currentDateTimeUtc())
        : QString();
    m_directions->setText(text);
    m_directions->setVisible(!text.isEmpty());
}

void AnswersPage::begin(kube::KubeClient &client, const probe::RunSpec &wanted)
{
    if (auto *prover = context.services.prover())
        connect(prover, &truth::Prover::changed, this, &AnswersPage::showDirections, Qt::UniqueConnection);
    m_run = new probe::Run(client, wanted, this);
    connect(m_run, &probe::Run::received, this, [this](const QList<probe::Sample> &samples) {
        m_samples += samples;
        for (const probe::Sample &sample : samples)
            m_answers->appendPlainText(core::printableLine(AnswerModel::words(sample).trimmed()));
        m_summary = m_run->figures().summary();
        judge();
        const probe::RunSpec &asked = m_run->spec();
        context.services.reportTraffic(asked.source.cluster, Traffic(samples));
        context.services.reportAnswers(
            asked.source.cluster, QStringLiteral("%1/%2/%3").arg(asked.source.cluster, asked.source.ns, m_run->pod()), asked.url, samples);
    });
    connect(m_run, &probe::Run::finished, this, [this](const std::shared_ptr<core::Error> &error) {
        m_run->deleteLater();
        m_run = nullptr;
        if (error) {
            m_error->showError(*error);
            m_badge->setState(observe::Health::Failed);
        }
        refresh();
        emit completeChanged();
    });
    m_send->setEnabled(false);
    m_run->start();
}

} // namespace catamaran::ui
