// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/findings/whypanel.h"

#include "core/async.h"
#include "core/printable.h"
#include "findings/engine.h"
#include "truth/explain.h"
#include "ui/common/format.h"
#include "ui/common/icons.h"
#include "ui/common/services.h"
#include "ui/common/theme.h"
#include "ui/common/widgets.h"
#include "ui/operations/planrunner.h"

#include <QComboBox>
#include <QCoreApplication>
#include <QFormLayout>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace catamaran::ui {

using observe::Health;
using truth::Hop;
using truth::RequestPath;

namespace {

Look lookOf(const RequestPath &path, const Hop &hop)
{
    if (path.stopsAt == hop.kind)
        return Look::Failed;
    return hop.isAbsent ? Look::Configured : ui::lookOf(hop.health);
}

/// One hop: a head with its number and state, then everything that is known of it.
QWidget *makeHop(const RequestPath &path, const Hop &hop, int number)
{
    auto *frame = new Card;
    frame->setObjectName(QStringLiteral("hop-") + truth::hopName(hop.kind));
    auto *head = new QHBoxLayout;
    auto *title = new PlainLabel(QStringLiteral("%1. %2").arg(QString::number(number), truth::hopTitle(hop.kind)));
    title->setFont(scaledFont(frame->font(), 1.05, QFont::DemiBold));
    head->addWidget(title);
    auto *badge = new StateBadge;
    badge->setLook(lookOf(path, hop), hopState(path, hop));
    head->addWidget(badge);
    auto *where = new SelectableLabel;
    where->setText(hop.where);
    where->setProperty("muted", true);
    head->addWidget(where, 1);
    frame->body()->addLayout(head);
    QList<KeyValueList::Row> rows;
    const auto add = [&](const QString &key, const QString &value, const QString &toolTip = {}) {
        if (!value.isEmpty())
            rows.append({ key, value, toolTip });
    };
    add(WhyPanel::tr("What"), hop.sentence);
    for (const findings::Finding &finding : hop.findings)
        add(WhyPanel::tr("Finding"), QStringLiteral("%1\n%2").arg(finding.sentence, finding.remedy));
    for (const truth::Ruling &ruling : hop.rulings)
        add(WhyPanel::tr("Ruled by"), QStringLiteral("%1: %2").arg(ruling.object, ruling.says),
            QStringLiteral("%1, %2").arg(ruling.source, absoluteTime(ruling.at)));
    if (const auto &certificate = hop.certificate) {
        add(WhyPanel::tr("Certificate"),
            WhyPanel::tr("%1\nserial %2, until %3")
                .arg(certificate->identity, certificate->serial.isEmpty() ? WhyPanel::tr("not told") : certificate->serial,
                    certificate->until.isValid() ? absoluteTime(certificate->until) : WhyPanel::tr("not told")),
            certificate->source);
        add(WhyPanel::tr("Issued by"),
            certificate->issuer.isEmpty() ? WhyPanel::tr("not known: %1").arg(certificate->issuerNeeds) : certificate->issuer);
    }
    add(WhyPanel::tr("Dials"), hop.endpoints.join(QStringLiteral(", ")));
    for (const findings::Evidence &one : hop.asked)
        if (one.text != hop.sentence)
            add(WhyPanel::tr("Asked"), one.source.isEmpty() ? one.text : QStringLiteral("%1\n%2").arg(one.text, one.source),
                one.at.isValid() ? absoluteTime(one.at) : QString());
    add(WhyPanel::tr("To know it takes"), hop.needs);
    auto *list = new KeyValueList;
    list->setRows(rows);
    frame->body()->addWidget(list);
    frame->setAccessibleName(QStringLiteral("%1: %2").arg(truth::hopTitle(hop.kind), hopState(path, hop)));
    frame->setAccessibleDescription(core::printableLine(hop.sentence));
    return frame;
}

} // namespace

QString hopState(const RequestPath &path, const Hop &hop)
{
    if (path.stopsAt == hop.kind)
        return WhyPanel::tr("stops here");
    if (hop.isAbsent)
        return WhyPanel::tr("none");
    switch (hop.health) {
    case Health::Ok: return WhyPanel::tr("passed");
    case Health::Warning: return path.arrives == true ? WhyPanel::tr("passed, with a warning") : WhyPanel::tr("warning");
    case Health::Failed: return WhyPanel::tr("does not let it pass");
    case Health::Stale: return WhyPanel::tr("old");
    case Health::Unknown: break;
    }
    return WhyPanel::tr("not known");
}

QString pathAsText(const RequestPath &path)
{
    QStringList lines { path.sentence };
    int number = 0;
    for (const Hop &hop : path.hops) {
        lines
            << QStringLiteral("%1. %2  %3  [%4]").arg(QString::number(++number), truth::hopTitle(hop.kind), hop.where, hopState(path, hop));
        const auto add = [&](const QString &text) {
            if (!text.isEmpty())
                lines << QStringLiteral("   ") + text;
        };
        add(hop.sentence);
        for (const truth::Ruling &ruling : hop.rulings)
            add(QStringLiteral("%1: %2 (%3)").arg(ruling.object, ruling.says, ruling.source));
        if (hop.certificate)
            add(QStringLiteral("%1 %2 %3")
                    .arg(hop.certificate->identity, hop.certificate->serial, hop.certificate->until.toString(Qt::ISODate)));
        for (const findings::Evidence &one : hop.asked)
            add(QStringLiteral("%1 (%2)").arg(one.text, one.source));
        add(hop.needs);
    }
    return lines.join(u'\n');
}

WhyPanel::WhyPanel(Services &services, QWidget *parent)
    : QWidget(parent)
    , m_services(services)
    , m_note(new ErrorBanner)
    , m_pages(new QStackedWidget)
    , m_empty(new EmptyState(QStringLiteral("crosshair"), tr("Why this request?"),
          tr("Name a client, what it asks for, and the cluster that should answer. Requests are sent, and proxies and gateways asked; nothing is changed.")))
    , m_badge(new StateBadge)
    , m_sentence(new SelectableLabel)
{
    setObjectName(QStringLiteral("whyPanel"));
    m_note->setObjectName(QStringLiteral("whyNote"));
    m_empty->setObjectName(QStringLiteral("whyEmpty"));
    m_badge->setObjectName(QStringLiteral("whyState"));
    m_sentence->setObjectName(QStringLiteral("whySentence"));
    m_sentence->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_sentence->setFont(scaledFont(font(), 1.08, QFont::DemiBold));
    m_copy = new QPushButton(themedIcon(QStringLiteral("copy")), tr("Cop&y"));
    m_copy->setObjectName(QStringLiteral("copyWhy"));
    connect(m_copy, &QPushButton::clicked, this, &WhyPanel::copy);
    auto *page = new QWidget;
    auto *pageLayout = new QVBoxLayout(page);
    pageLayout->setContentsMargins(12, 4, 12, 8);
    auto *head = new QHBoxLayout;
    head->addWidget(m_badge, 0, Qt::AlignTop);
    head->addWidget(m_sentence, 1);
    head->addWidget(m_copy, 0, Qt::AlignTop);
    pageLayout->addLayout(head);
    m_hops = new QVBoxLayout;
    m_hops->setSpacing(6);
    pageLayout->addLayout(m_hops);
    pageLayout->addStretch(1);
    m_scroll = new QScrollArea;
    m_scroll->setObjectName(QStringLiteral("whyPath"));
    m_scroll->setAccessibleName(tr("The way of the request"));
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setWidget(page);
    m_pages->addWidget(m_empty);
    m_pages->addWidget(m_scroll);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(buildForm());
    layout->addWidget(m_note);
    layout->addWidget(m_pages, 1);
    judgeForm();
}

WhyPanel::~WhyPanel()
{
    m_stop.request_stop();
}

QWidget *WhyPanel::buildForm()
{
    m_from = new QComboBox;
    m_from->setObjectName(QStringLiteral("whyFrom"));
    m_from->setAccessibleName(tr("The client's cluster"));
    m_client = new QLineEdit(QStringLiteral("default/sleep"));
    m_client->setObjectName(QStringLiteral("whyClient"));
    m_client->setAccessibleName(tr("The client: namespace and workload"));
    m_client->setPlaceholderText(tr("namespace/workload"));
    m_url = new QLineEdit(QStringLiteral("http://helloworld:5000/hello"));
    m_url->setObjectName(QStringLiteral("whyUrl"));
    m_url->setAccessibleName(tr("What it asks for"));
    m_to = new QComboBox;
    m_to->setObjectName(QStringLiteral("whyTo"));
    m_to->setAccessibleName(tr("The cluster that should answer"));
    m_go = new QPushButton(iconOnAccent(QStringLiteral("crosshair")), tr("&Why?"));
    m_go->setObjectName(QStringLiteral("whyGo"));
    setButtonRole(m_go, ButtonRole::Primary);
    connect(m_go, &QPushButton::clicked, this, &WhyPanel::go);
    for (QLineEdit *edit : { m_client, m_url }) {
        connect(edit, &QLineEdit::textChanged, this, &WhyPanel::judgeForm);
        connect(edit, &QLineEdit::returnPressed, this, &WhyPanel::go);
    }
    for (QComboBox *box : { m_from, m_to }) {
        box->setSizeAdjustPolicy(QComboBox::AdjustToContents);
        box->setMinimumContentsLength(10);
        connect(box, &QComboBox::currentTextChanged, this, &WhyPanel::judgeForm);
    }
    auto *form = new QWidget;
    auto *grid = new QGridLayout(form);
    grid->setContentsMargins(12, 8, 12, 4);
    grid->setHorizontalSpacing(8);
    const auto put = [&](const QString &text, QWidget *field, int column) {
        auto *label = new PlainLabel(text);
        label->setBuddy(field);
        label->setProperty("muted", true);
        grid->addWidget(label, 0, column);
        grid->addWidget(field, 1, column);
    };
    put(tr("&From cluster"), m_from, 0);
    put(tr("C&lient"), m_client, 1);
    put(tr("&URL"), m_url, 2);
    put(tr("An&swered in"), m_to, 3);
    grid->addWidget(m_go, 1, 4);
    grid->setColumnStretch(1, 2);
    grid->setColumnStretch(2, 3);
    return form;
}

void WhyPanel::setClusters(const QStringList &clusters)
{
    QStringList known;
    for (int i = 0; i < m_from->count(); ++i)
        known << m_from->itemText(i);
    if (known != clusters) {
        const QString from = m_from->currentText(), to = m_to->currentText();
        for (QComboBox *box : { m_from, m_to }) {
            box->clear();
            box->addItems(clusters);
        }
        m_from->setCurrentText(from);
        if (clusters.contains(to))
            m_to->setCurrentText(to);
        else if (clusters.size() > 1)
            m_to->setCurrentIndex(1);
    }
    judgeForm();
}

truth::PathQuestion WhyPanel::question() const
{
    const QString client = m_client->text().trimmed();
    return { m_from->currentText(), client.section(u'/', 0, 0), client.section(u'/', 1), m_url->text().trimmed(), m_to->currentText() };
}

void WhyPanel::judgeForm()
{
    const truth::PathQuestion asked = question();
    const auto session = m_services.session();
    QString why;
    if (!session)
        why = tr("Open an environment first.");
    else if (asked.ns.isEmpty() || asked.workload.isEmpty())
        why = tr("Name the client as namespace/workload.");
    else if (const auto checked = truth::checkQuestion(asked, session->clusterNames()); !checked)
        why = checked.error().answer + u' ' + checked.error().remedy;
    m_go->setEnabled(why.isEmpty() && !m_isAsking);
    m_go->setToolTip(why.isEmpty() ? tr("Sends requests and asks the proxies and gateways on their way") : why);
    m_go->setText(m_isAsking ? tr("Asking…") : tr("&Why?"));
}

void WhyPanel::ask(const truth::PathQuestion &question, bool now)
{
    if (m_services.session())
        setClusters(m_services.session()->clusterNames());
    m_from->setCurrentText(question.from);
    m_to->setCurrentText(question.to);
    m_client->setText(question.ns + u'/' + question.workload);
    m_url->setText(question.url);
    judgeForm();
    if (now)
        go();
}

void WhyPanel::go()
{
    const auto session = m_services.session();
    if (!session || !m_go->isEnabled())
        return;
    m_stop.request_stop();
    m_stop = {};
    m_isAsking = true;
    m_note->clear();
    judgeForm();
    m_empty->setTexts(tr("Asking"), tr("Requests are sent, and the proxies and gateways on their way are asked."));
    const auto *watch = m_services.findings();
    const auto known = watch ? watch->judgement() : nullptr;
    const auto work = [worker = forWorker(session), asked = question(), known, stop = m_stop.get_token()]() -> core::Result<RequestPath> {
        const auto fleet = observe::look(*worker, stop, { asked.ns });
        if (!fleet)
            return core::fail(fleet.error());
        if (known)
            return truth::explain(*worker, *fleet, known->facts, known->found, asked, stop);
        const findings::FleetFacts facts = findings::readFacts(*worker, std::nullopt, stop);
        return truth::explain(*worker, *fleet, facts, findings::judge(facts), asked, stop);
    };
    core::whenReady(core::runSequence(work), this, [this, stop = m_stop.get_token()](const core::Result<RequestPath> &path) {
        if (!stop.stop_requested())
            take(path);
    });
}

void WhyPanel::take(const core::Result<RequestPath> &path)
{
    m_isAsking = false;
    judgeForm();
    if (path) {
        showPath(*path);
    } else {
        m_empty->setTexts(tr("Not asked"), tr("Nothing of the way could be asked."));
        m_note->showError(path.error());
        m_note->setClosable(true);
    }
}

void WhyPanel::showPath(const RequestPath &path)
{
    m_shown = path;
    while (QLayoutItem *item = m_hops->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    m_badge->setLook(!path.arrives ? Look::Unknown
            : *path.arrives        ? Look::Ok
                                   : Look::Failed,
        !path.arrives       ? tr("not known")
            : *path.arrives ? tr("arrives")
                            : tr("does not arrive"));
    m_sentence->setText(path.sentence + u' ' + tr("Asked %1.").arg(absoluteTime(path.at)));
    int number = 0;
    for (const Hop &hop : path.hops)
        m_hops->addWidget(makeHop(path, hop, ++number));
    m_pages->setCurrentIndex(1);
    m_scroll->ensureVisible(0, 0);
}

void WhyPanel::copy()
{
    copyText(pathAsText(m_shown));
}

} // namespace catamaran::ui
