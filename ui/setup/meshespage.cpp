// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/setup/meshespage.h"

#include "mesh/providers.h"
#include "mesh/trustroot.h"
#include "ui/common/accessible.h"
#include "ui/common/widgets.h"
#include "ui/topology/fleetfacts.h"

#include <QButtonGroup>
#include <QComboBox>
#include <QGridLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>

namespace catamaran::ui {

namespace {

/// What one mesh tells of itself, each thing by itself or why not.
void addPlane(QList<KeyValueList::Row> &rows, const observe::ObservedMesh &mesh)
{
    const mesh::MeshStatus &status = mesh.status;
    const auto add
        = [&rows](const QString &key, const QString &value, std::optional<observe::Health> health = {}, const QString &tip = {}) {
              rows.append({ key, health ? healthCell(*health, value) : value, tip }); // no badge: it is long, and wraps
          };
    const auto running = std::find_if(
        mesh.conditions.begin(), mesh.conditions.end(), [](const observe::Condition &one) { return one.type == QLatin1String("Running"); });
    if (running != mesh.conditions.end())
        add(status.name, running->reason, running->health, running->evidence + u'\n' + running->source);
    for (const mesh::ControlPlane &plane : status.controlPlanes)
        add({},
            MeshesPage::tr("%1 in %2, %3")
                .arg(plane.place, status.home, plane.version.isEmpty() ? MeshesPage::tr("version not told") : plane.version));
    for (const mesh::ToldFact &fact : status.told) {
        if (!fact.error)
            add({}, MeshesPage::tr("%1: %2").arg(fact.what, fact.value), {}, fact.source);
        else
            add({},
                fact.error->kind == core::ErrorKind::Forbidden && !fact.right.isEmpty()
                    ? MeshesPage::tr("%1: not known, it takes the right to %2").arg(fact.what, fact.right)
                    : MeshesPage::tr("%1: not known, %2").arg(fact.what, fact.error->answer),
                observe::Health::Unknown, fact.error->text());
    }
    for (const QString &reason : status.notOurs)
        add({}, MeshesPage::tr("Shown, and not changed here: %1").arg(reason), observe::Health::Warning);
    if (status.stale)
        add({}, MeshesPage::tr("As last seen: %1").arg(status.stale->answer), observe::Health::Stale, status.stale->text());
}

} // namespace

MeshesPage::MeshesPage(SetupContext &shared, QWidget *parent)
    : SetupPage(shared, tr("Meshes and trust"),
        tr("One control plane per cluster, near to it. All of them must chain to one root certificate, or their clusters refuse each other."),
        parent)
    , m_problem(new ErrorBanner)
    , m_rowsHost(new QWidget)
    , m_rows(new QGridLayout(m_rowsHost))
    , m_shared(new QRadioButton(tr("One shared &root for all meshes")))
    , m_separate(new QRadioButton(tr("Each mesh makes its &own root")))
    , m_rootName(new QLineEdit)
    , m_rootBadge(new StateBadge)
    , m_rootNote(new MutedLabel)
{
    m_rows->setContentsMargins(0, 0, 0, 0);
    m_rows->setColumnStretch(1, 1);
    auto *add = new QPushButton(tr("&Add a mesh"));
    add->setObjectName(QStringLiteral("addMesh"));
    m_shared->setObjectName(QStringLiteral("sharedRoot"));
    m_separate->setObjectName(QStringLiteral("separateRoots"));
    m_rootName->setObjectName(QStringLiteral("rootName"));
    m_rootName->setAccessibleName(tr("Name of a root that other environments share"));
    m_rootName->setToolTip(tr("Every environment whose fleet names the same root shares it, and they trust each other"));
    m_rootName->setMinimumWidth(130);
    m_rootName->setMaximumWidth(340);
    auto *rootLabel = new PlainLabel(tr("Shared under the nam&e"));
    rootLabel->setBuddy(m_rootName);
    auto *group = new QButtonGroup(this);
    group->addButton(m_shared);
    group->addButton(m_separate);

    m_planes = new Card(tr("Found in the clusters"));
    m_planes->setObjectName(QStringLiteral("controlPlanes"));
    m_found = new KeyValueList;
    m_planes->body()->addWidget(m_found);
    m_planes->hide();
    auto *meshes = new Card(tr("Meshes"));
    meshes->body()->addWidget(m_rowsHost);
    meshes->body()->addWidget(add, 0, Qt::AlignLeft);
    auto *trust = new Card(tr("Trust root"));
    trust->setIcon(QStringLiteral("root"));
    trust->body()->addWidget(m_shared);
    auto *rootRow = new QHBoxLayout;
    rootRow->setContentsMargins(24, 0, 0, 0);
    rootRow->addWidget(rootLabel);
    rootRow->addWidget(m_rootName, 1);
    rootRow->addWidget(m_rootBadge);
    rootRow->addStretch(1);
    trust->body()->addLayout(rootRow);
    trust->body()->addWidget(m_rootNote);
    trust->body()->addWidget(m_separate);
    trust->body()->addWidget(new MutedLabel(tr("Clusters then refuse each other: only to rehearse exactly that.")));
    body()->addWidget(m_problem);
    body()->addWidget(meshes);
    body()->addWidget(m_planes);
    body()->addWidget(trust);
    body()->addStretch(1);
    m_problem->setClosable(false);

    connect(
        add, &QPushButton::clicked, this, [this] { context.edit([this](SetupDraft &draft) { addMesh(draft.fleet, context.maker()); }); });
    whenToggled(m_shared, this, [this](bool on) { // and with it the other one
        context.edit([on](SetupDraft &draft) { draft.fleet.root = on ? documents::RootKind::Shared : documents::RootKind::Separate; });
    });
    connect(m_rootName, &QLineEdit::textEdited, this,
        [this](const QString &text) { context.edit([&](SetupDraft &draft) { draft.fleet.sharedRoot = text.trimmed(); }); });
    connect(&context, &SetupContext::draftChanged, this, [this] {
        if (isVisible())
            refresh();
        emit completeChanged();
    });
    connect(&context, &SetupContext::observedChanged, this, [this] {
        if (isVisible())
            refresh();
    });
    connect(&context, &SetupContext::versionsChanged, this, [this] {
        m_shape.clear();
        if (isVisible())
            refresh();
    });
}

QString MeshesPage::missing() const
{
    return context.draft().fleet.meshes.isEmpty() ? tr("Add at least one mesh.") : QString();
}

void MeshesPage::enter()
{
    m_lookedFor.clear(); // a keyring may have come since
    refresh();
}

void MeshesPage::refresh()
{
    const documents::FleetDocument &fleet = context.draft().fleet;
    buildRows();
    showChecked(fleet.root == documents::RootKind::Shared ? m_shared : m_separate, true);
    m_rootName->setEnabled(fleet.root == documents::RootKind::Shared);
    m_rootName->setPlaceholderText(tr("none: this environment's own"));
    if (m_rootName->text().trimmed() != fleet.sharedRoot && !m_rootName->hasFocus())
        m_rootName->setText(fleet.sharedRoot);
    showPlanes();
    if (context.session() && context.maker().isEmpty()) {
        m_problem->showNote(observe::Health::Warning,
            tr("Nobody can make a mesh here: no cluster of the environment can be opened. The first page says why."));
        m_problem->setClosable(false);
    } else if (context.session() && context.observed().meshesUnread && !context.observed().account.isEmpty()) {
        m_problem->showNote(
            observe::Health::Unknown, tr("There may be others than those that are shown: %1").arg(context.observed().meshesUnread->text()));
        m_problem->setClosable(false);
    } else if (!context.problems().isEmpty()) {
        m_problem->showError(context.problems().first());
        m_problem->setClosable(false);
    } else {
        m_problem->hide();
    }
    lookForRoot();
}

/// Control planes that the clusters themselves tell of; of an account's nothing but the rows above is known.
void MeshesPage::showPlanes()
{
    QList<KeyValueList::Row> rows;
    for (const observe::ObservedMesh &mesh : context.observed().meshes)
        if (!mesh::kindOf(mesh.status).needsAccount())
            addPlane(rows, mesh);
    m_planes->setVisible(!rows.isEmpty());
    m_found->setRows(rows);
}

void MeshesPage::buildRows()
{
    const documents::FleetDocument &fleet = context.draft().fleet;
    QStringList shape { context.meshVersions().join(u','), context.observed().meshesUnknown() ? QStringLiteral("?") : QString() };
    for (const documents::FleetMesh &mesh : fleet.meshes)
        shape << mesh.name;
    for (const observe::ObservedMesh &mesh : context.observed().meshes)
        shape << mesh.status.name + u' ' + mesh.status.version + u' ' + stateWord(mesh.status.state);
    QStringList makers;
    for (const mesh::Provider *provider : context.session() ? context.session()->providers().all : std::vector<mesh::Provider *>())
        makers << provider->kind().name();
    if (shape == m_shape) {
        return;
    }
    // A rename changes one entry while its field has the focus: keep that field.
    const bool renamed = shape.size() == m_shape.size() && m_rowsHost->focusWidget() && m_rowsHost->focusWidget()->hasFocus();
    m_shape = shape;
    if (renamed)
        return;
    clearLayout(m_rows);
    const auto heading = [this](int column, const QString &text) {
        auto *label = new MutedLabel(text);
        label->setWordWrap(false);
        m_rows->addWidget(label, 0, column);
    };
    heading(0, tr("Name"));
    heading(1, tr("Version"));
    heading(2, tr("Made by"));
    heading(3, tr("Today"));
    int row = 1;
    for (const documents::FleetMesh &mesh : fleet.meshes) {
        auto *name = new QLineEdit(mesh.name);
        name->setObjectName(QStringLiteral("meshName%1").arg(row));
        name->setAccessibleName(tr("Name of mesh %1").arg(row));
        name->setProperty("mesh", mesh.name);
        name->setFixedWidth(name->fontMetrics().averageCharWidth() * 16);
        const auto *seen = context.observed().mesh(mesh.name);
        name->setReadOnly(seen != nullptr); // a mesh that is there has its name
        connect(name, &QLineEdit::editingFinished, this, [this, name] {
            const QString before = name->property("mesh").toString();
            const QString after = name->text().trimmed();
            bool done = false;
            context.edit([&](SetupDraft &draft) { done = renameMesh(draft.fleet, before, after); });
            if (done)
                name->setProperty("mesh", after);
            else
                name->setText(before);
        });
        auto *version = new QComboBox;
        version->setObjectName(QStringLiteral("meshVersion%1").arg(row));
        version->setAccessibleName(tr("Version of %1").arg(mesh.name));
        version->setEditable(true);
        version->addItem(QString());
        const mesh::ProviderKind *kind = mesh::providerKind(mesh.provider);
        const bool isOffered = kind && kind->name() == context.maker(); // the versions are its
        const QStringList offered = isOffered ? context.meshVersions() : QStringList();
        version->addItems(offered);
        const QString newest = defaultMeshVersion(mesh.provider, offered);
        version->setItemText(0,
            !newest.isEmpty() ? tr("newest: %1").arg(newest)
                : seen        ? tr("as it is")
                              : tr("what your %1 installs").arg(mesh::wordsOf(mesh.provider).tool));
        version->setMinimumContentsLength(12);
        version->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        version->setCurrentText(mesh.version.isEmpty() ? version->itemText(0) : mesh.version);
        version->setEnabled(seen == nullptr);
        version->lineEdit()->setCursorPosition(0);
        version->setToolTip(version->currentText());
        connect(version, &QComboBox::currentTextChanged, this, [this, version, name](const QString &text) {
            const QString chosen = text == version->itemText(0) ? QString() : text.trimmed();
            context.edit([&](SetupDraft &draft) {
                for (documents::FleetMesh &each : draft.fleet.meshes) {
                    if (each.name == name->property("mesh").toString())
                        each.version = chosen;
                }
            });
        });
        auto *state = new StateBadge;
        if (!seen && context.observed().meshesUnknown())
            state->setState(observe::Health::Unknown, tr("not known"));
        else if (!seen)
            state->setState(observe::Health::Unknown, tr("will be made"));
        else
            state->setState(seen->status.state == mesh::MeshState::Running ? observe::Health::Ok : observe::Health::Warning,
                stateWord(seen->status.state));
        auto *remove = new QPushButton(tr("Remove"));
        remove->setAccessibleName(tr("Remove %1 from the choices").arg(mesh.name));
        connect(remove, &QPushButton::clicked, this, [this, name] {
            const QString gone = name->property("mesh").toString();
            context.edit([&](SetupDraft &draft) { removeMesh(draft.fleet, gone); });
        });
        m_rows->addWidget(name, row, 0);
        m_rows->addWidget(version, row, 1);
        QWidget *madeBy = nullptr;
        if (seen || makers.size() < 2) {
            madeBy = new PlainLabel(mesh::wordsOf(mesh.provider).product);
        } else {
            auto *combo = new QComboBox;
            for (const QString &maker : std::as_const(makers))
                combo->addItem(mesh::wordsOf(maker).product, maker);
            combo->setCurrentIndex(combo->findData(kind ? kind->name() : QString()));
            combo->setAccessibleName(tr("Who makes %1").arg(mesh.name));
            connect(combo, &QComboBox::currentIndexChanged, this, [this, combo, name] {
                m_shape.clear(); // its versions are other ones
                context.edit([&](SetupDraft &draft) {
                    for (documents::FleetMesh &each : draft.fleet.meshes)
                        if (each.name == name->property("mesh").toString()) {
                            each.provider = providerInDocument(combo->currentData().toString());
                            each.version.clear();
                        }
                });
            });
            madeBy = combo;
        }
        madeBy->setObjectName(QStringLiteral("meshMaker%1").arg(row));
        m_rows->addWidget(madeBy, row, 2);
        m_rows->addWidget(state, row, 3);
        m_rows->addWidget(remove, row, 4);
        ++row;
    }
}

void MeshesPage::lookForRoot()
{
    const documents::FleetDocument &fleet = context.draft().fleet;
    if (fleet.root == documents::RootKind::Separate) {
        m_rootBadge->setState(observe::Health::Warning, tr("separate roots"));
        m_rootNote->setText(tr("With roots that differ, every request across clusters fails in its TLS handshake."));
        m_lookedFor.clear();
        return;
    }
    QList<mesh::MeshStatus> present;
    for (const documents::FleetMesh &mesh : fleet.meshes)
        if (const observe::ObservedMesh *seen = context.observed().mesh(mesh.name))
            present << seen->status;
    if (context.observed().meshesUnknown() && present.size() < fleet.meshes.size()) {
        m_rootBadge->setState(observe::Health::Unknown, tr("not known"));
        m_rootNote->setText(tr("Not every mesh could be read, so nobody knows whether a root is needed."));
        m_lookedFor.clear();
        return;
    }
    const bool shared = !fleet.sharedRoot.isEmpty();
    const QStringList entries = mesh::rootEntries({ fleet.rootName(), shared }, present);
    // A mesh that exists keeps its root: with all of them there, none is made.
    const RootLook look { entries, present.size() < fleet.meshes.size(), shared };
    const QString looked = QStringLiteral("%1 %2 %3").arg(entries.join(u' ')).arg(look.needed).arg(fleet.rootName());
    if (looked == m_lookedFor)
        return;
    m_lookedFor = looked;
    m_look.request_stop();
    m_look = std::stop_source();
    m_rootBadge->setState(observe::Health::Unknown, tr("looking"));
    core::whenReady(
        context.services.secrets().look(m_look.get_token()), this, [this, looked, look](const core::Result<store::Keeping> &keeping) {
            if (looked != m_lookedFor)
                return;
            if (keeping)
                lookForEntry(looked, look, 0);
            else
                showRoot(look, core::fail(keeping.error()));
        });
}

/// Whether one of the entries is there; nobody is asked to unlock the keyring for that.
void MeshesPage::lookForEntry(const QString &looked, const RootLook &look, qsizetype at)
{
    if (at >= look.entries.size())
        return showRoot(look, false);
    core::whenReady(context.services.secrets().has(look.entries.at(at), m_look.get_token()), this,
        [this, looked, look, at](const core::Result<bool> &found) {
            if (looked != m_lookedFor)
                return;
            if (found && !*found)
                lookForEntry(looked, look, at + 1);
            else
                showRoot(look, found);
        });
}

void MeshesPage::showRoot(const RootLook &look, const core::Result<bool> &found)
{
    const QString where = context.services.secrets().keeping() == store::Keeping::ThisRun
        ? tr("There is no keyring here, so its key lives only as long as this program.")
        : tr("Its key stays in the keyring.");
    const QString whose = look.shared ? tr("Every environment whose fleet names this root shares it, and trusts this one.")
                                      : tr("No other environment uses it.");
    if (!found) {
        m_rootBadge->setState(observe::Health::Failed, tr("cannot be read"));
        m_rootNote->setText(found.error().text());
    } else if (*found) {
        m_rootBadge->setState(observe::Health::Ok, tr("in the keyring"));
        m_rootNote->setText(
            tr("The key of the root is there and is used again where it is the root that the meshes have. %1 %2").arg(where, whose));
    } else if (!look.needed) {
        m_rootBadge->setState(observe::Health::Unknown, tr("not needed"));
        m_rootNote->setText(
            tr("Every mesh of the fleet exists and keeps the root it has. A mesh that is added would need the key of theirs."));
    } else {
        m_rootBadge->setState(observe::Health::Unknown, tr("will be made"));
        m_rootNote->setText(tr(
            "An offline root is made before the first mesh, and an issuing certificate for each mesh. %1 %2 A mesh that exists keeps its own root: the plan checks that it fits.")
                                .arg(where, whose));
    }
}

} // namespace catamaran::ui
