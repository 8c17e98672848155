// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
// API servers for the benchmarks, in a process of their own, over TLS:
//   bench_server idle N                     N servers that answer lists and hold watches
//   bench_server churn PODS RATE SECONDS    one server whose pods change so often, for so long, once they are watched
// Prints one JSON line with ports and CA, and a line "sent N" at the end of the changes. Ends with its standard input.
#include "bench/podtext.h"
#include "support/scriptedserver.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSocketNotifier>
#include <QTimer>
#include <QUrlQuery>

#include <cstdio>
#include <memory>
#include <vector>

#include <unistd.h>

using namespace catamaran;
using test::Exchange;
using test::ScriptedServer;

namespace {

QByteArray listOf(const QByteArray &kind, const QByteArray &apiVersion, qint64 version, const QByteArrayList &items)
{
    return "{\"kind\":\"" + kind + "List\",\"apiVersion\":\"" + apiVersion + "\",\"metadata\":{\"resourceVersion\":\""
        + QByteArray::number(version) + "\"},\"items\":[" + items.join(',') + "]}\n";
}

QByteArray named(const QByteArray &name, const QByteArray &ns, const QByteArray &rest)
{
    return "{\"metadata\":{\"name\":\"" + name + "\"," + (ns.isEmpty() ? QByteArray() : "\"namespace\":\"" + ns + "\",")
        + "\"resourceVersion\":\"1\"}" + rest + "}";
}

/// What stands still: namespaces, deployments, services.
QByteArray quietList(const QByteArray &path)
{
    if (path.endsWith("/namespaces"))
        return listOf("Namespace", "v1", 5, { named("default", {}, {}), named("kube-system", {}, {}) });
    if (path.endsWith("/deployments")) {
        QByteArrayList all;
        for (int i = 0; i < bench::applications; ++i)
            all += named("app-" + QByteArray::number(i), "default",
                ",\"spec\":{\"replicas\":100,\"selector\":{\"matchLabels\":{\"app\":\"app-" + QByteArray::number(i)
                    + "\"}},\"template\":{\"metadata\":{\"labels\":{\"version\":\"v1\"}},\"spec\":{\"containers\":[{\"name\":\"app\",\"image\":\"x:1\"}]}}},\"status\":{\"readyReplicas\":100}");
        return listOf("Deployment", "apps/v1", 5, all);
    }
    if (path.endsWith("/services"))
        return listOf("Service", "v1", 5, { named("app", "default", ",\"spec\":{\"ports\":[{\"port\":80}]}") });
    return listOf("Thing", "v1", 5, { named("one", "default", {}), named("two", "default", {}) });
}

class Churn : public QObject {
public:
    Churn(int pods, int rate, int seconds)
        : m_pods(pods)
        , m_rate(rate)
        , m_all(qint64(rate) * seconds)
    {
        connect(&m_timer, &QTimer::timeout, this, [this] { send(); });
        m_timer.setTimerType(Qt::PreciseTimer);
    }

    [[nodiscard]] QByteArray list() const
    {
        QByteArrayList items;
        for (int i = 0; i < m_pods; ++i)
            items += bench::podText(i, 1, 0);
        return listOf("Pod", "v1", bench::firstVersion, items);
    }

    void watch(Exchange &exchange)
    {
        m_watch = &exchange;
        exchange.beginChunks();
        // A watch that was opened anew goes on behind what it has.
        const qint64 from = QUrlQuery(QString::fromLatin1(exchange.target).section(u'?', 1))
                                .queryItemValue(QStringLiteral("resourceVersion"))
                                .toLongLong();
        m_sent = std::max<qint64>(0, from - bench::firstVersion);
        m_base = m_sent;
        m_clock.start();
        m_timer.start(5);
    }

private:
    void send()
    {
        if (!m_watch || !m_watch->isConnected())
            return;
        const qint64 due = std::min(m_all, m_base + m_clock.elapsed() * m_rate / 1000);
        QByteArray lines;
        for (; m_sent < due; ++m_sent)
            lines += "{\"type\":\"MODIFIED\",\"object\":" + bench::podText(int(m_sent % m_pods), bench::firstVersion + 1 + m_sent, m_sent)
                + "}\n";
        if (!lines.isEmpty())
            m_watch->chunk(lines);
        if (m_sent == m_all && m_timer.isActive()) {
            m_timer.stop();
            std::printf("sent %lld\n", static_cast<long long>(m_sent));
            std::fflush(stdout);
        }
    }

    int m_pods, m_rate;
    qint64 m_all, m_sent = 0, m_base = 0;
    QPointer<Exchange> m_watch;
    QElapsedTimer m_clock;
    QTimer m_timer;
};

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    const bool isChurn = arguments.value(1) == u"churn";
    std::unique_ptr<Churn> churn;
    if (isChurn)
        churn = std::make_unique<Churn>(arguments.value(2).toInt(), arguments.value(3).toInt(), arguments.value(4).toInt());
    const auto handler = [&churn](Exchange &exchange) {
        const QByteArray path = exchange.path();
        const bool isPods = churn && path.endsWith("/pods");
        if (path == "/version")
            exchange.reply(200, "{\"major\":\"1\",\"minor\":\"32\",\"gitVersion\":\"v1.32.0\"}");
        else if (!exchange.target.contains("watch=1"))
            exchange.reply(200, isPods ? churn->list() : quietList(path));
        else if (isPods)
            churn->watch(exchange);
        else
            exchange.beginChunks();
    };
    std::vector<std::unique_ptr<ScriptedServer>> servers;
    QJsonArray ports;
    for (int i = 0; i < (isChurn ? 1 : arguments.value(2).toInt()); ++i) {
        servers.push_back(std::make_unique<ScriptedServer>(handler, ScriptedServer::Mode::Tls));
        ports.append(servers.back()->serverPort());
    }
    if (servers.empty())
        return 2;
    const QJsonObject ready { { QStringLiteral("ports"), ports },
        { QStringLiteral("ca"), QString::fromLatin1(servers.front()->authorityPem()) } };
    std::printf("%s\n", QJsonDocument(ready).toJson(QJsonDocument::Compact).constData());
    std::fflush(stdout);
    QSocketNotifier end(STDIN_FILENO, QSocketNotifier::Read);
    QObject::connect(&end, &QSocketNotifier::activated, &app, &QCoreApplication::quit);
    return QCoreApplication::exec();
}
