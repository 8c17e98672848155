// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "mesh/istio/debuganswers.h"

#include "mesh/istio/say.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>

#include <algorithm>

namespace catamaran::mesh::istio {

using core::ErrorKind;
using core::Result;

namespace {

constexpr qsizetype mostClusters = 4096, mostProxies = 100'000;
constexpr qsizetype longestWord = 200, longestLine = 500, longestKey = 1024;
constexpr qint64 mostBytes = 512 * 1024 * 1024;
constexpr qsizetype deepest = 32;
constexpr qint64 silenceSeconds = 200;
constexpr qint64 burstSeconds = 5; ///< the watches of one connection end together

/// Programs in the container may log a line before the answer.
Result<QJsonArray> arrayIn(const QByteArray &output, const QString &what)
{
    const qsizetype begin = output.startsWith('[') ? 0 : output.indexOf("\n[") + 1;
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(output.mid(begin), &error);
    if (!document.isArray())
        return core::fail(ErrorKind::Protocol, Say::tr("read what a control plane says"), what,
            output.trimmed().isEmpty() ? Say::tr("it says nothing") : Say::tr("that is no JSON array: %1").arg(error.errorString()));
    return document.array();
}

struct Line {
    QDateTime at;
    QByteArray rest;
};

/// A line of the log, as text or as JSON; without a time null.
Line lineOf(const QByteArray &line)
{
    if (line.startsWith('{')) {
        const QJsonObject object = QJsonDocument::fromJson(line).object();
        return { QDateTime::fromString(object.value(u"time").toString(), Qt::ISODateWithMs).toUTC(),
            object.value(u"msg").toString().toUtf8() + '\t' + line };
    }
    const qsizetype tab = line.indexOf('\t');
    if (tab < 20 || tab > 40)
        return {};
    return { QDateTime::fromString(QString::fromLatin1(line.left(tab)), Qt::ISODateWithMs).toUTC(), line.mid(tab + 1) };
}

QByteArray wordAfter(const QByteArray &line, const QByteArray &mark)
{
    const qsizetype at = line.indexOf(mark);
    if (at < 0)
        return {};
    const qsizetype begin = at + mark.size();
    qsizetype end = begin;
    while (end < line.size() && QByteArrayView(" \t:\",=").indexOf(line.at(end)) < 0)
        ++end;
    return line.mid(begin, end - begin);
}

/// Of a watch that ended because nobody answers, or nobody is let in; watches end for better reasons all the time.
bool isConnectionLost(const QByteArray &line)
{
    if (!line.contains("watch ended with error"))
        return false;
    for (const char *reason :
        { "client connection lost", "connection refused", "connection reset", "i/o timeout", "no route to host", "Unauthorized" })
        if (line.contains(reason))
            return true;
    return false;
}

/// What a control plane watches in its own cluster alone.
bool isOfOwnCluster(const QByteArray &line)
{
    for (const char *type : { "VirtualService", "DestinationRule", "AuthorizationPolicy", "WebhookConfiguration" })
        if (line.contains(type))
            return true;
    return false;
}

/// Takes one more line about a lost watch into @p one.
void add(LostWatch &one, const QDateTime &at, const QByteArray &words)
{
    one.words = QString::fromUtf8(words).left(longestLine).simplified();
    if (!one.first.isValid())
        one.first = at;
    one.last = at;
    ++one.lines;
}

} // namespace

Result<QList<RemoteCluster>> parseClusters(const QByteArray &json)
{
    const auto array = arrayIn(json, QStringLiteral("clusterz"));
    if (!array)
        return core::fail(array.error());
    QList<RemoteCluster> clusters;
    for (const QJsonValue &one : *array) {
        const QString id = one[u"id"].toString().left(longestWord), status = one[u"syncStatus"].toString().left(longestWord);
        if (id.isEmpty() || status.isEmpty())
            return core::fail(ErrorKind::Protocol, Say::tr("read what a control plane says"), QStringLiteral("clusterz"),
                Say::tr("an entry has no id or no syncStatus"));
        if (clusters.size() < mostClusters)
            clusters.append({ id, one[u"secretName"].toString().left(longestWord), status });
    }
    return clusters;
}

QHash<QString, LostWatch> parseLostWatches(const QByteArray &log)
{
    QHash<QString, LostWatch> lost;
    QDateTime ownLost; ///< when watches of its own cluster were
    for (qsizetype begin = 0; begin < log.size();) {
        qsizetype end = log.indexOf('\n', begin);
        if (end < 0)
            end = log.size();
        const QByteArray raw = log.mid(begin, end - begin);
        begin = end + 1;
        if (raw.size() > 64 * 1024)
            continue;
        static const QByteArray error = "watch error in cluster ";
        const bool tells = raw.contains(error), isUnnamed = isConnectionLost(raw);
        // A secret that was taken up anew begins from the beginning.
        const bool begins
            = !tells && !isUnnamed && (raw.contains("Add cluster") || raw.contains("Update cluster") || raw.contains("Updating cluster"));
        if (!tells && !begins && !isUnnamed)
            continue;
        const Line line = lineOf(raw);
        if (!line.at.isValid())
            continue;
        if (begins) {
            QByteArray id = wordAfter(raw, "cluster=");
            if (id.isEmpty())
                id = wordAfter(raw, "\"cluster\":\"");
            lost.remove(QString::fromUtf8(id));
            lost.remove(QString());
            continue;
        }
        if (isUnnamed) {
            const auto isNear = [&](const QDateTime &other) { return other.isValid() && other.secsTo(line.at) <= burstSeconds; };
            if (isOfOwnCluster(raw)) {
                ownLost = line.at;
                if (isNear(lost.value(QString()).last))
                    lost.remove(QString());
            } else if (!isNear(ownLost)) {
                add(lost[QString()], line.at, line.rest.mid(std::max<qsizetype>(0, line.rest.indexOf("watch ended"))));
            }
            continue;
        }
        const qsizetype at = line.rest.indexOf(error);
        const QString id = QString::fromUtf8(wordAfter(line.rest, error)).left(longestWord);
        if (at < 0 || id.isEmpty() || (lost.size() >= mostClusters && !lost.contains(id)))
            continue;
        const QByteArray words = line.rest.mid(at);
        add(lost[id], line.at, words.left(words.contains('\t') ? words.indexOf('\t') : words.size()));
    }
    return lost;
}

bool isStillLost(const QDateTime &last, const QDateTime &now)
{
    return last.isValid() && last.secsTo(now) <= silenceSeconds;
}

Result<ProxyCounts> parseProxies(const QByteArray &json)
{
    const auto array = arrayIn(json, QStringLiteral("syncz"));
    if (!array)
        return core::fail(array.error());
    ProxyCounts counts;
    counts.proxies = int(std::min<qsizetype>(array->size(), mostProxies));
    for (const QJsonValue &proxy : *array) {
        bool isBehind = false, rejects = false;
        const QJsonObject resources = proxy[u"resources"].toObject();
        for (const QJsonValue &one : resources) {
            isBehind = isBehind || one[u"sent"].toString() != one[u"acked"].toString();
            const QString error = one[u"lastError"].toString();
            rejects = rejects || !error.isEmpty();
            if (!error.isEmpty() && counts.firstRejection.isEmpty())
                counts.firstRejection = proxy[u"proxy"].toString().left(longestWord) + QStringLiteral(": ") + error.left(longestLine);
        }
        counts.behind += isBehind ? 1 : 0;
        counts.rejecting += rejects ? 1 : 0;
    }
    return counts;
}

bool EndpointCounter::read(const QByteArray &bytes)
{
    m_bytes += bytes.size();
    if (m_bytes > mostBytes)
        m_isBroken = true;
    for (qsizetype i = 0; i < bytes.size() && !m_isBroken; ++i)
        m_isBroken = !take(bytes.at(i));
    return !m_isBroken;
}

bool EndpointCounter::isComplete() const
{
    return m_hasEnded && !m_isBroken;
}

bool EndpointCounter::take(char byte)
{
    if (m_isText) {
        if (m_isEscaped)
            m_isEscaped = false;
        else if (byte == '\\')
            m_isEscaped = true;
        else if (byte == '"') {
            m_isText = false;
            return true;
        }
        if (m_text.size() < longestKey)
            m_text.append(byte);
        return true;
    }
    switch (byte) {
    case '"':
        if (m_open.isEmpty())
            return false;
        m_isText = true;
        m_text.resize(0);
        return true;
    case ':':
        if (m_open.isEmpty() || !m_open.endsWith('{'))
            return m_open.isEmpty() && !m_hasEnded; // of a line that was logged before the answer
        m_keys.last() = m_text;
        return true;
    case '{':
    case '[': return open(byte);
    case '}':
    case ']':
        if (m_open.isEmpty() || m_open.back() != (byte == '}' ? '{' : '['))
            return false;
        m_open.chop(1);
        m_keys.removeLast();
        m_hasEnded = m_open.isEmpty();
        return true;
    default: return true;
    }
}

/// {HOST: {NAMESPACE: {"Shards": {"Kubernetes/CLUSTER": [ {…}, … ]}}}}
bool EndpointCounter::open(char bracket)
{
    if (m_hasEnded || m_open.size() >= deepest || (m_open.isEmpty() && bracket == '['))
        return false;
    if (bracket == '{' && m_open == "{{{{[" && m_keys.at(2) == "Shards" && m_counts.size() < mostClusters) {
        const QByteArray &shard = m_keys.at(3);
        ++m_counts[QString::fromUtf8(shard.mid(shard.indexOf('/') + 1))];
    }
    m_open.append(bracket);
    m_keys.append(QByteArray());
    return true;
}

} // namespace catamaran::mesh::istio
