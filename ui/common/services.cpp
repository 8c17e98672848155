// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "services.h"

#include "bundle/bundle.h"
#include "core/childenvironment.h"
#include "documents/environment.h"

#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QDir>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QSettings>
#include <QTemporaryDir>
#include <QThread>
#include <QTimer>

#include <map>
#include <set>
#include <tuple>
#include <vector>

#include <unistd.h>

namespace catamaran::ui {
namespace {

constexpr int rangeReadyWithinMs = 20000;
constexpr qsizetype mostErrorText = 2048;
constexpr int lentSessionMs = 3000;
constexpr int answersTogetherMs = 250;
constexpr qsizetype mostAnswersTogether = 20; ///< as many as one look asks for: few enough to be of now, enough to tell chance from loss
constexpr qint64 answersOldAfterMs = 10'000, answersWaitMs = 2000; ///< fewer than those wait so long for more

QString keepProvingKey(const documents::Environment &environment)
{
    return QStringLiteral("truth/keepProving/") + environment.name;
}

core::Error rangeError(const QString &program, const QString &answer)
{
    return core::Error::make(core::ErrorKind::Precondition, QCoreApplication::translate("Services", "start the practice range"), program,
        answer,
        QCoreApplication::translate("Services",
            "Install Catamaran whole (catamaran-lab stands beside the console), or start catamaran-lab by hand and open its env.yaml."));
}

} // namespace

struct Services::Private {
    std::stop_source opening;
    bool isOpening = false;
    int nextOperation = 1;
    struct Operation {
        std::stop_source stop;
        bool restores = false;
    };
    std::map<int, Operation> operations;

    // Answers on their way to be proofs, by who asked for what.
    struct Asked {
        QString cluster, source, url;
        bool operator<(const Asked &other) const
        {
            return std::tie(cluster, source, url) < std::tie(other.cluster, other.source, other.url);
        }
    };
    std::map<Asked, QList<probe::Sample>> answers;
    std::set<Asked> answersNew; ///< those with news
    QTimer handOver;

    // The practice range: process, its folder, and what it has said so far. The folder outlives the process.
    QString rangeProgram;
    std::unique_ptr<QTemporaryDir> rangeDir;
    std::unique_ptr<QProcess> range;
    QByteArray rangeOut, rangeErr;
    bool rangeReady = false;
    QTimer rangeDeadline;

    void stopRange()
    {
        rangeDeadline.stop();
        if (range) {
            range->disconnect();
            range->terminate();
            if (!range->waitForFinished(3000)) {
                range->kill();
                range->waitForFinished(1000);
            }
            range.reset();
        }
        rangeDir.reset();
        rangeOut.clear();
        rangeErr.clear();
        rangeReady = false;
    }
};

Services::Services(const QString &databaseFile, std::unique_ptr<store::SecretStore> secrets, QObject *parent)
    : QObject(parent)
    , m_history(std::make_unique<store::History>(databaseFile))
    , m_secrets(std::move(secrets))
    , d(std::make_unique<Private>())
{
    connect(m_secrets.get(), &store::SecretStore::keepingChanged, this, &Services::secretsChanged);
    connect(m_secrets.get(), &store::SecretStore::waitingForPerson, this, [this](bool waiting) {
        m_waitingForKeyring = waiting;
        emit secretsChanged();
    });
    d->handOver.setSingleShot(true);
    d->handOver.setInterval(answersTogetherMs);
    connect(&d->handOver, &QTimer::timeout, this, &Services::handOverAnswers);
    d->rangeDeadline.setSingleShot(true);
    d->rangeProgram = QDir(QCoreApplication::applicationDirPath()).filePath(QStringLiteral("catamaran-lab"));
    connect(&d->rangeDeadline, &QTimer::timeout, this, [this] {
        const core::Error error = rangeError(d->rangeProgram,
            tr("it was not ready within %1 s: %2").arg(rangeReadyWithinMs / 1000).arg(QString::fromUtf8(d->rangeErr).trimmed()));
        d->stopRange();
        d->isOpening = false;
        emit openFailed(error);
    });
}

Services::~Services()
{
    d->opening.request_stop();
    for (auto &[id, operation] : d->operations)
        operation.stop.request_stop();
    m_findings.reset();
    m_prover.reset();
    m_live.reset(); // both look through the session
    // Workers that were told to stop hold the session for a moment longer, and end through this thread's event loop. Its
    // sockets must go with the application still there: after that, their threads are waited for without end.
    QDeadlineTimer patience(lentSessionMs);
    while (m_session && m_session.use_count() > 1 && !patience.hasExpired()) {
        QCoreApplication::processEvents(QEventLoop::ExcludeUserInputEvents);
        QThread::msleep(2);
    }
    m_session.reset();
    d->stopRange();
}

void Services::lookAtHistory()
{
    const auto look = [](store::Database &database) -> core::Result<std::optional<core::Error>> { return database.readOnly(); };
    core::whenReady(m_history->ask(look), this, [this](const core::Result<std::optional<core::Error>> &readOnly) {
        const std::optional<core::Error> trouble = readOnly ? *readOnly : std::optional(readOnly.error());
        const bool back = std::exchange(m_historyMissed, !readOnly) && readOnly;
        emit historySeen(trouble ? std::make_shared<core::Error>(*trouble) : nullptr, readOnly.has_value());
        if (back)
            emit historyBack();
    });
}

void Services::openEnvironment(const QString &file)
{
    d->opening.request_stop();
    d->opening = std::stop_source();
    const auto environment = documents::loadEnvironment(file);
    if (!environment) {
        d->isOpening = false;
        emit openFailed(environment.error());
        return;
    }
    d->isOpening = true;
    const std::stop_token stop = d->opening.get_token();
    core::whenReady(session::Session::open(*environment, *m_secrets, stop), this,
        [this, stop](const core::Result<std::shared_ptr<session::Session>> &session) {
            if (stop.stop_requested())
                return; // a newer one is being opened, or the console closed it
            d->isOpening = false;
            if (!session) {
                emit openFailed(session.error());
                return;
            }
            endSession();
            m_session = *session;
            m_live = std::make_unique<observe::LiveFleet>(*m_session);
            m_prover = std::make_unique<truth::Prover>(*m_session, *m_live);
            m_findings = std::make_unique<findings::Watch>(*m_session, *m_live);
            emit sessionChanged();
            m_live->start();
            if (QSettings().value(keepProvingKey(m_session->environment())).toBool())
                keepProving(true);
        });
}

void Services::closeEnvironment()
{
    d->opening.request_stop();
    d->opening = std::stop_source();
    d->isOpening = false;
    const bool was = m_session != nullptr || m_asItWas;
    for (auto &[id, operation] : d->operations)
        operation.stop.request_stop();
    endSession();
    if (was)
        emit sessionChanged();
    const bool ran = practiceRangeRuns();
    d->stopRange();
    if (ran)
        emit rangeStateChanged(tr("The practice range has stopped"));
}

void Services::endSession()
{
    d->answers.clear();
    d->answersNew.clear();
    d->handOver.stop();
    m_findings.reset();
    m_prover.reset();
    m_live.reset();
    m_session.reset();
    m_asItWas.reset();
}

void Services::showBundle(const bundle::AsItWas &then)
{
    closeEnvironment();
    m_asItWas = std::make_unique<const bundle::AsItWas>(then);
    emit sessionChanged();
}

void Services::openBundle(const QString &file)
{
    d->opening.request_stop();
    d->opening = std::stop_source();
    d->isOpening = true;
    const std::stop_token stop = d->opening.get_token();
    core::whenReady(
        core::runSequence([file] { return bundle::load(file); }), this, [this, stop](const core::Result<bundle::AsItWas> &read) {
            if (stop.stop_requested())
                return;
            d->isOpening = false;
            if (read)
                showBundle(*read);
            else
                emit openFailed(read.error());
        });
}

QString Services::bundleObstacle() const
{
    return m_asItWas ? tr("This is a fleet as it was: nothing is asked or changed. Open an environment for that.") : QString();
}

void Services::saveBundle(const QString &file)
{
    if (!m_session)
        return;
    std::stop_source stop;
    const int id = beginOperation(tr("Write a support bundle"), stop);
    bundle::Making making;
    making.databaseFile = m_history->file();
    making.matrix = m_prover->matrix();
    making.program = QCoreApplication::applicationVersion();
    making.onProgress = [this, id](const QString &what, int percent) {
        core::postTo(this, [this, id, what, percent] { reportProgress(id, what, percent); });
    };
    auto written = core::runSequence([session = forWorker(m_session), making, file, stop]() -> core::Result<core::Done> {
        return bundle::make(*session, making, stop.get_token()).and_then([&](const QByteArray &bytes) {
            return bundle::save(file, bytes);
        });
    });
    core::whenReady(written, this, [this, id, file](const core::Result<core::Done> &result) {
        endOperation(id, result ? tr("Written: %1").arg(file) : result.error().text(), result.has_value());
        emit bundleSaved(file, result ? nullptr : std::make_shared<core::Error>(result.error()));
    });
}

void Services::keepProving(bool on)
{
    if (!m_prover)
        return;
    QSettings().setValue(keepProvingKey(m_session->environment()), on);
    if (on)
        QSettings().setValue(QStringLiteral("truth/agreed/") + m_session->environment().name, true);
    if (on == m_prover->isKeepingProving())
        return;
    m_prover->keepProving(on, m_prover->interval());
    emit keepProvingChanged(on);
}

bool Services::asksBeforeKeepProving() const
{
    return m_session && m_session->environment().production
        && !QSettings().value(QStringLiteral("truth/agreed/") + m_session->environment().name).toBool();
}

void Services::reportAnswers(const QString &cluster, const QString &source, const QString &url, const QList<probe::Sample> &samples)
{
    if (!m_prover || samples.isEmpty())
        return;
    const Private::Asked asked { cluster, source, url };
    std::erase_if(d->answers, [&](const auto &kept) { // runs that ended long ago
        return samples.last().receivedAtMs - kept.second.last().receivedAtMs > answersOldAfterMs && !d->answersNew.contains(kept.first);
    });
    QList<probe::Sample> &together = d->answers[asked];
    together += samples;
    if (together.size() > mostAnswersTogether)
        together = together.last(mostAnswersTogether);
    d->answersNew.insert(asked);
    if (!d->handOver.isActive())
        d->handOver.start();
}

void Services::handOverAnswers()
{
    for (auto one = d->answersNew.begin(); one != d->answersNew.end();) {
        QList<probe::Sample> &together = d->answers[*one];
        const qint64 newest = together.last().receivedAtMs;
        together.removeIf([newest](const probe::Sample &sample) { return newest - sample.receivedAtMs > answersOldAfterMs; });
        const qint64 waited = QDateTime::currentMSecsSinceEpoch() - together.first().receivedAtMs;
        if (together.size() < mostAnswersTogether && waited >= 0 && waited < answersWaitMs) {
            ++one;
            continue;
        }
        m_prover->take(truth::proofsOf(m_live->fleet(), one->cluster, one->source, one->url, together));
        one = d->answersNew.erase(one);
    }
    if (!d->answersNew.empty())
        d->handOver.start();
}

void Services::startPracticeRange()
{
    if (d->isOpening)
        return;
    closeEnvironment();
    if (!QFileInfo(d->rangeProgram).isExecutable()) {
        emit openFailed(rangeError(d->rangeProgram, tr("there is no such program")));
        return;
    }
    d->rangeDir = std::make_unique<QTemporaryDir>();
    if (!d->rangeDir->isValid()) {
        emit openFailed(rangeError(d->rangeProgram, d->rangeDir->errorString()));
        return;
    }
    d->isOpening = true;
    d->range = std::make_unique<QProcess>();
    QProcess *range = d->range.get();
    connect(range, &QProcess::readyReadStandardError, this,
        [this, range] { d->rangeErr = (d->rangeErr + range->readAllStandardError()).right(mostErrorText); });
    connect(range, &QProcess::readyReadStandardOutput, this, [this, range] {
        d->rangeOut += range->readAllStandardOutput();
        qsizetype end = 0;
        while (!d->rangeReady && (end = d->rangeOut.indexOf('\n')) >= 0) {
            const QJsonObject line = QJsonDocument::fromJson(d->rangeOut.left(end)).object();
            d->rangeOut.remove(0, end + 1);
            if (line.value(QLatin1String("ready")).toBool()) {
                d->rangeReady = true;
                d->rangeDeadline.stop();
                emit rangeStateChanged(tr("The practice range runs"));
                openEnvironment(QDir(d->rangeDir->path()).filePath(QStringLiteral("env.yaml")));
            }
        }
        if (d->rangeReady)
            d->rangeOut.clear(); // nothing more is expected; do not let it grow
    });
    connect(range, &QProcess::errorOccurred, this, [this, range](QProcess::ProcessError error) {
        if (error != QProcess::FailedToStart)
            return; // finished() tells the rest
        const core::Error what = rangeError(d->rangeProgram, range->errorString());
        d->isOpening = false;
        d->rangeDeadline.stop();
        QTimer::singleShot(0, this, [this] { d->stopRange(); }); // not from inside its own signal
        emit openFailed(what);
    });
    connect(range, &QProcess::finished, this, [this, range](int code) {
        const QString said = QString::fromUtf8(d->rangeErr + range->readAllStandardError()).trimmed();
        const QString answer
            = said.isEmpty() ? tr("it ended with code %1").arg(code) : tr("it ended with code %1: %2").arg(code).arg(said.right(600));
        const bool wasOpening = d->isOpening;
        d->isOpening = false;
        d->rangeDeadline.stop();
        QTimer::singleShot(0, this, [this] { d->stopRange(); });
        emit rangeStateChanged(tr("The practice range has stopped"));
        if (wasOpening)
            emit openFailed(rangeError(d->rangeProgram, answer));
    });
    // Not of our terminal: Ctrl-C there must not take it away before a drill has put back what it broke.
    range->setChildProcessModifier([] { (void)::setsid(); });
    emit rangeStateChanged(tr("The practice range is starting"));
    d->rangeDeadline.start(rangeReadyWithinMs);
    range->setProcessEnvironment(core::childEnvironment());
    range->start(d->rangeProgram, { QStringLiteral("--dir"), d->rangeDir->path(), QStringLiteral("--die-with-parent") });
}

bool Services::practiceRangeRuns() const
{
    return d->range && d->rangeReady && d->range->state() != QProcess::NotRunning;
}

bool Services::isOpening() const
{
    return d->isOpening;
}

QString Services::secretsNote() const
{
    if (m_secrets->keeping() != store::Keeping::ThisRun)
        return {};
    return tr("No keyring answers on this desktop: access keys and the root key are kept in memory for this run only.");
}

void Services::setRangeProgram(const QString &program)
{
    d->rangeProgram = program;
}

int Services::beginOperation(const QString &title, std::stop_source stop, bool restores)
{
    const int id = d->nextOperation++;
    d->operations.emplace(id, Private::Operation { std::move(stop), restores });
    emit operationBegan(id, title);
    return id;
}

void Services::reportProgress(int id, const QString &note, int percent)
{
    if (d->operations.contains(id))
        emit operationProgressed(id, note, percent);
}

void Services::endOperation(int id, const QString &result, bool ok)
{
    if (d->operations.erase(id) == 0)
        return;
    emit operationEnded(id, result, ok);
    emit activityChanged();
}

void Services::requestStop(int id)
{
    const auto found = d->operations.find(id);
    if (found == d->operations.end())
        return;
    found->second.stop.request_stop();
    emit stopOperationRequested(id);
}

void Services::stopOperations()
{
    std::vector<int> ids; // who is asked may end at once
    for (const auto &[id, operation] : d->operations) {
        if (!operation.restores)
            ids.push_back(id);
    }
    for (const int id : ids)
        requestStop(id);
}

bool Services::hasOperations() const
{
    return !d->operations.empty();
}

void Services::announceActivity()
{
    emit activityChanged();
}

void Services::reportTraffic(const QString &sourceCluster, const Traffic &traffic)
{
    emit trafficSeen(sourceCluster, traffic);
}

void Services::explainRequest(const truth::PathQuestion &question)
{
    emit placeRequested(QStringLiteral("findings"), QStringLiteral("why"));
    emit whyRequested(question);
}

void Services::markFault(const QString &object, const QString &what)
{
    emit faultMarked(object, what);
}

void Services::clearFaults()
{
    emit faultsCleared();
}

void Services::tellDrill(const std::optional<RunningDrill> &drill)
{
    m_drill = drill;
    emit drillTold();
}

} // namespace catamaran::ui
