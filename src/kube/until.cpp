// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "kube/until.h"

#include "core/async.h"
#include "kube/deploymentstatus.h"
#include "kube/informer.h"
#include "kube/podtrouble.h"
#include "kube/resourceurl.h"
#include "kube/say.h"

#include <condition_variable>
#include <mutex>

namespace catamaran::kube {

using core::Error;
using core::ErrorKind;
using core::Result;

namespace {

constexpr std::chrono::seconds askedEvery { 1 };

/// What the client's thread has seen, for the thread that waits.
struct Mailbox {
    std::mutex mutex;
    std::condition_variable_any changed;
    quint64 news = 0; ///< grows with each change
    bool isSynced = false, isOver = false;
    std::optional<CachedObject> object;
    InformerHealth health;
    QObject *lookout = nullptr; ///< while it lives
};

/// Keeps an informer of one object on the client's thread and puts what it tells into the mailbox. Dies with its client.
class Lookout final : public QObject {
public:
    Lookout(KubeClient &client, const ObjectName &object, std::shared_ptr<Mailbox> mailbox)
        : QObject(&client)
        , m_mailbox(std::move(mailbox))
        , m_informer(client.informerOf(object.kind, object.ns, object.name))
    {
        connect(m_informer.get(), &Informer::changed, this, [this] { post(); });
        connect(m_informer.get(), &Informer::healthChanged, this, [this] { post(); });
        {
            const std::lock_guard lock(m_mailbox->mutex);
            m_mailbox->lookout = this;
            if (m_mailbox->isOver)
                deleteLater();
        }
        post();
    }

    ~Lookout() override
    {
        const std::lock_guard lock(m_mailbox->mutex);
        m_mailbox->lookout = nullptr;
        m_mailbox->isOver = true;
        m_mailbox->changed.notify_all();
    }

private:
    void post()
    {
        const CachedObjects &objects = m_informer->objects();
        const std::lock_guard lock(m_mailbox->mutex);
        m_mailbox->isSynced = m_informer->isSynced();
        m_mailbox->object = objects.isEmpty() ? std::nullopt : std::optional(objects.cbegin().value());
        m_mailbox->health = m_informer->health();
        ++m_mailbox->news;
        m_mailbox->changed.notify_all();
    }

    std::shared_ptr<Mailbox> m_mailbox;
    std::shared_ptr<Informer> m_informer;
};

/// @p verdict with what keeps the pods of @p workload from being ready, which may be in it already.
QString withTrouble(QString verdict, const QJsonObject &workload, const PodTrouble &trouble)
{
    const QString told = trouble.told(), known = deploymentStatus(workload).trouble;
    if (told.isEmpty())
        return verdict;
    if (!known.isEmpty() && told.contains(known) && verdict.endsWith(known))
        verdict.chop(known.size() + 2);
    return Say::tr("%1; %2").arg(verdict, told);
}

/// A refusal that time does not change.
bool isFinal(const Error &error)
{
    return error.kind == ErrorKind::Forbidden || error.kind == ErrorKind::Unauthorized || error.kind == ErrorKind::NotFound
        || error.kind == ErrorKind::InvalidInput;
}

} // namespace

Result<Sighting> until(
    KubeClient &client, const ObjectName &object, const QString &tried, const Condition &condition, const Patience &patience)
{
    Q_ASSERT(QThread::currentThread() != client.thread());
    const QString path = QString::fromLatin1(resourcePath(object.kind, object.kind.namespaced ? object.ns : QString(), object.name));
    const QString target = client.access().name + u' ' + path;
    if (!isPathPart(object.name))
        return core::fail(ErrorKind::InvalidInput, tried, target, Say::tr("“%1” is not a name").arg(object.name));

    auto mailbox = std::make_shared<Mailbox>();
    core::postTo(&client, [&client, object, mailbox] {
        {
            const std::lock_guard lock(mailbox->mutex);
            if (mailbox->isOver)
                return;
        }
        new Lookout(client, object, mailbox);
    });
    const auto closed = qScopeGuard([&] {
        const std::lock_guard lock(mailbox->mutex);
        mailbox->isOver = true;
        if (mailbox->lookout)
            mailbox->lookout->deleteLater();
    });

    std::optional<PodTrouble> trouble;
    const auto remedy = [&] { return trouble && trouble->why() ? trouble->why()->remedy : QString(); };
    quint64 read = 0;
    QString text;
    bool isAsked = false; ///< by reading it again and again, because it cannot be listed
    const auto ask
        = [&] { return core::await(client.get(object.kind, object.ns, object.name, patience.stop), patience.stop, patience.deadline); };
    for (;;) {
        quint64 known = 0;
        bool isSynced = false, isOver = false;
        std::optional<CachedObject> newest;
        InformerHealth health;
        {
            auto wake = patience.deadline;
            if (trouble)
                wake = std::min(wake, trouble->next().value_or(wake));
            if (isAsked)
                wake = std::min(wake, std::chrono::steady_clock::now() + askedEvery);
            std::unique_lock lock(mailbox->mutex);
            mailbox->changed.wait_until(lock, patience.stop, wake, [&] { return mailbox->news != read || mailbox->isOver; });
            known = std::exchange(read, mailbox->news);
            isSynced = mailbox->isSynced;
            isOver = mailbox->isOver;
            newest = mailbox->object;
            health = mailbox->health;
        }
        if (patience.stop.stop_requested() || isOver)
            return core::fail(ErrorKind::Cancelled, tried, target, Say::tr("cancelled"));
        if (read == known && std::chrono::steady_clock::now() >= patience.deadline) {
            QString answer = isSynced || isAsked ? text : QString();
            const bool isStale = health.state == InformerHealth::State::Stale && !isAsked;
            if (isStale)
                answer += (answer.isEmpty() ? QString() : QStringLiteral("; "))
                    + Say::tr("the API server cannot be followed: %1").arg(health.error.answer);
            else if (!isSynced && !isAsked)
                answer = Say::tr("the API server gives no answer");
            return core::fail(ErrorKind::Timeout, tried, target, answer, isStale ? health.error.remedy : remedy());
        }
        const bool isRefused = !isSynced && health.state == InformerHealth::State::Stale && isFinal(health.error);
        if (!isSynced && !isRefused && !isAsked)
            continue;
        std::optional<QJsonObject> seen = newest ? std::optional(newest->object()) : std::nullopt;
        if (!isSynced) { // who may not list it, or whose server cannot, may still read it
            const auto answer = ask();
            isAsked = isAsked || answer || (answer.error().kind == ErrorKind::NotFound && health.error.kind == ErrorKind::Forbidden);
            if (!isAsked) {
                Error error = health.error;
                error.tried = tried + QStringLiteral(" (") + error.tried + u')';
                return core::fail(error);
            }
            if (!answer && answer.error().kind != ErrorKind::NotFound) {
                if (isFinal(answer.error()))
                    return core::fail(answer.error());
                text = answer.error().answer;
                continue;
            }
            seen = answer ? std::optional(*answer) : std::nullopt;
        }
        const Verdict verdict = condition(seen);
        if (verdict.state == Verdict::State::So)
            return Sighting { seen, verdict.text,
                (isSynced ? Say::tr("watch of %1 on %2") : Say::tr("%1 on %2")).arg(path, client.access().name),
                QDateTime::currentDateTimeUtc() };
        const QString before = std::exchange(text, verdict.text);
        if (patience.heedsPods && seen) {
            if (!trouble)
                trouble.emplace(client, object.ns, [mailbox] {
                    const std::lock_guard lock(mailbox->mutex);
                    ++mailbox->news;
                    mailbox->changed.notify_all();
                });
            trouble->look(*seen);
            text = QStringLiteral("%1: %2").arg(object.name, withTrouble(verdict.text, *seen, *trouble));
        }
        if (verdict.state == Verdict::State::Never || (trouble && trouble->isHopeless()))
            return core::fail(ErrorKind::Precondition, tried, target, text, remedy());
        if (patience.note && text != before)
            patience.note(text);
    }
}

} // namespace catamaran::kube
