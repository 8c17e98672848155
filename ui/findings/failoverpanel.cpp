// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/findings/failoverpanel.h"

#include "core/printable.h"
#include "findings/mend.h"
#include "ui/common/accessible.h"
#include "ui/common/format.h"
#include "ui/common/icons.h"
#include "ui/common/lists.h"
#include "ui/common/services.h"
#include "ui/common/theme.h"
#include "ui/common/widgets.h"
#include "ui/findings/findingsmodel.h"
#include "ui/findings/mender.h"

#include <QHeaderView>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QSortFilterProxyModel>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace catamaran::ui {

using findings::Answer;
using findings::FailoverCondition;
using findings::FailoverVerdict;

namespace {

/// Yes is what settings say: nothing failed over just now. So it never looks proven.
Look lookOf(Answer answer)
{
    return answer == Answer::Yes ? Look::Configured : answer == Answer::No ? Look::Failed : Look::Unknown;
}

QString wordOf(Answer answer)
{
    return answer == Answer::Yes ? FailoverPanel::tr("yes")
        : answer == Answer::No   ? FailoverPanel::tr("no")
                                 : FailoverPanel::tr("not known");
}

Look lookOf(const FailoverCondition &condition)
{
    if (!condition.holds)
        return Look::Unknown;
    return *condition.holds ? Look::Configured : condition.decides ? Look::Failed : Look::Warning;
}

QString wordOf(const FailoverCondition &condition)
{
    if (!condition.holds)
        return condition.decides ? FailoverPanel::tr("not known, decides") : FailoverPanel::tr("not known");
    if (*condition.holds)
        return FailoverPanel::tr("holds");
    return condition.decides ? FailoverPanel::tr("does not hold, decides") : FailoverPanel::tr("slower");
}

int rank(Answer answer)
{
    return answer == Answer::No ? 0 : answer == Answer::NotKnown ? 1 : 2;
}

/// A condition: how it stands, what it says, what to change, and the fact it rests on.
class ConditionLines final : public QWidget {
public:
    explicit ConditionLines(const FailoverCondition &condition)
    {
        auto *layout = new QVBoxLayout(this);
        layout->setContentsMargins(0, 2, 0, 4);
        layout->setSpacing(1);
        auto *badge = new StateBadge;
        badge->setLook(lookOf(condition), wordOf(condition));
        layout->addWidget(badge, 0, Qt::AlignLeft);
        const auto add = [&](const QString &text, bool muted) {
            if (text.isEmpty())
                return;
            auto *label = new SelectableLabel;
            label->setText(text);
            label->setProperty("muted", muted);
            label->setContentsMargins(22, 0, 0, 0);
            layout->addWidget(label);
        };
        add(condition.text, false);
        add(condition.change.isEmpty() ? QString() : FailoverPanel::tr("to change: %1").arg(condition.change), false);
        add(condition.evidence.at.isValid()
                ? QStringLiteral("%1 (%2, %3)")
                      .arg(condition.evidence.text, condition.evidence.source, absoluteTime(condition.evidence.at))
                      .trimmed()
                : condition.evidence.source,
            true);
        setAccessibleName(QStringLiteral("%1: %2").arg(wordOf(condition), core::printableLine(condition.text)));
    }
};

} // namespace

void FailoverModel::setVerdicts(QList<FailoverVerdict> verdicts)
{
    std::stable_sort(verdicts.begin(), verdicts.end(), [](const auto &a, const auto &b) { return rank(a.answer) < rank(b.answer); });
    const bool isSame = std::equal(verdicts.begin(), verdicts.end(), m_verdicts.begin(), m_verdicts.end(),
        [](const auto &a, const auto &b) { return a.service == b.service && a.from == b.from; });
    if (isSame) {
        m_verdicts = std::move(verdicts);
        if (!m_verdicts.isEmpty())
            emit dataChanged(index(0, 0), index(int(m_verdicts.size()) - 1, COLUMN_COUNT - 1));
        return;
    }
    beginResetModel();
    m_verdicts = std::move(verdicts);
    endResetModel();
}

int FailoverModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_verdicts.size());
}

int FailoverModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : COLUMN_COUNT;
}

QVariant FailoverModel::value(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const FailoverVerdict &verdict = m_verdicts.at(index.row());
    if (role == Qt::DecorationRole && index.column() == AnswerColumn)
        return findingIcon(lookOf(verdict.answer));
    if (role == Qt::ToolTipRole)
        return verdict.sentence;
    if (role == Qt::UserRole)
        return QStringList { wordOf(verdict.answer), verdict.service, verdict.from, verdict.sentence }.join(u'\n');
    if (role != Qt::DisplayRole)
        return {};
    switch (Columns(index.column())) {
    case AnswerColumn: return wordOf(verdict.answer);
    case ServiceColumn: return verdict.service;
    case ClientsColumn: return verdict.from;
    case WhyColumn: return verdict.sentence;
    case COLUMN_COUNT: break;
    }
    return {};
}

QVariant FailoverModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Horizontal && role == Qt::TextAlignmentRole)
        return int(Qt::AlignLeft | Qt::AlignVCenter);
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    const QStringList names { tr("Fails over"), tr("Service"), tr("Clients in"), tr("Why") };
    return names.value(section);
}

FailoverPanel::FailoverPanel(Services &services, QWidget *parent)
    : QWidget(parent)
    , m_services(services)
    , m_model(new FailoverModel(this))
    , m_filter(new QSortFilterProxyModel(this))
    , m_table(new QTableView)
    , m_pages(new QStackedWidget)
    , m_empty(new EmptyState(QStringLiteral("restore"), tr("Nothing is connected"), {}))
    , m_unread(new ErrorBanner)
    , m_note(new ErrorBanner)
    , m_sentence(new WrappedLabel)
    , m_summary(new MutedLabel)
    , m_mend(new QPushButton(themedIcon(QStringLiteral("restore")), tr("&Mend it…")))
    , m_mender(new Mender(services, this))
{
    setObjectName(QStringLiteral("failoverPanel"));
    m_unread->setObjectName(QStringLiteral("failoverUnread"));
    m_note->setObjectName(QStringLiteral("failoverNote"));
    m_empty->setObjectName(QStringLiteral("failoverEmpty"));
    m_sentence->setObjectName(QStringLiteral("failoverSentence"));
    m_mend->setObjectName(QStringLiteral("mendFailover"));
    m_filter->setSourceModel(m_model);
    m_filter->setFilterRole(Qt::UserRole);
    m_filter->setFilterCaseSensitivity(Qt::CaseInsensitive);
    auto *search = new QLineEdit;
    search->setObjectName(QStringLiteral("searchFailover"));
    search->setAccessibleName(tr("Search the services"));
    search->setPlaceholderText(tr("Search services, clusters, reasons"));
    search->setClearButtonEnabled(true);
    connect(search, &QLineEdit::textChanged, m_filter, &QSortFilterProxyModel::setFilterFixedString);
    prepareList(m_table, QStringLiteral("failover"), tr("Will it fail over"));
    m_table->setModel(m_filter);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->horizontalHeader()->setStretchLastSection(true);
    const int em = fontMetrics().horizontalAdvance(u'0');
    m_table->setColumnWidth(FailoverModel::AnswerColumn, em * 15);
    m_table->setColumnWidth(FailoverModel::ServiceColumn, em * 28);
    m_table->setColumnWidth(FailoverModel::ClientsColumn, em * 18);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &FailoverPanel::showChosen);

    auto *detail = new QWidget;
    auto *detailLayout = new QVBoxLayout(detail);
    detailLayout->setContentsMargins(0, 8, 0, 8);
    auto *head = new QHBoxLayout;
    m_sentence->setFont(scaledFont(font(), 1.08, QFont::DemiBold));
    head->addWidget(m_sentence, 1);
    head->addWidget(m_mend, 0, Qt::AlignTop);
    detailLayout->addLayout(head);
    m_conditions = new QVBoxLayout;
    m_conditions->setSpacing(0);
    detailLayout->addLayout(m_conditions);
    detailLayout->addStretch(1);
    auto *scroll = new QScrollArea;
    scroll->setObjectName(QStringLiteral("failoverDetail"));
    scroll->setAccessibleName(tr("The conditions that decide"));
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(detail);
    auto *splitter = new QSplitter(Qt::Vertical);
    splitter->addWidget(m_table);
    splitter->addWidget(scroll);
    splitter->setStretchFactor(0, 2);
    splitter->setStretchFactor(1, 3);
    splitter->setSizes({ 200, 300 });
    splitter->setChildrenCollapsible(false);
    nameSplitter(splitter, { tr("Will it fail over"), tr("The conditions that decide") });
    auto *content = new QWidget;
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(12, 8, 12, 8);
    column->addWidget(search);
    column->addWidget(m_summary);
    column->addWidget(splitter, 1);
    m_pages->addWidget(m_empty);
    m_pages->addWidget(content);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_note);
    layout->addWidget(m_unread);
    layout->addWidget(m_pages, 1);
    setFocusProxy(m_table);
    connect(m_mend, &QPushButton::clicked, this, [this] {
        if (const FailoverVerdict *verdict = chosen())
            m_mender->ask(findings::mendPlan(*verdict), verdict->service,
                tr("%1, clients in %2. %3 This changes what operations can change of it; it can be taken back in the Activity.")
                    .arg(verdict->service, verdict->from, core::printableLine(verdict->sentence)));
    });
    connect(m_mender, &Mender::ended, this, [this](const ops::ExecutionResult &result, const QString &name) {
        if (result.complete)
            m_note->showNote(observe::Health::Ok, tr("%1: every step is done. The answer changes when the facts say so.").arg(name));
        else if (result.error)
            m_note->showError(*result.error);
        else
            m_note->showNote(observe::Health::Warning, tr("%1: stopped.").arg(name));
        m_note->setClosable(true);
        showChosen();
    });
    connect(m_mender, &Mender::refused, this, [this](const core::Error &error) { m_note->showError(error); });
    showChosen();
}

void FailoverPanel::setJudgement(const std::shared_ptr<const findings::Judgement> &judgement, bool isConnected)
{
    const QString before = chosen() ? chosen()->service + u'|' + chosen()->from : QString();
    m_model->setVerdicts(judgement ? judgement->failover : QList<FailoverVerdict>());
    QStringList unread;
    if (judgement)
        for (const observe::ClusterObjects &cluster : judgement->facts.clusters)
            if (!cluster.services.isRead() || !cluster.namespaces.isRead())
                unread << cluster.name;
    if (unread.isEmpty()) {
        m_unread->clear();
    } else {
        m_unread->showNote(
            observe::Health::Unknown, tr("Not known of %1: the services there could not be read.").arg(unread.join(QStringLiteral(", "))));
        m_unread->setClosable(false);
    }
    const bool any = m_model->rowCount() > 0;
    if (!isConnected)
        m_empty->setTexts(tr("Nothing is connected"),
            tr("Here stands of every service whether another cluster takes over for it, and what to change. Open an environment first."));
    else if (!judgement)
        m_empty->setTexts(tr("Not read yet"), tr("The objects of the clusters are being read."));
    else if (!unread.isEmpty())
        m_empty->setTexts(tr("No service could be read"), tr("What serves in a cluster whose services are not read is not known."));
    else
        m_empty->setTexts(tr("No service of the mesh"),
            tr("No namespace with sidecars has a Service with a selector. The sample application of the setup has one."));
    m_pages->setCurrentIndex(any ? 1 : 0);
    int yes = 0, no = 0, unknown = 0;
    for (int row = 0; row < m_model->rowCount(); ++row) {
        const Answer answer = m_model->verdict(row).answer;
        (answer == Answer::Yes ? yes : answer == Answer::No ? no : unknown)++;
        if (m_model->verdict(row).service + u'|' + m_model->verdict(row).from == before)
            m_table->setCurrentIndex(m_filter->mapFromSource(m_model->index(row, 0)));
    }
    QStringList parts;
    if (yes > 0)
        parts << tr("%1 fail over as far as settings tell").arg(countText(yes));
    if (no > 0)
        parts << tr("%1 do not").arg(countText(no));
    if (unknown > 0)
        parts << tr("of %1 it is not known").arg(countText(unknown));
    m_summary->setText(tr("%1. Whether they do is shown by a drill alone.").arg(parts.join(QStringLiteral(", "))));
    if (any && !m_table->currentIndex().isValid())
        m_table->setCurrentIndex(m_filter->index(0, 0));
    showChosen();
}

const FailoverVerdict *FailoverPanel::chosen() const
{
    const QModelIndex at = m_filter->mapToSource(m_table->currentIndex());
    return at.isValid() && at.row() < m_model->rowCount() ? &m_model->verdict(at.row()) : nullptr;
}

void FailoverPanel::showChosen()
{
    while (QLayoutItem *item = m_conditions->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    const FailoverVerdict *verdict = chosen();
    m_sentence->setText(verdict ? tr("%1, clients in %2. %3").arg(verdict->service, verdict->from, verdict->sentence) : QString());
    m_mend->setVisible(verdict && !verdict->mend.isEmpty());
    m_mend->setEnabled(!m_mender->isRunning());
    if (!verdict)
        return;
    QList<FailoverCondition> conditions = verdict->conditions; // those that decide against it first
    std::stable_sort(conditions.begin(), conditions.end(), [](const FailoverCondition &a, const FailoverCondition &b) {
        const auto weight = [](const FailoverCondition &one) { return one.holds == true ? 2 : one.decides ? 0 : 1; };
        return weight(a) < weight(b);
    });
    for (const FailoverCondition &condition : std::as_const(conditions))
        m_conditions->addWidget(new ConditionLines(condition));
}

} // namespace catamaran::ui
