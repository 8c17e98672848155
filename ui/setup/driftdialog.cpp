// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/setup/driftdialog.h"

#include "fleet/sessionworld.h"
#include "ui/common/accessible.h"
#include "ui/common/services.h"
#include "ui/common/theme.h"
#include "ui/common/widgets.h"
#include "ui/operations/planview.h"
#include "ui/setup/setuppage.h"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QHeaderView>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTableWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace catamaran::ui {

namespace {

enum DriftColumn { IntentColumn, WhereColumn, ObjectColumn, FieldColumn, WantedColumn, FoundColumn, SetByColumn, DriftColumns };

QString intentWord(fleet::Intent intent)
{
    switch (intent) {
    case fleet::Intent::MustMatch: return DriftDialog::tr("✗ must match");
    case fleet::Intent::MayDiffer: return DriftDialog::tr("may differ");
    case fleet::Intent::ClustersOwn: return DriftDialog::tr("the cluster's own");
    }
    return {};
}

QString intentTip(fleet::Intent intent)
{
    switch (intent) {
    case fleet::Intent::MustMatch: return DriftDialog::tr("The choices, or the manifest, say what it is to be.");
    case fleet::Intent::MayDiffer: return DriftDialog::tr("The choices leave it open: an autoscaler or an operator may set it.");
    case fleet::Intent::ClustersOwn: return DriftDialog::tr("The choices say nothing of it; somebody else has set it.");
    }
    return {};
}

} // namespace

DriftDialog::DriftDialog(Services &services, const documents::FleetDocument &document, QWidget *parent)
    : QDialog(parent)
    , m_services(services)
    , m_document(document)
    , m_runner(new PlanRunner(services, this))
    , m_note(new ErrorBanner)
    , m_summary(new PlainLabel)
    , m_fields(new QTableWidget)
    , m_own(new QCheckBox(tr("Show what the clusters &set themselves")))
{
    setObjectName(QStringLiteral("driftDialog"));
    setWindowTitle(tr("Drift of %1").arg(document.name));
    resize(900, 560);
    m_note->setObjectName(QStringLiteral("driftNote"));
    m_note->clear();
    m_summary->setObjectName(QStringLiteral("driftSummary"));
    m_summary->setWordWrap(true);
    m_summary->setFont(scaledFont(font(), 1.0, QFont::DemiBold));
    prepareTable(m_fields, QStringLiteral("driftFields"), tr("What differs, field by field"),
        { tr("Meant as"), tr("Cluster"), tr("Object"), tr("Field"), tr("Wanted"), tr("Found"), tr("Set by") });
    m_fields->setVerticalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    m_own->setObjectName(QStringLiteral("driftOwn"));
    m_own->setChecked(true);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    m_again = buttons->addButton(tr("&Look again"), QDialogButtonBox::ActionRole);
    m_again->setObjectName(QStringLiteral("driftAgain"));
    m_correct = buttons->addButton(tr("C&orrect…"), QDialogButtonBox::ActionRole);
    m_correct->setObjectName(QStringLiteral("driftCorrect"));
    m_correct->setToolTip(tr("Plans how the fleet becomes what the choices say, fields that others have set included"));
    m_adopt = buttons->addButton(tr("&Adopt…"), QDialogButtonBox::ActionRole);
    m_adopt->setObjectName(QStringLiteral("driftAdopt"));
    m_adopt->setToolTip(tr("Takes what is there for the choices; nothing is changed in the clusters"));
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(new WrappedLabel(tr(
        "What is there is compared with the choices: what is missing by the facts, and each field by the servers' own judgement (a dry run of applying the manifests). Looking changes nothing.")));
    layout->addWidget(m_note);
    layout->addWidget(m_summary);
    layout->addWidget(m_fields, 1);
    layout->addWidget(m_own);
    layout->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_again, &QPushButton::clicked, this, &DriftDialog::look);
    connect(m_correct, &QPushButton::clicked, this, &DriftDialog::askToCorrect);
    connect(m_adopt, &QPushButton::clicked, this, &DriftDialog::askToAdopt);
    whenToggled(m_own, this, [this](bool) { fill(); });
    connect(m_runner, &PlanRunner::progressed, this, [this] { refresh(); });
    connect(m_runner, &PlanRunner::finished, this, [this](const ops::ExecutionResult &result) {
        emit corrected();
        if (!isVisible()) {
            deleteLater();
            return;
        }
        look();
        if (result.error)
            m_note->showError(*result.error);
        else if (!result.complete)
            m_note->showNote(observe::Health::Warning, tr("Stopped. What is left can be corrected at any time."));
        else
            m_note->showNote(observe::Health::Ok, tr("Corrected; the Activity place can take it back."));
    });
    look();
}

DriftDialog::~DriftDialog()
{
    m_stop.request_stop();
}

void DriftDialog::look()
{
    m_stop.request_stop();
    m_stop = std::stop_source();
    m_note->clear();
    m_session = m_services.session();
    m_looked.reset();
    m_looking = m_session != nullptr;
    if (m_session) {
        const std::stop_token stop = m_stop.get_token();
        auto future = core::runSequence([session = session::forWorker(m_session), document = m_document, stop]() -> core::Result<Looked> {
            auto observed = observe::lookFor(*session, document, stop);
            if (!observed)
                return core::fail(observed.error());
            return fleet::findDrift(*session, document, *observed, stop).map([&](fleet::Drift &&drift) {
                return Looked { std::move(*observed), std::move(drift) };
            });
        });
        core::whenReady(future, this, [this, stop](const core::Result<Looked> &looked) {
            if (!stop.stop_requested())
                take(looked);
        });
    }
    fill();
}

void DriftDialog::take(const core::Result<Looked> &looked)
{
    m_looking = false;
    if (looked) {
        m_looked = *looked;
        QStringList notes;
        for (const core::Error &error : looked->drift.unread)
            notes << tr("Not known: %1").arg(error.text());
        for (const QString &foreign : looked->drift.foreign)
            notes << tr("Not applied by Catamaran: %1").arg(foreign);
        if (!notes.isEmpty())
            m_note->showNote(looked->drift.unread.isEmpty() ? observe::Health::Warning : observe::Health::Unknown, notes.join(u'\n'));
    } else {
        m_note->showError(looked.error());
    }
    fill();
}

void DriftDialog::fill()
{
    struct Row {
        QStringList cells;
        QString tip;
        std::optional<observe::Health> health {};
    };
    QList<Row> rows;
    if (m_looked) {
        for (const ops::DescribedStep &step :
            ops::describeSteps(m_looked->drift.missing, fleet::operationKinds(), fleet::namesOf(*m_session, m_looked->observed)))
            rows.append({ { tr("✗ missing"), {}, step.words.title, {}, {}, {}, {} }, step.step.why, observe::Health::Failed });
        QList<fleet::FieldDrift> fields = m_looked->drift.fields;
        std::stable_sort(fields.begin(), fields.end(), [](const auto &a, const auto &b) { return a.intent < b.intent; });
        for (const fleet::FieldDrift &field : std::as_const(fields)) {
            if (field.intent == fleet::Intent::ClustersOwn && !m_own->isChecked())
                continue;
            rows.append({ { intentWord(field.intent), field.cluster, field.object, field.path, field.wanted, field.found, field.manager },
                intentTip(field.intent),
                field.intent == fleet::Intent::MustMatch ? std::optional(observe::Health::Failed) : std::nullopt });
        }
    }
    m_fields->setRowCount(int(rows.size()));
    for (int row = 0; row < rows.size(); ++row)
        for (int column = 0; column < DriftColumns; ++column) {
            const QString &text = rows.at(row).cells.at(column);
            setCell(m_fields, row, column, text, column == IntentColumn ? rows.at(row).tip : text,
                column == IntentColumn ? rows.at(row).health : std::nullopt);
        }
    for (int column = 0; column < SetByColumn; ++column) {
        m_fields->resizeColumnToContents(column);
        m_fields->setColumnWidth(column, std::min(m_fields->columnWidth(column), 240));
    }
    refresh();
}

void DriftDialog::refresh()
{
    const bool running = m_runner->isRunning();
    const bool unread = m_looked && !m_looked->drift.unread.isEmpty();
    const bool none = m_looked && m_looked->drift.isNone();
    m_summary->setText(running ? tr("Correcting…")
            : m_looking        ? tr("Looking at the fleet…")
            : !m_looked        ? tr("Nothing is known.")
            : none && unread   ? tr("The fleet is not known to be what the choices say.")
            : none             ? tr("The fleet is what the choices say.")
                               : tr("The fleet is not what the choices say."));
    m_again->setEnabled(!running && !m_looking && m_services.session());
    const bool same = m_session && m_session == m_services.session();
    m_correct->setEnabled(!running && m_looked && !none && !unread && same);
    m_correct->setToolTip(unread ? tr("Not before everything could be looked at")
                                 : tr("Plans how the fleet becomes what the choices say, fields that others have set included"));
    m_adopt->setEnabled(!running && m_looked && same);
}

void DriftDialog::askToCorrect()
{
    if (!m_looked || !m_correct->isEnabled())
        return;
    const ops::Plan plan = fleet::correctionOf(m_looked->drift);
    if (const auto checked = ops::checkPlan(plan, fleet::operationKinds()); !checked) {
        m_note->showError(checked.error());
        return;
    }
    const ShownPlan shown = shownPlan(plan, fleet::namesOf(*m_session, m_looked->observed));
    if (const int byHand = byHandCount(shown.steps); byHand > 0)
        m_note->showNote(observe::Health::Warning, byHandText(byHand));
    auto *dialog = new PlanDialog(tr("Correct %1").arg(m_document.name),
        tr("This makes %1 what the choices say again. Fields that others have set are taken over; undoing it gives them back.")
            .arg(m_document.name),
        shown.steps, tr("&Correct it"), m_session->environment().production, this);
    connect(dialog, &QDialog::accepted, this, [this, shown] {
        m_runner->carryOut(shown, QStringLiteral("correct"), m_document.name, tr("Correct %1").arg(m_document.name));
        refresh();
    });
    dialog->open();
}

void DriftDialog::askToAdopt()
{
    if (!m_looked)
        return;
    const auto made = fleet::adopt(m_document.name, m_looked->observed);
    if (!made) {
        m_note->showError(made.error());
        return;
    }
    auto *dialog = new QDialog(this);
    dialog->setObjectName(QStringLiteral("adoptDialog"));
    dialog->setWindowTitle(tr("Adopt what is there"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->resize(640, 520);
    auto *text = new QPlainTextEdit(QString::fromUtf8(documents::toYaml(made->document)));
    text->setAccessibleName(tr("Fleet document of what is there"));
    text->setReadOnly(true);
    text->setFont(monoFont());
    text->setTabChangesFocus(true);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    auto *go = buttons->addButton(tr("&Adopt it"), QDialogButtonBox::AcceptRole);
    go->setObjectName(QStringLiteral("adoptConfirm"));
    setButtonRole(go, ButtonRole::Primary);
    auto *layout = new QVBoxLayout(dialog);
    layout->addWidget(new WrappedLabel(
        (QStringList { tr("The choices of the setup become this. A plan of them is empty; nothing is changed in the clusters.") }
            + made->notes)
            .join(u'\n')));
    layout->addWidget(text, 1);
    layout->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::accepted, dialog, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    connect(dialog, &QDialog::accepted, this, [this, made = *made] {
        emit adopted(made);
        accept();
    });
    dialog->open();
}

void DriftDialog::done(int result)
{
    QDialog::done(result);
    if (!m_runner->isRunning())
        deleteLater();
}

} // namespace catamaran::ui
