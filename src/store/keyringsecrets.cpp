// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "store/secretstore.h"

#include <QCoreApplication>
#include <QEventLoop>
#include <QTimer>

#include <qt6keychain/keychain.h>

namespace catamaran::store {

using core::Done;
using core::Error;
using core::ErrorKind;
using core::Result;
using core::Secret;

namespace {

const QString service = QStringLiteral("catamaran");
/// A person may have to unlock the keyring first.
constexpr int answerTimeMs = 120000;
constexpr int probeTimeMs = 2500;

struct Say {
    Q_DECLARE_TR_FUNCTIONS(SecretStore)
};

/// What came of one keyring job.
Error errorOf(const QKeychain::Job &job, const QString &tried, const QString &name)
{
    const ErrorKind kind = job.error() == QKeychain::EntryNotFound ? ErrorKind::NotFound : ErrorKind::Storage;
    return core::Error::make(kind, tried, name,
        kind == ErrorKind::NotFound ? Say::tr("the keyring has none of that name") : job.errorString(),
        kind == ErrorKind::NotFound ? QString() : Say::tr("Unlock the keyring and try again."));
}

/// Starts @p job and finishes the future once: with what @p take makes of it, after a stop, or when nobody answers.
/// QtKeychain deletes the job itself, whenever it ends.
template <typename T, typename Job, typename Take>
QFuture<Result<T>> start(QObject *context, Job *job, const QString &name, const QString &tried, std::stop_token stop, Take take)
{
    struct Running {
        QPromise<Result<T>> promise;
        QTimer *timer = nullptr;
        std::unique_ptr<std::stop_callback<std::function<void()>>> onStop;
        bool ended = false;
        void end(Result<T> result)
        {
            if (ended)
                return;
            ended = true;
            timer->deleteLater();
            promise.addResult(std::move(result));
            promise.finish();
        }
    };
    auto running = std::make_shared<Running>();
    running->promise.start();
    running->timer = new QTimer(context);
    running->timer->setSingleShot(true);
    QObject::connect(running->timer, &QTimer::timeout, context, [running, tried, name] {
        running->end(core::fail(
            ErrorKind::Timeout, tried, name, Say::tr("the keyring does not answer"), Say::tr("Unlock the keyring and try again.")));
    });
    QObject::connect(job, &QKeychain::Job::finished, context, [running, take, tried, name](QKeychain::Job *ended) {
        if (ended->error() != QKeychain::NoError)
            running->end(core::fail(errorOf(*ended, tried, name)));
        else
            running->end(take(static_cast<Job *>(ended)));
        running->onStop.reset();
    });
    running->timer->start(answerTimeMs);
    auto future = running->promise.future();
    std::weak_ptr<Running> weak = running;
    running->onStop = std::make_unique<std::stop_callback<std::function<void()>>>(stop, [context, weak, tried, name] {
        QMetaObject::invokeMethod(
            context,
            [weak, tried, name] {
                if (const auto alive = weak.lock())
                    alive->end(core::fail(ErrorKind::Cancelled, tried, name, Say::tr("cancelled")));
            },
            Qt::QueuedConnection);
    });
    job->setInsecureFallback(false);
    job->setKey(name);
    job->start();
    return future;
}

class KeyringSecrets final : public SecretStore {
public:
    QFuture<Result<Secret>> read(const QString &name, std::stop_token stop) override
    {
        return core::startOn(this, [this, name, stop] {
            return start<Secret>(this, new QKeychain::ReadPasswordJob(service), name, Say::tr("read a secret"), stop,
                [](QKeychain::ReadPasswordJob *job) { return Result<Secret>(Secret(job->binaryData())); });
        });
    }

    QFuture<Result<Done>> write(const QString &name, const Secret &secret, std::stop_token stop) override
    {
        return core::startOn(this, [this, name, secret, stop] {
            auto *job = new QKeychain::WritePasswordJob(service);
            job->setBinaryData(secret.reveal());
            return start<Done>(
                this, job, name, Say::tr("keep a secret"), stop, [](QKeychain::WritePasswordJob *) { return Result<Done>(Done {}); });
        });
    }

    QFuture<Result<Done>> remove(const QString &name, std::stop_token stop) override
    {
        return core::startOn(this, [this, name, stop] {
            return start<Done>(this, new QKeychain::DeletePasswordJob(service), name, Say::tr("remove a secret"), stop,
                [](QKeychain::DeletePasswordJob *) { return Result<Done>(Done {}); })
                // What is not there is removed.
                .then([](const Result<Done> &result) {
                    return !result && result.error().kind == ErrorKind::NotFound ? Result<Done>(Done {}) : result;
                });
        });
    }

    bool isPersistent() const override { return true; }
};

/// Runs the event loop until @p future has its value, but not for long.
template <typename T> std::optional<Result<T>> waitShortly(const QFuture<Result<T>> &future, std::stop_source stop)
{
    QEventLoop loop;
    QTimer::singleShot(probeTimeMs, &loop, &QEventLoop::quit);
    core::whenReady(future, &loop, [&](const Result<T> &) { loop.quit(); });
    loop.exec(QEventLoop::ExcludeUserInputEvents);
    if (future.isFinished() && future.resultCount() > 0)
        return future.result();
    stop.request_stop();
    return std::nullopt;
}

/// Only a keyring that has kept something keeps secrets: one without a collection, or locked with nobody to unlock it,
/// answers reads but takes nothing.
bool keeps(SecretStore &store)
{
    const QString name = QStringLiteral("catamaran/probe");
    const Secret word(QByteArrayLiteral("kept"));
    std::stop_source stop;
    const auto found = waitShortly(store.read(name, stop.get_token()), stop);
    if (!found)
        return false;
    if (*found && (*found)->reveal() == word.reveal())
        return true;
    if (!*found && found->error().kind != ErrorKind::NotFound)
        return false;
    const auto written = waitShortly(store.write(name, word, stop.get_token()), stop);
    return written && written->has_value();
}

} // namespace

std::unique_ptr<SecretStore> openSecretStore()
{
    auto keyring = std::make_unique<KeyringSecrets>();
    if (keeps(*keyring))
        return keyring;
    return makeMemorySecretStore();
}

} // namespace catamaran::store
