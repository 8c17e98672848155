// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "services.h"

#include "core/childenvironment.h"
#include "documents/environment.h"

#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QDir>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QThread>
#include <QTimer>

#include <map>
#include <vector>

#include <unistd.h>

namespace catamaran::ui {
namespace {

constexpr int rangeReadyWithinMs = 20000;
constexpr qsizetype mostErrorText = 2048;
constexpr int lentSessionMs = 3000;

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
    m_live.reset(); // it looks through the session
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
            m_live.reset();
            m_session = *session;
            m_live = std::make_unique<observe::LiveFleet>(*m_session);
            emit sessionChanged();
            m_live->start();
        });
}

void Services::closeEnvironment()
{
    d->opening.request_stop();
    d->opening = std::stop_source();
    d->isOpening = false;
    const bool was = m_session != nullptr;
    for (auto &[id, operation] : d->operations)
        operation.stop.request_stop();
    m_live.reset();
    m_session.reset();
    if (was)
        emit sessionChanged();
    const bool ran = practiceRangeRuns();
    d->stopRange();
    if (ran)
        emit rangeStateChanged(tr("The practice range has stopped"));
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

void Services::reportTraffic(const QString &sourceCluster, const QMap<QString, int> &answersByVersion, int errors)
{
    emit trafficSeen(sourceCluster, answersByVersion, errors);
}

void Services::markFault(const QString &object, const QString &what)
{
    emit faultMarked(object, what);
}

void Services::clearFaults()
{
    emit faultsCleared();
}

} // namespace catamaran::ui
