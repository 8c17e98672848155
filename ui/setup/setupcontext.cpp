// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/setup/setupcontext.h"

#include "fleet/plans.h"
#include "fleet/sessionworld.h"
#include "mesh/providerkind.h"

namespace catamaran::ui {

namespace {
const QString draftName = QStringLiteral("setup");
}

SetupContext::SetupContext(Services &all, QObject *parent)
    : QObject(parent)
    , services(all)
    , m_runner(new PlanRunner(all, this))
{
    m_save.setSingleShot(true);
    m_save.setInterval(150); // a word being typed is one change
    connect(&m_save, &QTimer::timeout, this, &SetupContext::save);
    connect(m_runner, &PlanRunner::started, this, [this] { edit([](SetupDraft &draft) { draft.applying = true; }); });
    connect(m_runner, &PlanRunner::finished, this, [this](const ops::ExecutionResult &result) {
        if (result.complete)
            edit([](SetupDraft &draft) { draft.applying = false; });
    });
    connect(&services, &Services::sessionChanged, this, &SetupContext::followSession);
    connect(&services, &Services::secretsChanged, this, &SetupContext::planChanged);
    connect(&services, &Services::historySeen, this, [this](const auto &, bool readable) {
        if (readable && !m_mayKeep)
            restore();
    });
    restore();
}

SetupContext::~SetupContext()
{
    m_planStop.request_stop();
    m_versionStop.request_stop();
    if (m_save.isActive())
        save();
}

void SetupContext::edit(const std::function<void(SetupDraft &)> &change)
{
    const QJsonObject before = m_draft.toJson();
    change(m_draft);
    if (m_draft.toJson() == before)
        return;
    m_save.start();
    judge();
    emit draftChanged();
}

core::Result<QStringList> SetupContext::adopt()
{
    const QString name = m_draft.fleet.name.isEmpty() ? QStringLiteral("adopted") : m_draft.fleet.name;
    return fleet::adopt(name, m_observed).map([this](const fleet::Adopted &adopted) {
        takeAdopted(adopted);
        return adopted.notes;
    });
}

void SetupContext::takeAdopted(const fleet::Adopted &adopted)
{
    edit([&](SetupDraft &draft) {
        draft.fleet = adopted.document;
        draft.plain = adopted.document.meshes.isEmpty();
    });
}

void SetupContext::setMaker(const QString &environment, const QString &provider)
{
    m_made = { environment, provider };
}

QString SetupContext::maker() const
{
    const auto session = services.session();
    if (!session)
        return {};
    if (!m_draft.maker.isEmpty() && session->provider(m_draft.maker))
        return m_draft.maker;
    if (const mesh::Provider *account = session->provider())
        return account->kind().name();
    const auto &all = session->providers().all;
    return all.empty() ? QString() : all.front()->kind().name();
}

void SetupContext::forgetChoices()
{
    edit([](SetupDraft &draft) {
        draft.fleet = {};
        draft.applying = false;
    });
}

void SetupContext::setPlain(bool plain)
{
    edit([&](SetupDraft &draft) {
        QStringList clusters;
        for (const documents::FleetCluster &cluster : std::as_const(draft.fleet.clusters))
            clusters << cluster.name;
        const QString name = draft.fleet.name;
        draft.plain = plain;
        draft.fleet = {};
        draft.fleet.name = name;
        chooseClusters(draft.fleet, clusters, m_observed, maker());
        if (plain)
            makePlain(draft.fleet);
    });
}

void SetupContext::restore()
{
    const auto ask = [](store::Database &database) { return database.documents(QStringLiteral("draft"), {}, 10); };
    core::whenReady(
        services.history().ask(ask), this, [this](const core::Result<QList<store::Document>> &documents) { takeKept(documents); });
}

void SetupContext::takeKept(const core::Result<QList<store::Document>> &documents)
{
    // Without an answer it is as at a first start, but nothing is written over what could not be read. The window says why.
    m_mayKeep = documents.has_value();
    for (const store::Document &document : documents.value_or(QList<store::Document>())) {
        if (document.name == draftName) {
            m_draft = SetupDraft::fromJson(document.content);
            break;
        }
    }
    m_restored = true;
    emit draftChanged();
    followSession();
    emit restored();
}

void SetupContext::save()
{
    m_save.stop();
    if (!m_mayKeep)
        return;
    const store::Document document { 0, QDateTime::currentDateTimeUtc(), QStringLiteral("draft"), {}, draftName, m_draft.toJson() };
    const auto ask = [document](store::Database &database) { return database.replace(document); };
    core::whenReady(services.history().ask(ask), this, [](const core::Result<core::Done> &kept) {
        if (!kept && kept.error().code != store::trouble::readOnly) // which the window says all the time
            qWarning("%s", qUtf8Printable(kept.error().text()));
    });
}

void SetupContext::followSession()
{
    if (!m_restored)
        return; // the draft that was kept for it is on its way
    m_planStop.request_stop();
    m_planning = false;
    m_plan.reset();
    m_planError.reset();
    m_versions.clear();
    m_versionStop.request_stop();
    if (const auto session = services.session()) {
        const documents::Environment &environment = session->environment();
        edit([&](SetupDraft &draft) {
            const bool isOther = draft.environmentName != environment.name;
            const bool isMade = m_made.first == environment.name;
            if ((isOther && !draft.environmentName.isEmpty()) || (isMade && draft.maker != m_made.second))
                draft.fleet = {}; // choices about other clusters, or other meshes
            if (isOther || isMade)
                draft.maker = isMade ? m_made.second : QString();
            draft.environmentName = environment.name;
            draft.environmentFile = environment.file;
            draft.origin = services.practiceRangeRuns() ? SetupDraft::Origin::Range : SetupDraft::Origin::File;
        });
        m_made = {};
        m_filledIn.reset();
        if (auto *provider = session->provider(maker())) {
            m_versionStop = std::stop_source();
            core::whenReady(provider->versions(m_versionStop.get_token()), this, [this](const core::Result<QStringList> &versions) {
                if (!versions)
                    return; // the page then offers the least version that works
                m_versions = *versions;
                emit versionsChanged();
            });
        }
    }
    if (auto *live = services.live()) {
        connect(live, &observe::LiveFleet::changed, this, &SetupContext::takeFleet, Qt::UniqueConnection);
        takeFleet(live->fleet());
    } else {
        takeFleet({});
    }
    emit sessionChanged();
    emit planChanged();
}

void SetupContext::takeFleet(const observe::ObservedFleet &fleet)
{
    m_observed = fleet;
    if (!fleet.clusters.isEmpty() && services.session())
        fillIn(fleet);
    judge();
    emit observedChanged();
}

/// The first look at an environment fills the choices in: every cluster takes part. Control planes that no account tells of are found
/// a moment later; they are taken as they are, as long as nobody has chosen anything.
void SetupContext::fillIn(const observe::ObservedFleet &fleet)
{
    const auto chosen = [this] { return m_draft.toJson().value(QLatin1String("fleet")).toObject(); };
    const bool isFirst = m_draft.fleet.clusters.isEmpty();
    const bool isUntouched = m_filledIn && *m_filledIn == chosen();
    if (!isFirst && !isUntouched) {
        m_filledIn.reset();
        return;
    }
    const bool hasAccount = services.session()->provider();
    const bool isFound = !hasAccount && !fleet.meshes.isEmpty();
    if (!isFirst && !isFound)
        return;
    if (isFirst)
        edit([](SetupDraft &draft) { draft.fleet.name = asLabel(draft.environmentName); });
    if (isFound && adopt()) {
        m_filledIn.reset(); // it says what is there
        return;
    }
    edit([&](SetupDraft &draft) {
        draft.fleet = {};
        draft.fleet.name = asLabel(draft.environmentName);
        chooseClusters(draft.fleet, services.session()->clusterNames(), fleet, maker());
        draft.plain = !hasAccount && !isFound && draft.maker.isEmpty(); // nobody makes a mesh
        if (draft.plain)
            makePlain(draft.fleet);
    });
    if (!hasAccount)
        m_filledIn = chosen();
}

void SetupContext::judge()
{
    if (auto *live = services.live())
        live->want(m_draft.fleet.namespaces());
    m_problems = documents::validateFleet(m_draft.fleet);
    m_findings = m_draft.fleet.clusters.isEmpty() ? QList<fleet::Finding>() : fleet::preflight(m_draft.fleet, m_observed);
}

QString SetupContext::whatCannotBeResumed() const
{
    return m_plan ? fleet::whatCannotBeResumed(m_plan->plan, services.secrets().keeping()) : QString();
}

void SetupContext::replan()
{
    (void)services.secrets().look({}); // a keyring may have come, or gone
    m_planStop.request_stop();
    m_plan.reset();
    m_planError.reset();
    const auto session = services.session();
    if (!session) {
        m_planError = core::Error::make(core::ErrorKind::Precondition, tr("make the plan"), m_draft.fleet.name,
            tr("no environment is open"), tr("Open one on the first page."));
        emit planChanged();
        return;
    }
    if (!m_problems.isEmpty()) {
        m_planError = m_problems.first();
        emit planChanged();
        return;
    }
    m_planning = true;
    m_planStop = std::stop_source();
    const std::stop_token stop = m_planStop.get_token();
    core::whenReady(
        planNow(session, m_draft.fleet, PlanPurpose::Apply, stop), this, [this, stop, session](const core::Result<FreshPlan> &made) {
            if (stop.stop_requested())
                return; // a newer one is under way
            m_planning = false;
            if (made)
                m_plan = shownPlan(made->plan, fleet::namesOf(*session, made->observed));
            else
                m_planError = made.error();
            emit planChanged();
        });
    emit planChanged();
}

} // namespace catamaran::ui
