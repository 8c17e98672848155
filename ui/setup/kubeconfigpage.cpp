// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/setup/kubeconfigpage.h"

#include "mesh/providers.h"
#include "ui/common/accessible.h"
#include "ui/common/filedialog.h"
#include "ui/common/icons.h"
#include "ui/common/widgets.h"
#include "ui/setup/connectiontest.h"
#include "ui/setup/contextdetail.h"
#include "ui/setup/contexttable.h"
#include "ui/setup/environmentbar.h"
#include "ui/setup/environmentfile.h"
#include "ui/setup/homepath.h"
#include "ui/setup/kubefiletable.h"

#include <QDir>
#include <QDragEnterEvent>
#include <QFileInfo>
#include <QLineEdit>
#include <QMimeData>
#include <QPushButton>
#include <QScrollArea>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>
#include <QUndoCommand>
#include <QVBoxLayout>

namespace catamaran::ui {

namespace {

constexpr qsizetype testsAtOnce = 12; ///< hundreds of servers that do not answer would take hours one after the other

enum Page { EmptyPage, ContentPage };

/// What kubectl would read here: its files, or where none of them is there the cluster in whose pod this program runs.
QStringList defaultFiles()
{
    const QStringList files = kube::defaultKubeconfigFiles();
    const bool there = std::any_of(files.cbegin(), files.cend(), [](const QString &file) { return QFileInfo::exists(file); });
    return !there && kube::runsInCluster() ? QStringList { kube::serviceAccountFolder } : files;
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
    : SetupPage(shared, tr("Your own clusters"),
        tr("Pick kubeconfig files. Each context shows what it resolves to, what is wrong and how to mend it. The files are only read, never changed."),
        parent, Body::Fills)
    , m_model(new ContextModel(this))
    , m_error(new ErrorBanner)
    , m_path(new QLineEdit)
    , m_add(new QPushButton(tr("&Add")))
    , m_browse(new QPushButton(themedIcon(QStringLiteral("file")), tr("&Browse…")))
    , m_default(new QPushButton)
    , m_undoButton(new QToolButton)
    , m_redoButton(new QToolButton)
    , m_stack(new QStackedWidget)
    , m_files(new KubeFileTable)
    , m_contexts(new ContextTable(m_model))
    , m_splitter(new QSplitter(Qt::Vertical))
    , m_detail(new ContextDetail)
    , m_bar(new EnvironmentBar)
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
    history(
        m_redoButton, m_undo.createRedoAction(this, tr("Redo")), QStringLiteral("restore"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Z));
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
    body()->addWidget(m_bar);

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
    connect(m_bar, &EnvironmentBar::nameChanged, this, &KubeconfigPage::refresh);
    connect(m_bar, &EnvironmentBar::saveRequested, this, &KubeconfigPage::save);
    connect(m_bar, &EnvironmentBar::leaveRequested, this, &KubeconfigPage::leaveRequested);
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
    m_keepStop.request_stop();
    m_tests.clear();
}

QWidget *KubeconfigPage::buildFiles()
{
    connect(m_files, &KubeFileTable::removeRequested, this, &KubeconfigPage::removeFiles);
    auto *removeButton = new QToolButton;
    removeButton->setObjectName(QStringLiteral("removeFile"));
    removeButton->setDefaultAction(m_files->removeAction());
    removeButton->setAutoRaise(true);
    removeButton->setToolTip(tr("Take the chosen file out of the list (Del). The file itself stays."));

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
    nameSplitter(m_splitter, { tr("Files and contexts"), tr("The chosen context") });
    return m_splitter;
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
    m_default->setText(files.contains(kube::serviceAccountFolder) ? tr("Add this &pod's own cluster")
            : variable                                            ? tr("Add $&KUBECONFIG")
                                                                  : tr("Add ~/.&kube/config"));
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
        m_error->showNote(observe::Health::Ok, tr("Already in the list: %1").arg(files.join(QStringLiteral(", "))));
        return;
    }
    m_error->clear();
    change(tr("add %n file(s)", nullptr, int(next.files.size() - m_state.files.size())), next);
}

void KubeconfigPage::edit(const documents::Environment &environment)
{
    State next;
    for (const documents::EnvironmentCluster &cluster : environment.clusters) {
        for (const QString &file : cluster.kubeconfigs) {
            if (!next.files.contains(file))
                next.files << file;
        }
        if (!cluster.context.isEmpty())
            next.choices.insert(cluster.context, { true, cluster.name, cluster.cloudId, cluster.region });
    }
    m_bar->setEnvironment(environment);
    change(tr("open %1").arg(environment.name), next);
}

bool KubeconfigPage::isBusy() const
{
    return m_reading || m_example || !m_toTest.isEmpty()
        || std::any_of(m_tests.cbegin(), m_tests.cend(), [](const auto &test) { return test.second && test.second->isRunning(); });
}

void KubeconfigPage::openAccount()
{
    m_bar->openAccount();
}

void KubeconfigPage::showExample(const documents::Environment &environment)
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
    QHash<QString, int> perFile;
    for (const ContextRow &row : reading.rows)
        ++perFile[row.file];
    for (const ContextRow &row : reading.rows) {
        if (!m_state.choices.contains(row.name) && !known.contains(row.name) && perFile.value(row.file) == 1 && row.usable())
            m_state.choices[row.name].chosen = true;
    }
    m_model->setRows(reading.rows, m_state.choices, QDateTime::currentDateTimeUtc());
    m_state.choices = m_model->choices();
    for (auto it = m_tests.begin(); it != m_tests.end();) // of what is gone, or may have changed
        it = m_model->rowOf(it->first) < 0 ? m_tests.erase(it) : std::next(it);
    m_files->setFiles(reading.files);
    m_contexts->fitColumns();
    if (!m_contexts->currentIndex().isValid() && m_model->rowCount() > 0)
        m_contexts->setCurrentIndex(m_model->index(0, 0));
    showContext();
    refresh();
    if (std::exchange(m_example, false))
        testAll();
}

void KubeconfigPage::removeFiles(const QStringList &gone)
{
    State next = m_state;
    next.files.removeIf([&](const QString &file) { return gone.contains(file); });
    if (next == m_state)
        return;
    change(tr("take out %n file(s)", nullptr, int(gone.size())), next);
    m_error->showNote(
        observe::Health::Ok, tr("Taken out of the list: %1. The file itself is untouched.").arg(gone.join(QStringLiteral(", "))));
    m_error->setAction(tr("Undo"));
    disconnect(m_error, &ErrorBanner::actionTriggered, this, nullptr);
    connect(m_error, &ErrorBanner::actionTriggered, this, [this] {
        m_error->clear();
        m_undo.undo();
    });
}

void KubeconfigPage::browse()
{
    auto *dialog = new FileDialog(this, tr("Add kubeconfig files"), QFileInfo(kube::defaultKubeconfigFiles().value(0)).path());
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
    test = std::make_unique<ConnectionTest>(*m_model->row(row).access);
    ConnectionTest *started = test.get();
    connect(started, &ConnectionTest::changed, this, [this, name, started] {
        m_model->setTest(name, started->health(), started->summary());
        if (!started->isRunning())
            m_contexts->fitColumnsSoon(); // for what the test says
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
    const auto running
        = [this] { return std::count_if(m_tests.cbegin(), m_tests.cend(), [](const auto &test) { return test.second->isRunning(); }); };
    while (!m_toTest.isEmpty() && running() < testsAtOnce)
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
    const bool all
        = std::all_of(offered.cbegin(), offered.cend(), [this](const QString &file) { return m_state.files.contains(fromTyped(file)); });
    const bool there = std::any_of(offered.cbegin(), offered.cend(), [](const QString &file) { return QFileInfo::exists(file); });
    m_default->setVisible(there && !all);
    const bool testing = !m_reading && isBusy();
    m_testAll->setText(testing ? tr("Cance&l the tests") : tr("Test a&ll"));
    m_testAll->setIcon(themedIcon(testing ? QStringLiteral("stop") : QStringLiteral("play")));
    m_bar->showWhatIsKept(m_model->chosenCount(), !m_state.files.isEmpty(), !context.services.isOpening());
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
    documents::Environment environment = m_bar->environment();
    for (int row = 0; row < m_model->rowCount(); ++row) {
        const ContextChoice choice = m_model->choice(row);
        if (choice.chosen && m_model->row(row).usable())
            environment.clusters.append(
                { choice.clusterName, choice.cloudId, choice.region, m_model->row(row).files, m_model->row(row).name });
    }
    const mesh::Account *account = environment.account();
    const core::Secret secret = account ? m_bar->takeSecret() : core::Secret();
    if (secret.isEmpty()) { // none is needed, or it is the one that is kept already
        keep(environment);
        return;
    }
    m_keepStop.request_stop(); // the secret that was given before this one
    m_keepStop = std::stop_source();
    core::whenReady(context.services.secrets().write(account->secretEntry(), secret, m_keepStop.get_token()), this,
        [this, environment](const core::Result<core::Done> &kept) {
            if (kept)
                keep(environment);
            else
                m_error->showError(kept.error());
        });
}

void KubeconfigPage::keep(const documents::Environment &environment)
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
