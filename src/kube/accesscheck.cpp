// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "kube/accesscheck.h"

#include "kube/say.h"

namespace catamaran::kube {

using core::Result;

namespace {

QString keyOf(const AccessQuestion &question)
{
    // The namespace first and the rest apart by what no name holds.
    return QStringList { question.ns, question.verb, question.group, question.resource, question.subresource, question.name }.join(u'\n');
}

} // namespace

AccessCheck::AccessCheck(KubeClient &client, std::chrono::milliseconds validFor, QObject *parent)
    : QObject(parent)
    , m_client(client)
    , m_validFor(validFor)
{
}

AccessCheck::~AccessCheck()
{
    m_stop.request_stop();
}

std::optional<bool> AccessCheck::known(const AccessQuestion &question)
{
    const QString key = keyOf(question);
    auto &entry = m_entries[key];
    if (!entry)
        entry = std::make_shared<Entry>();
    if (entry->allowed && entry->since.elapsed() < m_validFor.count())
        return entry->allowed;
    send(key, question);
    return entry->allowed; // an old answer until the new one is there
}

QFuture<Result<bool>> AccessCheck::ask(const AccessQuestion &question)
{
    const QString key = keyOf(question);
    auto &entry = m_entries[key];
    if (!entry)
        entry = std::make_shared<Entry>();
    if (entry->allowed && entry->since.elapsed() < m_validFor.count())
        return core::readyFuture(Result<bool>(*entry->allowed));
    auto promise = std::make_shared<QPromise<Result<bool>>>();
    promise->start();
    auto future = promise->future();
    entry->waiting.push_back(std::move(promise));
    send(key, question);
    return future;
}

void AccessCheck::send(const QString &key, const AccessQuestion &question)
{
    const auto entry = m_entries.value(key);
    if (std::exchange(entry->isAsked, true))
        return;
    core::whenReady(m_client.mayI(question, m_stop.get_token()), this, [this, entry, question](const Result<bool> &allowed) {
        entry->isAsked = false;
        if (allowed) {
            entry->allowed = *allowed;
            entry->since.start();
        }
        for (const auto &promise : std::exchange(entry->waiting, {})) {
            promise->addResult(allowed);
            promise->finish();
        }
        if (allowed)
            emit answered(question, *allowed);
    });
}

QFuture<Result<QList<AccessQuestion>>> AccessCheck::refusedOf(const QList<AccessQuestion> &questions)
{
    struct Job {
        QPromise<Result<QList<AccessQuestion>>> promise;
        QList<AccessQuestion> questions;
        QList<std::optional<Result<bool>>> answers;
        qsizetype open = 0;
    };
    if (questions.isEmpty())
        return core::readyFuture(Result<QList<AccessQuestion>>(QList<AccessQuestion>()));
    auto job = std::make_shared<Job>();
    job->promise.start();
    job->questions = questions;
    job->answers.resize(questions.size());
    job->open = questions.size();
    auto future = job->promise.future();
    for (qsizetype i = 0; i < questions.size(); ++i) {
        core::whenReady(ask(questions.at(i)), this, [job, i](const Result<bool> &allowed) {
            job->answers[i] = allowed;
            if (--job->open > 0)
                return;
            QList<AccessQuestion> refused;
            Result<QList<AccessQuestion>> result;
            for (qsizetype j = 0; j < job->questions.size() && result; ++j) {
                const auto &answer = *job->answers.at(j);
                if (!answer)
                    result = core::fail(answer.error());
                else if (!*answer)
                    refused.append(job->questions.at(j));
            }
            if (result)
                result = refused;
            job->promise.addResult(std::move(result));
            job->promise.finish();
        });
    }
    return future;
}

void AccessCheck::forget(const QString &ns)
{
    const QString prefix = ns + u'\n';
    m_entries.removeIf([&](const auto &it) { return !it.value()->isAsked && (ns.isEmpty() || it.key().startsWith(prefix)); });
}

QList<AccessQuestion> execNeeds(const QString &ns, int serverMinor)
{
    QList<AccessQuestion> needs { { QStringLiteral("get"), {}, QStringLiteral("pods"), QStringLiteral("exec"), ns, {} } };
    if (serverMinor >= 35)
        needs.append({ QStringLiteral("create"), {}, QStringLiteral("pods"), QStringLiteral("exec"), ns, {} });
    return needs;
}

QList<AccessQuestion> logNeeds(const QString &ns)
{
    return { { QStringLiteral("get"), {}, QStringLiteral("pods"), QStringLiteral("log"), ns, {} } };
}

QList<AccessQuestion> scaleNeeds(const QString &ns)
{
    const QString apps = QStringLiteral("apps"), deployments = QStringLiteral("deployments"), scale = QStringLiteral("scale");
    return { { QStringLiteral("get"), apps, deployments, scale, ns, {} }, { QStringLiteral("patch"), apps, deployments, scale, ns, {} } };
}

QList<AccessQuestion> applyNeeds(const ResourceKind &kind, const QString &ns)
{
    return { { QStringLiteral("patch"), kind.group, kind.plural, {}, ns, {} },
        { QStringLiteral("create"), kind.group, kind.plural, {}, ns, {} } };
}

QString describeAccess(const AccessQuestion &question)
{
    QString what = question.resource;
    if (!question.subresource.isEmpty())
        what += u'/' + question.subresource;
    if (!question.group.isEmpty())
        what += u'.' + question.group;
    return question.ns.isEmpty() ? Say::tr("%1 %2 in all namespaces").arg(question.verb, what)
                                 : Say::tr("%1 %2 in namespace %3").arg(question.verb, what, question.ns);
}

} // namespace catamaran::kube
