// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "store/keyringlook.h"
#include "store/say.h"
#include "store/secretstore.h"

#include <QLibrary>
#include <QMap>
#include <QTimer>

#include <qt6keychain/keychain.h>

#include <atomic>

namespace catamaran::store {

using core::Done;
using core::Error;
using core::ErrorKind;
using core::Result;
using core::Secret;

namespace {

const QString folder = QStringLiteral("catamaran");
/// How often a keyring that lets us wait is asked whether it is still there, and how often it may miss to say so.
constexpr int pingEveryMs = 3000;
constexpr int missedPings = 3;

QString unlockRemedy()
{
    return Say::tr("Unlock it and try again, or set CATAMARAN_KEYRING=none to keep secrets for this run only.");
}

Error lockedError(const QString &tried, const QString &name, const QKeychain::Job &job)
{
    // QtKeychain says "not found" of an entry that nobody let it see.
    const QString answer = job.error() == QKeychain::EntryNotFound ? Say::tr("the keyring was not unlocked")
                                                                   : Say::tr("the keyring was not unlocked (%1)").arg(job.errorString());
    Error error = Error::make(ErrorKind::Storage, tried, name, answer, unlockRemedy());
    error.code = lockedKeyring;
    return error;
}

tl::unexpected<Error> nothingOfThatName(const QString &name, keyring::State state)
{
    if (state == keyring::State::None)
        return core::fail(ErrorKind::NotFound, Say::tr("read a secret"), name,
            Say::tr("no keyring answers, and nothing of that name was kept in this run"),
            Say::tr("Start a keyring, or enter the secret again."));
    return core::fail(ErrorKind::NotFound, Say::tr("read a secret"), name, Say::tr("the keyring has none of that name"));
}

/// libsecret, which QtKeychain loads, keeps its session with the keyring for ever; one that was started anew does not know it.
void forgetSession()
{
    static const auto disconnect
        = reinterpret_cast<void (*)()>(QLibrary::resolve(QStringLiteral("secret-1"), 0, "secret_service_disconnect"));
    if (disconnect)
        disconnect();
}

/// The value of one question, given once: by what was asked, or by a stop. Main thread.
template <typename T> class Answer : public std::enable_shared_from_this<Answer<T>> {
public:
    static std::shared_ptr<Answer> begin(QObject *context, std::stop_token stop, Error whenStopped)
    {
        auto answer = std::make_shared<Answer>();
        answer->m_promise.start();
        std::weak_ptr<Answer> weak = answer;
        answer->m_onStop.emplace(std::move(stop), [context, weak, error = std::move(whenStopped)] {
            QMetaObject::invokeMethod(
                context,
                [weak, error] {
                    if (const auto alive = weak.lock())
                        alive->give(core::fail(error));
                },
                Qt::QueuedConnection);
        });
        return answer;
    }

    [[nodiscard]] QFuture<Result<T>> future() { return m_promise.future(); }
    [[nodiscard]] bool isGiven() const { return m_given; }
    void give(Result<T> value)
    {
        if (std::exchange(m_given, true))
            return;
        m_promise.addResult(std::move(value));
        m_promise.finish();
    }

private:
    QPromise<Result<T>> m_promise;
    std::optional<std::stop_callback<std::function<void()>>> m_onStop;
    bool m_given = false;
};

Error stopped(const QString &tried, const QString &name)
{
    return Error::make(ErrorKind::Cancelled, tried, name, Say::tr("cancelled"));
}

class DesktopSecrets final : public SecretStore {
public:
    QFuture<Result<Secret>> read(const QString &name, std::stop_token stop) override
    {
        return core::startOn(this, [this, name, stop] {
            const QString tried = Say::tr("read a secret");
            const auto answer = Answer<Secret>::begin(this, stop, stopped(tried, name));
            if (const auto kept = m_ofThisRun.constFind(name); kept != m_ofThisRun.constEnd())
                answer->give(*kept); // also when a keyring came since: what this run works with stays the same
            else
                lookFor(name, answer, [this, name, tried, answer](const keyring::Seen &seen) {
                    if (!seen.held)
                        return answer->give(nothingOfThatName(name, seen.state));
                    run(new QKeychain::ReadPasswordJob(folder), name, tried, seen.service, seen.heldLocked, answer,
                        [](QKeychain::Job *job) { return Secret(static_cast<QKeychain::ReadPasswordJob *>(job)->binaryData()); });
                });
            return answer->future();
        });
    }

    QFuture<Result<Done>> write(const QString &name, const Secret &secret, std::stop_token stop) override
    {
        return core::startOn(this, [this, name, secret, stop] {
            const QString tried = Say::tr("keep a secret");
            Error whenStopped = stopped(tried, name);
            whenStopped.answer = Say::tr("cancelled; the keyring may keep it all the same, when it is unlocked later");
            const auto answer = Answer<Done>::begin(this, stop, std::move(whenStopped));
            lookFor(name, answer, [this, name, tried, secret, answer](const keyring::Seen &seen) {
                if (seen.state == keyring::State::None) {
                    m_ofThisRun.insert(name, secret);
                    return answer->give(Done {});
                }
                auto *job = new QKeychain::WritePasswordJob(folder);
                job->setBinaryData(secret.reveal());
                run(job, name, tried, seen.service, seen.state != keyring::State::Open, answer, [this, name](QKeychain::Job *) {
                    m_ofThisRun.remove(name);
                    return Done {};
                });
            });
            return answer->future();
        });
    }

    QFuture<Result<Done>> remove(const QString &name, std::stop_token stop) override
    {
        return core::startOn(this, [this, name, stop] {
            const QString tried = Say::tr("remove a secret");
            const auto answer = Answer<Done>::begin(this, stop, stopped(tried, name));
            m_ofThisRun.remove(name);
            lookFor(name, answer, [this, name, tried, answer](const keyring::Seen &seen) {
                if (!seen.held)
                    return answer->give(Done {}); // what is not there is removed
                run(new QKeychain::DeletePasswordJob(folder), name, tried, seen.service, seen.heldLocked, answer,
                    [](QKeychain::Job *) { return Done {}; });
            });
            return answer->future();
        });
    }

    QFuture<Result<bool>> has(const QString &name, std::stop_token stop) override
    {
        return core::startOn(this, [this, name, stop] {
            const auto answer = Answer<bool>::begin(this, stop, stopped(Say::tr("look for a secret"), name));
            if (m_ofThisRun.contains(name))
                answer->give(true);
            else
                lookFor(name, answer, [answer](const keyring::Seen &seen) { answer->give(seen.held); });
            return answer->future();
        });
    }

    QFuture<Result<Keeping>> look(std::stop_token stop) override
    {
        return core::startOn(this, [this, stop] {
            const auto answer = Answer<Keeping>::begin(this, stop, stopped(Say::tr("look at the keyring"), {}));
            lookFor({}, answer, [this, answer](const keyring::Seen &) { answer->give(keeping()); });
            return answer->future();
        });
    }

    Keeping keeping() const override { return m_keeping; }

private:
    template <typename T, typename Then> void lookFor(const QString &name, const std::shared_ptr<Answer<T>> &answer, Then then)
    {
        keyring::look(this, folder, name, [this, answer, then = std::move(then)](const Result<keyring::Seen> &seen) {
            if (!seen)
                return answer->give(core::fail(seen.error()));
            const Keeping now = seen->state == keyring::State::None ? Keeping::ThisRun : Keeping::Keyring;
            if (m_keeping.exchange(now) != now)
                emit keepingChanged();
            if (!seen->process.isEmpty() && std::exchange(m_process, seen->process) != seen->process)
                forgetSession();
            if (!answer->isGiven())
                then(*seen);
        });
    }

    /// Starts @p job, for which a person @p isAsked first, and gives the answer what @p take makes of it. QtKeychain deletes the
    /// job itself, whenever it ends.
    template <typename T, typename Take>
    void run(QKeychain::Job *job, const QString &name, const QString &tried, const QString &service, bool isAsked,
        const std::shared_ptr<Answer<T>> &answer, Take take)
    {
        if (isAsked && ++m_asked == 1)
            emit waitingForPerson(true);
        const auto ended = std::make_shared<bool>(false);
        connect(job, &QKeychain::Job::finished, this, [this, name, tried, isAsked, answer, take, ended](QKeychain::Job *done) {
            *ended = true;
            if (isAsked && --m_asked == 0)
                emit waitingForPerson(false);
            if (done->error() == QKeychain::NoError)
                answer->give(take(done));
            else if (isAsked)
                answer->give(core::fail(lockedError(tried, name, *done)));
            else if (done->error() == QKeychain::EntryNotFound)
                answer->give(nothingOfThatName(name, keyring::State::Open));
            else
                answer->give(core::fail(ErrorKind::Storage, tried, name, done->errorString(), unlockRemedy()));
        });
        watch(service, tried, name, answer, ended);
        job->setInsecureFallback(false);
        job->setKey(name);
        job->start();
    }

    /// A person takes as long as a person takes. Only a keyring that no longer answers at all ends the waiting.
    template <typename T>
    void watch(const QString &service, const QString &tried, const QString &name, const std::shared_ptr<Answer<T>> &answer,
        const std::shared_ptr<bool> &ended)
    {
        auto *timer = new QTimer(this);
        connect(timer, &QTimer::timeout, this, [this, timer, service, tried, name, answer, ended, missed = std::make_shared<int>(0)] {
            if (*ended || answer->isGiven())
                return timer->deleteLater();
            keyring::ping(this, service, [tried, name, answer, missed](bool answers) {
                *missed = answers ? 0 : *missed + 1;
                if (*missed >= missedPings)
                    answer->give(core::fail(ErrorKind::Timeout, tried, name, Say::tr("the keyring does not answer"), unlockRemedy()));
            });
        });
        timer->start(pingEveryMs);
    }

    QMap<QString, Secret> m_ofThisRun;
    QString m_process; ///< the keyring that answered last
    std::atomic<Keeping> m_keeping = Keeping::Unknown;
    int m_asked = 0; ///< how many jobs wait for a person
};

} // namespace

std::unique_ptr<SecretStore> openSecretStore()
{
    if (qEnvironmentVariable("CATAMARAN_KEYRING") == QLatin1String("none"))
        return makeMemorySecretStore();
    return std::make_unique<DesktopSecrets>();
}

} // namespace catamaran::store
