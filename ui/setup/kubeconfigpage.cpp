// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/setup/kubeconfigpage.h"

#include "ui/common/icons.h"
#include "ui/common/theme.h"
#include "ui/common/widgets.h"
#include "ui/setup/connectiontest.h"
#include "ui/setup/contextdetail.h"
#include "ui/setup/environmentfile.h"

#include <QCheckBox>
#include <QDir>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QPainter>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QShortcut>
#include <QSplitter>
#include <QStackedWidget>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QTableWidget>
#include <QToolButton>
#include <QUndoCommand>
#include <QVBoxLayout>

namespace catamaran::ui {

namespace {

enum Page { EmptyPage, ContentPage };
constexpr int shownFiles = 3;   ///< rows of the list of files before it scrolls
constexpr int wideEnough = 1050; ///< pixels; below, the table leaves out what stands in the details

/// Shape and colour before the words of a state.
class StateDelegate final : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        const QVariant state = index.data(ContextModel::HealthRole);
        if (!state.isValid())
            return;
        const auto health = fleet::Health(state.toInt());
        const Theme theme = themeOf(option->widget);
        const double ratio = option->widget ? option->widget->devicePixelRatioF() : 1.0;
        QPixmap shape(QSize(15, 15) * ratio);
        shape.setDevicePixelRatio(ratio);
        shape.fill(Qt::transparent);
        QPainter painter(&shape);
        paintHealthShape(&painter, QRectF(0, 0, 15, 15), health, theme);
        painter.end();
        option->icon = QIcon(shape);
        option->decorationSize = { 15, 15 };
        option->features |= QStyleOptionViewItem::HasDecoration;
        if (health != fleet::Health::Ok)
            option->palette.setColor(QPalette::Text, theme.health(health));
    }
};

/// A path that starts with ~ is the home folder's.
QString fromTyped(QString path)
{
    path = path.trimmed();
    if (path == QLatin1String("~") || path.startsWith(QLatin1String("~/")))
        path = QDir::homePath() + path.mid(1);
    return path.isEmpty() ? path : QDir::cleanPath(QFileInfo(path).absoluteFilePath());
}

/// What kubectl would read here: its files, or where none of them is there the cluster in whose pod this program runs.
QStringList defaultFiles()
{
    const QStringList files = kube::defaultKubeconfigFiles();
    const bool there = std::any_of(files.cbegin(), files.cend(), [](const QString &file) { return QFileInfo::exists(file); });
    return !there && kube::runsInCluster() ? QStringList { kube::serviceAccountFolder } : files;
}

QString shortPath(const QString &path)
{
    const QString home = QDir::homePath();
    return path.startsWith(home + u'/') ? u'~' + path.mid(home.size()) : path;
}

} // namespace

/// One change of files or choices: keeps both sides and swaps.
class KubeconfigPage::Change final : public QUndoCommand {
public:
    Change(KubeconfigPage *page, const QString &what, State before, State after)
        : QUndoCommand(what)
        , m_page(page)
        , m_before(std::move(before))
        , m_after(std::move(after))
    {
    }
    void undo() override { m_page->apply(m_before); }
    void redo() override { m_page->apply(m_after); }

private:
    KubeconfigPage *m_page;
    State m_before, m_after;
};

KubeconfigPage::KubeconfigPage(SetupContext &shared, QWidget *parent)
    : SetupPage(shared, tr("Your own clusters"), tr("Pick kubeconfig files. Each context shows what it resolves to, what is wrong and how to mend it. The files are only read, never changed."), parent, Body::Fills)
    , m_model(new ContextModel(this))
    , m_error(new ErrorBanner)
    , m_path(new QLineEdit)
    , m_add(new QPushButton(tr("&Add")))
    , m_browse(new QPushButton(themedIcon(QStringLiteral("file")), tr("&Browse…")))
    , m_default(new QPushButton)
    , m_undoButton(new QToolButton)
    , m_redoButton(new QToolButton)
    , m_stack(new QStackedWidget)
    , m_files(new QTableWidget)
    , m_contexts(new QTableView)
    , m_splitter(new QSplitter(Qt::Vertical))
    , m_detail(new ContextDetail)
{
    setObjectName(QStringLiteral("kubeconfigPage"));
    setAcceptDrops(true);
    m_error->setObjectName(QStringLiteral("kubeconfigError"));
    m_path->setObjectName(QStringLiteral("kubeconfigPath"));
    m_path->setAccessibleName(tr("Path of a kubeconfig file"));
    m_path->setPlaceholderText(tr("Path of a kubeconfig file, or drop files here"));
    m_path->setClearButtonEnabled(true);
    m_add->setObjectName(QStringLiteral("addPath"));
    m_browse->setObjectName(QStringLiteral("browseKubeconfigs"));
    m_default->setObjectName(QStringLiteral("addDefault"));
    m_undoButton->setObjectName(QStringLiteral("undoChoice"));
    m_redoButton->setObjectName(QStringLiteral("redoChoice"));
    const auto history = [this](QToolButton *button, QAction *action, const QString &icon, const QKeySequence &keys) {
        action->setIcon(themedIcon(icon));
        action->setShortcut(keys);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        addAction(action);
        button->setDefaultAction(action);
        button->setAutoRaise(true);
    };
    history(m_undoButton, m_undo.createUndoAction(this, tr("Undo")), QStringLiteral("undo"), QKeySequence::Undo);
    history(m_redoButton, m_undo.createRedoAction(this, tr("Redo")), QStringLiteral("restore"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Z));
    m_redoButton->hide(); // by key; the bar stays short

    auto *empty = new EmptyState(QStringLiteral("file"), tr("No kubeconfig file yet"),
                                 tr("A kubeconfig says where clusters are and who you are there. Type its path above, drop it here, or choose it. Several files are read together, as kubectl reads them."),
                                 tr("Choose files…"));
    connect(empty, &EmptyState::triggered, this, &KubeconfigPage::browse);
    m_stack->addWidget(empty);
    m_stack->addWidget(buildFiles());

    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_path, 1);
    row->addWidget(m_add);
    row->addWidget(m_browse);
    row->addWidget(m_default);
    row->addWidget(m_undoButton);
    body()->addWidget(m_error);
    body()->addLayout(row);
    body()->addWidget(m_stack, 1);
    body()->addWidget(buildFooter());

    const auto addTyped = [this] {
        const QString path = fromTyped(m_path->text());
        if (path.isEmpty()) {
            browse();
            return;
        }
        m_path->clear();
        addFiles({ path });
    };
    connect(m_add, &QPushButton::clicked, this, addTyped);
    connect(m_path, &QLineEdit::returnPressed, this, addTyped);
    connect(m_browse, &QPushButton::clicked, this, &KubeconfigPage::browse);
    connect(m_default, &QPushButton::clicked, this, [this] { addFiles(defaultFiles()); });
    connect(m_model, &ContextModel::chosen, this, [this](const QString &what, const QHash<QString, ContextChoice> &) {
        State next = m_state;
        next.choices = m_model->choices();
        change(what, next);
    });
    connect(m_contexts->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &KubeconfigPage::showContext);
    connect(m_detail, &ContextDetail::testRequested, this, [this] { startTest(current()); });
    connect(m_detail, &ContextDetail::cancelRequested, this, &KubeconfigPage::cancelTests);
    connect(m_detail, &ContextDetail::choiceEdited, this, [this](const ContextChoice &choice) {
        State next = m_state;
        next.choices[current()] = choice;
        change(tr("change %1").arg(current()), next);
    });
    connect(&shared.services, &Services::openFailed, this, [this](const core::Error &error) {
        if (isVisible())
            m_error->showError(error);
    });
    connect(&shared.services, &Services::sessionChanged, this, &KubeconfigPage::refresh);
    refresh();
}

KubeconfigPage::~KubeconfigPage()
{
    m_readStop.request_stop();
    m_tests.clear();
}

QWidget *KubeconfigPage::buildFiles()
{
    prepareTable(m_files, QStringLiteral("kubeconfigFiles"), tr("Kubeconfig files"), { tr("File"), tr("Contexts"), tr("State") });
    m_files->setVerticalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    m_files->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_files->setTextElideMode(Qt::ElideMiddle);
    m_files->setWordWrap(false);
    m_files->setSelectionMode(QAbstractItemView::SingleSelection);
    auto *remove = new QAction(themedIcon(QStringLiteral("trash")), tr("Take the file out of the list"), m_files);
    remove->setShortcut(QKeySequence::Delete);
    remove->setShortcutContext(Qt::WidgetShortcut);
    connect(remove, &QAction::triggered, this, &KubeconfigPage::removeFiles);
    m_files->addAction(remove);
    m_files->setContextMenuPolicy(Qt::ActionsContextMenu);
    auto *removeButton = new QToolButton;
    removeButton->setObjectName(QStringLiteral("removeFile"));
    removeButton->setDefaultAction(remove);
    removeButton->setAutoRaise(true);
    removeButton->setToolTip(tr("Take the chosen file out of the list (Del). The file itself stays."));

    m_contexts->setObjectName(QStringLiteral("contexts"));
    m_contexts->setAccessibleName(tr("Contexts of the kubeconfig files"));
    m_contexts->setModel(m_model);
    m_contexts->setItemDelegate(new StateDelegate(m_contexts));
    m_contexts->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_contexts->setSelectionMode(QAbstractItemView::SingleSelection);
    m_contexts->setEditTriggers(QAbstractItemView::EditKeyPressed | QAbstractItemView::DoubleClicked);
    m_contexts->setShowGrid(false);
    m_contexts->setWordWrap(false);
    m_contexts->setTextElideMode(Qt::ElideMiddle);
    m_contexts->setTabKeyNavigation(false);
    m_contexts->verticalHeader()->hide();
    m_contexts->verticalHeader()->setDefaultSectionSize(m_contexts->fontMetrics().height() + 14);
    m_contexts->verticalHeader()->setMinimumSectionSize(m_contexts->fontMetrics().height() + 14);
    m_contexts->horizontalHeader()->setHighlightSections(false);
    m_contexts->horizontalHeader()->setMinimumSectionSize(60);
    m_contexts->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_contexts->setMinimumHeight(m_contexts->fontMetrics().height() * 7);

    m_testAll = new QPushButton(themedIcon(QStringLiteral("play")), tr("Test a&ll"));
    m_testAll->setObjectName(QStringLiteral("testAll"));
    m_testAll->setToolTip(tr("Test every context that is ticked; every one that can be used when none is"));
    m_copy = new QPushButton(themedIcon(QStringLiteral("copy")), tr("&Copy as text"));
    m_copy->setObjectName(QStringLiteral("copyContexts"));
    m_copy->setToolTip(tr("All contexts with what they resolve to, what is wrong, and the tests; no secrets"));
    connect(m_testAll, &QPushButton::clicked, this, &KubeconfigPage::testAll);
    connect(m_copy, &QPushButton::clicked, this, [this] { copyText(asText()); });

    auto *upper = new QWidget;
    auto *upperLayout = new QVBoxLayout(upper);
    upperLayout->setContentsMargins(0, 0, 0, 0);
    upperLayout->setSpacing(6);
    auto *filesRow = new QHBoxLayout;
    filesRow->setSpacing(4);
    filesRow->addWidget(m_files, 1);
    filesRow->addWidget(removeButton, 0, Qt::AlignTop);
    auto *head = new QHBoxLayout;
    head->addWidget(new SectionTitle(tr("Contexts")), 1);
    head->addWidget(m_testAll);
    head->addWidget(m_copy);
    upperLayout->addLayout(filesRow);
    upperLayout->addLayout(head);
    upperLayout->addWidget(m_contexts, 1);
    auto *scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(m_detail);
    m_splitter->addWidget(upper);
    m_splitter->addWidget(scroll);
    m_splitter->setStretchFactor(0, 2);
    m_splitter->setStretchFactor(1, 3);
    m_splitter->setSizes({ 330, 270 });
    m_splitter->setChildrenCollapsible(false);
    return m_splitter;
}

QWidget *KubeconfigPage::buildFooter()
{
    m_name = new QLineEdit(QStringLiteral("my-clusters"));
    m_name->setObjectName(QStringLiteral("environmentName"));
    m_name->setAccessibleName(tr("Environment name"));
    m_name->setMaximumWidth(220);
    m_production = new QCheckBox(tr("&Production"));
    m_production->setObjectName(QStringLiteral("production"));
    m_production->setToolTip(tr("Drills then ask for the environment's name, and the window is marked red"));
    m_account = new QToolButton;
    m_account->setObjectName(QStringLiteral("withAccount"));
    m_account->setText(tr("With an Alibaba Cloud account"));
    m_account->setCheckable(true);
    m_account->setAutoRaise(true);
    m_account->setIcon(themedIcon(QStringLiteral("right")));
    m_account->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_account->setToolTip(tr("Meshes can only be made with an account; without one the clusters are watched, verified and rehearsed as they are"));
    auto *back = new QPushButton(themedIcon(QStringLiteral("left")), tr("All wa&ys"));
    back->setObjectName(QStringLiteral("leaveKubeconfigs"));
    m_save = new QPushButton(tr("&Save and open"));
    m_save->setObjectName(QStringLiteral("useContexts"));
    setButtonRole(m_save, ButtonRole::Primary);
    m_note = new MutedLabel;
    m_note->setObjectName(QStringLiteral("saveNote"));

    m_keyId = new QLineEdit;
    m_keyId->setObjectName(QStringLiteral("accessKeyId"));
    m_keySecret = new QLineEdit;
    m_keySecret->setObjectName(QStringLiteral("accessKeySecret"));
    m_keySecret->setEchoMode(QLineEdit::Password);
    m_keySecret->setPlaceholderText(tr("kept in the keyring, never in a file"));
    m_regions = new QLineEdit;
    m_regions->setObjectName(QStringLiteral("regions"));
    m_regions->setPlaceholderText(QStringLiteral("cn-hangzhou, cn-shanghai"));
    m_accountHost = new QWidget;
    auto *account = new QHBoxLayout(m_accountHost);
    account->setContentsMargins(0, 0, 0, 0);
    const auto field = [account](const QString &text, QLineEdit *edit, int stretch) {
        auto *label = new QLabel(text);
        label->setBuddy(edit);
        edit->setAccessibleName(QString(text).remove(u'&'));
        account->addWidget(label);
        account->addWidget(edit, stretch);
    };
    field(tr("AccessKey &id"), m_keyId, 3);
    field(tr("AccessKey s&ecret"), m_keySecret, 4);
    field(tr("Re&gions"), m_regions, 3);
    m_accountHost->hide();

    auto *host = new QWidget;
    auto *layout = new QVBoxLayout(host);
    layout->setContentsMargins(0, 4, 0, 0);
    layout->setSpacing(6);
    auto *row = new QHBoxLayout;
    row->setSpacing(10);
    auto *nameLabel = new QLabel(tr("En&vironment"));
    nameLabel->setBuddy(m_name);
    row->addWidget(back);
    row->addSpacing(8);
    row->addWidget(nameLabel);
    row->addWidget(m_name, 1);
    row->addWidget(m_production);
    row->addWidget(m_account);
    row->addStretch(1);
    row->addWidget(m_save);
    layout->addWidget(m_accountHost);
    layout->addLayout(row);
    layout->addWidget(m_note);

    connect(back, &QPushButton::clicked, this, &KubeconfigPage::leaveRequested);
    connect(m_save, &QPushButton::clicked, this, &KubeconfigPage::save);
    connect(m_name, &QLineEdit::textChanged, this, &KubeconfigPage::refresh);
    connect(m_name, &QLineEdit::returnPressed, m_save, &QPushButton::click);
    connect(m_account, &QToolButton::toggled, this, [this](bool on) {
        m_account->setIcon(themedIcon(on ? QStringLiteral("down") : QStringLiteral("right")));
        m_accountHost->setVisible(on);
        if (on)
            m_keyId->setFocus(Qt::OtherFocusReason);
    });
    return host;
}

QWidget *KubeconfigPage::firstFocus() const
{
    return m_state.files.isEmpty() ? static_cast<QWidget *>(m_path) : m_contexts;
}

void KubeconfigPage::enter()
{
    // What kubectl would read is offered while it is not in the list and is there.
    const QStringList files = defaultFiles();
    const bool variable = !qEnvironmentVariableIsEmpty("KUBECONFIG");
    m_default->setText(files.contains(kube::serviceAccountFolder) ? tr("Add this &pod's own cluster") : variable ? tr("Add $&KUBECONFIG") : tr("Add ~/.&kube/config"));
    m_default->setToolTip(tr("What kubectl reads here: %1").arg(files.join(QStringLiteral(", "))));
    refresh();
}

void KubeconfigPage::addFiles(const QStringList &files)
{
    State next = m_state;
    for (const QString &file : files) {
        const QString path = fromTyped(file);
        if (!path.isEmpty() && !next.files.contains(path))
            next.files << path;
    }
    if (next == m_state) {
        m_error->showNote(fleet::Health::Ok, tr("Already in the list: %1").arg(files.join(QStringLiteral(", "))));
        return;
    }
    m_error->clear();
    change(tr("add %n file(s)", nullptr, int(next.files.size() - m_state.files.size())), next);
}

void KubeconfigPage::edit(const fleet::Environment &environment)
{
    State next;
    for (const fleet::EnvironmentCluster &cluster : environment.clusters) {
        for (const QString &file : cluster.kubeconfigs) {
            if (!next.files.contains(file))
                next.files << file;
        }
        if (!cluster.context.isEmpty())
            next.choices.insert(cluster.context, { true, cluster.name, cluster.cloudId, cluster.region });
    }
    m_name->setText(environment.name);
    m_production->setChecked(environment.production);
    if (environment.cloud) {
        m_keyId->setText(environment.cloud->accessKeyId);
        m_regions->setText(environment.cloud->regions.join(QStringLiteral(", ")));
        m_account->setChecked(true);
    }
    change(tr("open %1").arg(environment.name), next);
}

bool KubeconfigPage::isBusy() const
{
    return m_reading || m_example || !m_toTest.isEmpty() || std::any_of(m_tests.cbegin(), m_tests.cend(), [](const auto &test) { return test.second && test.second->isRunning(); });
}

void KubeconfigPage::openAccount()
{
    m_account->setChecked(true);
}

void KubeconfigPage::showExample(const fleet::Environment &environment)
{
    m_example = true; // tests start when the files are read
    edit(environment);
}

void KubeconfigPage::change(const QString &what, const State &next)
{
    if (!(next == m_state))
        m_undo.push(new Change(this, what, m_state, next));
}

void KubeconfigPage::apply(const State &state)
{
    const bool files = state.files != m_state.files;
    m_state = state;
    if (files) {
        read();
    } else {
        m_model->setChoices(state.choices);
        showContext();
    }
    refresh();
}

void KubeconfigPage::read()
{
    m_readStop.request_stop();
    m_readStop = std::stop_source();
    m_reading = true;
    const std::stop_token stop = m_readStop.get_token();
    // Files may be large or on a slow disk; certificates are parsed as well.
    auto work = core::runSequence([files = m_state.files] { return readKubeconfigs(files, QDateTime::currentDateTimeUtc()); });
    core::whenReady(work, this, [this, stop](const KubeReading &reading) {
        if (stop.stop_requested())
            return;
        m_reading = false;
        take(reading);
    });
}

void KubeconfigPage::take(const KubeReading &reading)
{
    QSet<QString> known;
    for (int i = 0; i < m_model->rowCount(); ++i)
        known.insert(m_model->row(i).name);
    m_read = reading;
    // A file with a single context leaves nothing to pick.
    for (const ContextRow &row : reading.rows) {
        const bool alone = std::count_if(reading.rows.cbegin(), reading.rows.cend(), [&](const ContextRow &other) { return other.file == row.file; }) == 1;
        if (!m_state.choices.contains(row.name) && !known.contains(row.name) && alone && row.usable())
            m_state.choices[row.name].chosen = true;
    }
    m_model->setRows(reading.rows, m_state.choices, QDateTime::currentDateTimeUtc());
    m_state.choices = m_model->choices();
    for (auto it = m_tests.begin(); it != m_tests.end();) // of what is gone, or may have changed
        it = m_model->rowOf(it->first) < 0 ? m_tests.erase(it) : std::next(it);
    fillFiles();
    fitColumns();
    if (!m_contexts->currentIndex().isValid() && m_model->rowCount() > 0)
        m_contexts->setCurrentIndex(m_model->index(0, 0));
    showContext();
    refresh();
    if (std::exchange(m_example, false))
        testAll();
}

void KubeconfigPage::fillFiles()
{
    m_files->setRowCount(int(m_read.files.size()));
    for (int i = 0; i < m_read.files.size(); ++i) {
        const KubeFile &file = m_read.files.at(i);
        setCell(m_files, i, 0, shortPath(file.path), file.path);
        setCell(m_files, i, 1, file.error ? tr("–") : QString::number(file.contexts));
        if (file.error) {
            const QString where = file.error->target == file.path ? QString() : file.error->target.mid(file.error->target.lastIndexOf(u':') + 1);
            const QString said = where.isEmpty() || where.contains(u'/') ? file.error->answer : tr("line %1: %2").arg(where, file.error->answer);
            setCell(m_files, i, 2, healthCell(fleet::Health::Failed, said), file.error->text() + u'\n' + tr("kubectl refuses the whole list while this file is in it; here the others are read without it."),
                    fleet::Health::Failed);
        } else if (!file.issues.isEmpty()) {
            const kube::ConfigIssue &issue = file.issues.first();
            setCell(m_files, i, 2, healthCell(severityHealth(issue.severity), issue.what), issue.text(), severityHealth(issue.severity));
        } else if (file.contexts == 0) {
            setCell(m_files, i, 2, healthCell(fleet::Health::Warning, tr("no context of it is used")), tr("It defines none, or earlier files define the same names."), fleet::Health::Warning);
        } else {
            setCell(m_files, i, 2, healthCell(fleet::Health::Ok, tr("read")), {}, fleet::Health::Ok);
        }
    }
    int height = m_files->horizontalHeader()->sizeHint().height() + 2 * m_files->frameWidth() + 2;
    for (int i = 0; i < std::min(shownFiles, m_files->rowCount()); ++i)
        height += m_files->rowHeight(i);
    m_files->setFixedHeight(height);
}

void KubeconfigPage::fitColumns()
{
    // With room for a scroll bar, whether or not it is there already: the columns do not jump when it comes.
    const int bar = m_contexts->verticalScrollBar()->isVisible() ? 0 : m_contexts->style()->pixelMetric(QStyle::PM_ScrollBarExtent);
    const int room = m_contexts->viewport()->width() - bar;
    const bool wide = room >= wideEnough;
    m_contexts->setColumnHidden(ContextModel::ClusterColumn, true); // in the details
    m_contexts->setColumnHidden(ContextModel::FileColumn, true);
    m_contexts->setColumnHidden(ContextModel::NamespaceColumn, !wide);
    m_contexts->setColumnHidden(ContextModel::UserColumn, room < 620);
    m_contexts->resizeColumnsToContents();
    int total = 0;
    for (int column = 0; column < ContextModel::COLUMN_COUNT; ++column) {
        if (m_contexts->isColumnHidden(column))
            continue;
        m_contexts->setColumnWidth(column, std::min(m_contexts->columnWidth(column) + 8, std::max(90, room * 28 / 100)));
        total += m_contexts->columnWidth(column);
    }
    // Too wide: the long texts give way, each keeps enough to be told apart; they stand whole in tool tip and details.
    const QList<QPair<int, int>> least { { ContextModel::UserColumn, 90 }, { ContextModel::BecomesColumn, 90 }, { ContextModel::StateColumn, 170 }, { ContextModel::ServerColumn, 120 },
                                         { ContextModel::ContextColumn, 120 }, { ContextModel::TestColumn, 90 }, { ContextModel::ExpiryColumn, 100 }, { ContextModel::StateColumn, 110 } };
    for (const auto &[column, keeps] : least) {
        if (total <= room || m_contexts->isColumnHidden(column))
            continue;
        const int give = std::min(total - room, std::max(0, m_contexts->columnWidth(column) - keeps));
        m_contexts->setColumnWidth(column, m_contexts->columnWidth(column) - give);
        total -= give;
    }
    if (total < room) // what is left goes to what is wrong
        m_contexts->setColumnWidth(ContextModel::StateColumn, m_contexts->columnWidth(ContextModel::StateColumn) + room - total);
    const int files = m_files->viewport()->width();
    m_files->setColumnWidth(0, files * 45 / 100);
    m_files->setColumnWidth(1, m_files->fontMetrics().horizontalAdvance(m_files->horizontalHeaderItem(1)->text()) + 24);
}

void KubeconfigPage::resizeEvent(QResizeEvent *event)
{
    SetupPage::resizeEvent(event);
    fitColumns();
}

void KubeconfigPage::removeFiles()
{
    State next = m_state;
    const QList<QModelIndex> rows = m_files->selectionModel()->selectedRows();
    QStringList gone;
    for (const QModelIndex &index : rows)
        gone << m_read.files.value(index.row()).path;
    if (gone.isEmpty() && m_files->currentRow() >= 0)
        gone << m_read.files.value(m_files->currentRow()).path;
    next.files.removeIf([&](const QString &file) { return gone.contains(file); });
    if (next == m_state)
        return;
    change(tr("take out %n file(s)", nullptr, int(gone.size())), next);
    m_error->showNote(fleet::Health::Ok, tr("Taken out of the list: %1. The file itself is untouched.").arg(gone.join(QStringLiteral(", "))));
    m_error->setAction(tr("Undo"));
    disconnect(m_error, &ErrorBanner::actionTriggered, this, nullptr);
    connect(m_error, &ErrorBanner::actionTriggered, this, [this] {
        m_error->clear();
        m_undo.undo();
    });
}

void KubeconfigPage::browse()
{
    auto *dialog = new QFileDialog(this, tr("Add kubeconfig files"), QFileInfo(kube::defaultKubeconfigFiles().value(0)).path());
    dialog->setObjectName(QStringLiteral("kubeconfigDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    dialog->setFilter(QDir::AllDirs | QDir::Files | QDir::NoDotAndDotDot | QDir::Hidden); // .kube
    connect(dialog, &QFileDialog::filesSelected, this, &KubeconfigPage::addFiles);
    dialog->open();
}

void KubeconfigPage::dragEnterEvent(QDragEnterEvent *event)
{
    const QList<QUrl> urls = event->mimeData()->urls();
    if (std::any_of(urls.cbegin(), urls.cend(), [](const QUrl &url) { return url.isLocalFile(); }))
        event->acceptProposedAction();
}

void KubeconfigPage::dropEvent(QDropEvent *event)
{
    QStringList files;
    for (const QUrl &url : event->mimeData()->urls()) {
        if (url.isLocalFile())
            files << url.toLocalFile();
    }
    if (files.isEmpty())
        return;
    event->acceptProposedAction();
    addFiles(files);
}

QString KubeconfigPage::current() const
{
    const QModelIndex index = m_contexts->currentIndex();
    return index.isValid() && index.row() < m_model->rowCount() ? m_model->row(index.row()).name : QString();
}

void KubeconfigPage::showContext()
{
    const int row = m_model->rowOf(current());
    if (row < 0) {
        m_detail->clear();
        return;
    }
    m_detail->setContext(m_model->row(row), m_model->choice(row), QDateTime::currentDateTimeUtc());
    const auto test = m_tests.find(m_model->row(row).name);
    m_detail->setTest(test == m_tests.end() ? nullptr : test->second.get());
}

void KubeconfigPage::startTest(const QString &name)
{
    const int row = m_model->rowOf(name);
    if (row < 0 || !m_model->row(row).usable())
        return;
    auto &test = m_tests[name];
    if (test && test->isRunning())
        return;
    test = std::make_unique<ConnectionTest>(*m_model->row(row).access, m_model->row(row).files, name);
    ConnectionTest *started = test.get();
    connect(started, &ConnectionTest::changed, this, [this, name, started] {
        m_model->setTest(name, started->health(), started->summary());
        if (!started->isRunning())
            fitColumns(); // for what the test says
        if (name == current())
            m_detail->setTest(started);
        refresh();
    });
    connect(started, &ConnectionTest::finished, this, &KubeconfigPage::testNext, Qt::QueuedConnection);
    started->start();
}

void KubeconfigPage::testAll()
{
    if (!m_reading && isBusy()) {
        cancelTests();
        return;
    }
    const bool ticked = m_model->chosenCount() > 0;
    for (int i = 0; i < m_model->rowCount(); ++i) {
        if (m_model->row(i).usable() && (!ticked || m_model->choice(i).chosen))
            m_toTest << m_model->row(i).name;
    }
    testNext();
}

void KubeconfigPage::testNext()
{
    if (!m_toTest.isEmpty())
        startTest(m_toTest.takeFirst());
    refresh();
}

void KubeconfigPage::cancelTests()
{
    m_toTest.clear();
    for (auto &[name, test] : m_tests)
        test->cancel();
    refresh();
}

void KubeconfigPage::refresh()
{
    m_stack->setCurrentIndex(m_state.files.isEmpty() ? EmptyPage : ContentPage);
    const QStringList offered = defaultFiles();
    const bool all = std::all_of(offered.cbegin(), offered.cend(), [this](const QString &file) { return m_state.files.contains(fromTyped(file)); });
    const bool there = std::any_of(offered.cbegin(), offered.cend(), [](const QString &file) { return QFileInfo::exists(file); });
    m_default->setVisible(there && !all);
    const bool testing = !m_reading && isBusy();
    m_testAll->setText(testing ? tr("Cance&l the tests") : tr("Test a&ll"));
    m_testAll->setIcon(themedIcon(testing ? QStringLiteral("stop") : QStringLiteral("play")));
    const int chosen = m_model->chosenCount();
    const QString name = asLabel(m_name->text());
    const QString path = keptEnvironmentFile(name);
    QString why;
    if (m_name->text().trimmed().isEmpty())
        why = tr("Give the environment a name.");
    else if (chosen == 0)
        why = m_state.files.isEmpty() ? QString() : tr("Tick the contexts that shall become clusters.");
    m_save->setEnabled(why.isEmpty() && chosen > 0 && !context.services.isOpening());
    m_save->setText(QFileInfo::exists(path) ? tr("&Replace and open") : tr("&Save and open"));
    m_note->setText(!why.isEmpty() ? why : chosen == 0 ? tr("Nothing is kept yet.")
                                                        : (QFileInfo::exists(path) ? tr("%n cluster(s) replace what is kept in %1.", nullptr, chosen) : tr("%n cluster(s) will be kept in %1.", nullptr, chosen)).arg(shortPath(path)));
}

QString KubeconfigPage::asText() const
{
    QString text;
    const QDateTime now = QDateTime::currentDateTimeUtc();
    for (const KubeFile &file : m_read.files)
        text += QStringLiteral("%1: %2\n").arg(file.path, file.error ? file.error->text() : tr("%n context(s)", nullptr, file.contexts));
    for (const ContextRow &row : m_read.rows) {
        text += u'\n' + row.asText(now);
        if (const auto test = m_tests.find(row.name); test != m_tests.end())
            text += test->second->asText();
    }
    return text;
}

void KubeconfigPage::save()
{
    m_error->clear();
    fleet::Environment environment;
    environment.name = asLabel(m_name->text());
    environment.production = m_production->isChecked();
    for (int row = 0; row < m_model->rowCount(); ++row) {
        const ContextChoice choice = m_model->choice(row);
        if (choice.chosen && m_model->row(row).usable())
            environment.clusters.append({ choice.clusterName, choice.cloudId, choice.region, m_model->row(row).files, m_model->row(row).name });
    }
    if (!m_account->isChecked() || m_keyId->text().trimmed().isEmpty()) {
        keep(environment);
        return;
    }
    fleet::CloudAccount account;
    account.accessKeyId = m_keyId->text().trimmed();
    account.secret = { fleet::SecretSource::Kind::Keyring, environment.name + QStringLiteral("-access-key") };
    const QStringList regions = m_regions->text().split(u',', Qt::SkipEmptyParts);
    for (const QString &region : regions)
        account.regions << region.trimmed();
    environment.cloud = account;
    const core::Secret secret(m_keySecret->text().toUtf8());
    m_keySecret->clear();
    if (secret.isEmpty()) { // the one that is kept already
        keep(environment);
        return;
    }
    core::whenReady(context.services.secrets().write(account.secret.name, secret, {}), this, [this, environment](const core::Result<core::Done> &kept) {
        if (kept)
            keep(environment);
        else
            m_error->showError(kept.error());
    });
}

void KubeconfigPage::keep(const fleet::Environment &environment)
{
    const auto path = keepEnvironment(environment);
    if (!path) {
        m_error->showError(path.error());
        return;
    }
    cancelTests();
    emit kept(*path);
    context.services.openEnvironment(*path);
    refresh();
}

} // namespace catamaran::ui
