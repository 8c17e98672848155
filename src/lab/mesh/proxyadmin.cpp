// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/mesh/proxyadmin.h"

#include "lab/mesh/httpmessage.h"

#include <QDateTime>
#include <QRegularExpression>
#include <QUrlQuery>

namespace catamaran::lab {

namespace {

std::string utc(const QDateTime &when)
{
    return when.toUTC().toString(QStringLiteral("yyyy-MM-ddTHH:mm:ssZ")).toStdString();
}

json::object certificateOf(const pki::CertificateInfo &info)
{
    json::array names;
    for (const QString &san : info.sans) {
        if (san.startsWith(QLatin1String("URI:")))
            names.push_back(json::object { { "uri", san.mid(4).toStdString() } });
        else if (san.startsWith(QLatin1String("DNS:")))
            names.push_back(json::object { { "dns", san.mid(4).toStdString() } });
    }
    return { { "path", "<inline>" }, { "serial_number", info.serial.toLower().toStdString() }, { "subject_alt_names", std::move(names) },
        { "days_until_expiration", std::to_string(QDateTime::currentDateTimeUtc().daysTo(info.notAfter)) },
        { "valid_from", utc(info.notBefore) }, { "expiration_time", utc(info.notAfter) } };
}

json::array certificatesOf(const QByteArray &pem)
{
    json::array list;
    if (const auto infos = pki::readBundle(pem)) {
        for (const auto &info : *infos)
            list.push_back(certificateOf(info));
    }
    return list;
}

std::string certs(const Sidecar &sidecar)
{
    json::array list;
    if (const auto identity = sidecar.identity())
        list.push_back(json::object { { "ca_cert", certificatesOf(identity->roots) },
            { "cert_chain", certificatesOf(identity->leaf.certificate + identity->leaf.chain) } });
    return json::serialize(json::object { { "certificates", std::move(list) } });
}

std::string base64(const QByteArray &bytes)
{
    return bytes.toBase64().toStdString();
}

std::string secrets(const Sidecar &sidecar)
{
    json::array list;
    if (const auto identity = sidecar.identity()) {
        const std::string version = utc(QDateTime::currentDateTimeUtc());
        // The private key is never shown, as in the real dump.
        list.push_back(json::object { { "@type", "type.googleapis.com/envoy.admin.v3.SecretsConfigDump.DynamicSecret" },
            { "name", "default" }, { "last_updated", version },
            { "secret",
                json::object { { "name", "default" },
                    { "tls_certificate",
                        json::object { { "certificate_chain",
                                           json::object { { "inline_bytes", base64(identity->leaf.certificate + identity->leaf.chain) } } },
                            { "private_key", json::object { { "inline_bytes", "W3JlZGFjdGVkXQ==" } } } } } } } });
        list.push_back(json::object { { "@type", "type.googleapis.com/envoy.admin.v3.SecretsConfigDump.DynamicSecret" },
            { "name", "ROOTCA" }, { "last_updated", version },
            { "secret",
                json::object { { "name", "ROOTCA" },
                    { "validation_context",
                        json::object { { "trusted_ca", json::object { { "inline_bytes", base64(identity->roots) } } } } } } } });
    }
    return json::serialize(json::object { { "configs", std::move(list) } });
}

json::object thresholds()
{
    constexpr std::uint64_t unlimited = 4294967295;
    return { { "thresholds",
        json::array { json::object { { "max_connections", unlimited }, { "max_pending_requests", unlimited }, { "max_requests", unlimited },
                          { "max_retries", unlimited } },
            json::object { { "priority", "HIGH" }, { "max_connections", 1024 }, { "max_pending_requests", 1024 }, { "max_requests", 1024 },
                { "max_retries", 3 } } } } };
}

using Counts = std::vector<std::pair<const char *, std::uint64_t>>;

Counts countersOf(const Sidecar::HostState &state)
{
    const auto &counted = state.counters;
    return { { "cx_connect_fail", counted.connectFailures }, { "cx_total", counted.connections }, { "rq_error", counted.errors },
        { "rq_success", counted.successes }, { "rq_timeout", 0 }, { "rq_total", counted.requests } };
}

Counts gaugesOf(const Sidecar::HostState &state)
{
    return { { "cx_active", state.counters.openConnections }, { "rq_active", state.active }, { "rq_pending_active", 0 } };
}

json::array statsOf(const Sidecar::HostState &state)
{
    json::array stats;
    const auto add = [&stats](const Counts &counts, bool isGauge) {
        for (const auto &[name, value] : counts) {
            json::object stat;
            if (isGauge)
                stat["type"] = "GAUGE";
            if (value > 0)
                stat["value"] = std::to_string(value);
            stat["name"] = name;
            stats.push_back(std::move(stat));
        }
    };
    add(countersOf(state), false);
    add(gaugesOf(state), true);
    return stats;
}

json::object hostAsJson(const Sidecar::HostState &state)
{
    json::object health { { "eds_health_status", "HEALTHY" } };
    if (state.ejected)
        health["failed_outlier_check"] = true;
    json::object locality;
    for (const auto &[name, value] : { std::pair("region", &state.host.locality.region), std::pair("zone", &state.host.locality.zone),
             std::pair("sub_zone", &state.host.locality.subzone) }) {
        if (!value->empty())
            locality[name] = *value;
    }
    json::object host {
        { "address",
            json::object { { "socket_address", json::object { { "address", state.host.address }, { "port_value", state.host.port } } } } },
        { "stats", statsOf(state) },
        { "health_status", std::move(health) },
        { "weight", state.host.weight },
    };
    if (state.host.priority > 0)
        host["priority"] = state.host.priority;
    host["locality"] = std::move(locality);
    return host;
}

std::string clustersAsJson(const Sidecar &sidecar)
{
    json::array clusters;
    const auto add = [&clusters](const std::string &name, bool isDiscovered, json::array hosts) {
        json::object cluster { { "name", name } };
        if (isDiscovered)
            cluster["added_via_api"] = true;
        if (!hosts.empty())
            cluster["host_statuses"] = std::move(hosts);
        cluster["circuit_breakers"] = thresholds();
        cluster["observability_name"] = name + ";";
        if (name.starts_with("outbound|"))
            cluster["eds_service_name"] = name;
        clusters.push_back(std::move(cluster));
    };
    add("PassthroughCluster", true, {});
    add("BlackHoleCluster", true, {});
    add("xds-grpc", false,
        json::array { json::object { { "address", json::object { { "pipe", json::object { { "path", "./etc/istio/proxy/XDS" } } } } },
            { "health_status", json::object { { "eds_health_status", "HEALTHY" } } }, { "weight", 1 }, { "locality", json::object() } } });
    for (const auto &state : sidecar.clusterStates()) {
        json::array hosts;
        for (const auto &host : state.hosts)
            hosts.push_back(hostAsJson(host));
        add(state.cluster->name, true, std::move(hosts));
    }
    return json::serialize(json::object { { "cluster_statuses", std::move(clusters) } });
}

std::string clustersAsText(const Sidecar &sidecar)
{
    std::string text;
    for (const auto &state : sidecar.clusterStates()) {
        text += state.cluster->name + "::added_via_api::true\n";
        for (const auto &host : state.hosts) {
            const auto line = [&](const std::string &name, const std::string &value) {
                text += state.cluster->name + "::" + host.host.key() + "::" + name + "::" + value + "\n";
            };
            for (const auto &counts : { countersOf(host), gaugesOf(host) }) {
                for (const auto &[name, value] : counts)
                    line(name, std::to_string(value));
            }
            line("health_flags", host.ejected ? "/failed_outlier_check" : "healthy");
            line("weight", std::to_string(host.host.weight));
            line("region", host.host.locality.region);
            line("zone", host.host.locality.zone);
            line("sub_zone", host.host.locality.subzone);
            line("priority", std::to_string(host.host.priority));
        }
    }
    return text;
}

AdminAnswer stats(const Sidecar &sidecar, const QUrlQuery &query)
{
    std::vector<std::pair<std::string, std::uint64_t>> all { { "control_plane.connected_state", sidecar.isConnected() ? 1 : 0 },
        { "server.live", sidecar.isReady() ? 1 : 0 }, { "server.state", sidecar.isReady() ? 0 : 2 } };
    for (const auto &state : sidecar.clusterStates()) {
        const std::string start = "cluster." + state.cluster->name + ";.";
        std::uint64_t healthy = 0;
        Sidecar::Counters sum;
        for (const auto &host : state.hosts) {
            healthy += host.ejected ? 0 : 1;
            sum.connections += host.counters.connections;
            sum.connectFailures += host.counters.connectFailures;
            sum.requests += host.counters.requests;
        }
        for (const auto &[name, value] : Counts { { "membership_healthy", healthy }, { "membership_total", state.hosts.size() },
                 { "upstream_cx_connect_fail", sum.connectFailures }, { "upstream_cx_total", sum.connections },
                 { "upstream_rq_total", sum.requests } })
            all.emplace_back(start + name, value);
    }
    const QRegularExpression filter(query.queryItemValue(QStringLiteral("filter"), QUrl::FullyDecoded));
    if (!filter.isValid())
        return { 400, "Invalid re2 regex\n" };
    std::erase_if(all, [&](const auto &stat) { return !filter.match(QString::fromStdString(stat.first)).hasMatch(); });
    if (query.queryItemValue(QStringLiteral("format")) == u"json") {
        json::array list;
        for (const auto &[name, value] : all)
            list.push_back(json::object { { "name", name }, { "value", value } });
        return { 200, json::serialize(json::object { { "stats", std::move(list) } }), true };
    }
    std::string text;
    for (const auto &[name, value] : all)
        text += name + ": " + std::to_string(value) + "\n";
    return { 200, std::move(text) };
}

std::string serverInfo(const Sidecar &sidecar)
{
    const auto &options = sidecar.options();
    const std::string uptime = std::to_string(sidecar.uptime().count()) + "s";
    json::object metadata { { "CLUSTER_ID", options.clusterId }, { "INSTANCE_IPS", options.ip }, { "ISTIO_VERSION", "1.22.6" },
        { "MESH_ID", options.meshId }, { "NAME", options.pod }, { "NAMESPACE", options.ns }, { "NETWORK", options.network },
        { "NODE_NAME", options.node }, { "SERVICE_ACCOUNT", options.serviceAccount } };
    const std::string domain = options.ns + ".svc.cluster.local";
    return json::serialize(json::object { { "version", "lab/1.30.4/Clean/RELEASE/BoringSSL" },
        { "state", sidecar.isReady() ? "LIVE" : "PRE_INITIALIZING" }, { "uptime_current_epoch", uptime }, { "uptime_all_epochs", uptime },
        { "hot_restart_version", "disabled" }, { "command_line_options", json::object { { "concurrency", 1 } } },
        { "node",
            json::object { { "id", "sidecar~" + options.ip + "~" + options.pod + "." + options.ns + "~" + domain },
                { "cluster", options.serviceAccount + "." + options.ns }, { "metadata", std::move(metadata) } } } });
}

/// A command that has been answered already; only its telling is later.
class Answered final : public ExecProcess {
public:
    explicit Answered(std::shared_ptr<bool> alive)
        : m_alive(std::move(alive))
    {
    }
    ~Answered() override { *m_alive = false; }
    void writeStdin(std::string_view) override { }
    void closeStdin() override { }
    void resize(int, int) override { }
    void detach() override { }

private:
    std::shared_ptr<bool> m_alive;
};

} // namespace

AdminAnswer proxyAdmin(const Sidecar &sidecar, const std::string &path)
{
    const std::string plain = path.substr(path.starts_with('/') ? 1 : 0);
    const std::size_t question = std::min(plain.find('?'), plain.size());
    const std::string name = plain.substr(0, question);
    const QUrlQuery query(QString::fromStdString(plain.substr(std::min(question + 1, plain.size()))));
    if (name == "clusters" && query.queryItemValue(QStringLiteral("format")) == u"json")
        return { 200, clustersAsJson(sidecar), true };
    if (name == "clusters")
        return { 200, clustersAsText(sidecar) };
    if (name == "certs")
        return { 200, certs(sidecar), true };
    if (name == "config_dump")
        return { 200, secrets(sidecar), true };
    if (name == "ready" || name == "healthz/ready")
        return sidecar.isReady() ? AdminAnswer { 200, "LIVE\n" } : AdminAnswer { 503, "PRE_INITIALIZING\n" };
    if (name == "server_info")
        return { 200, serverInfo(sidecar), true };
    if (name == "stats")
        return stats(sidecar, query);
    return { 404,
        "invalid path. admin commands are:\n  /certs: print certs on machine\n  /clusters: upstream cluster status\n"
        "  /config_dump: dump current Envoy configs (experimental)\n  /ready: print server state, return 200 if LIVE, otherwise return 503\n"
        "  /server_info: print server version/status information\n  /stats: print server stats\n" };
}

std::unique_ptr<ExecProcess> askProxy(asio::io_context &io, const Sidecar &sidecar, ExecRequest request)
{
    std::string answer, complaint;
    const auto &command = request.command;
    if (command.size() >= 4 && command[1] == "request" && command[2] == "GET")
        answer = proxyAdmin(sidecar, command[3]).body;
    else
        complaint = "Error: only \"pilot-agent request GET <path>\" is available in the practice range\n";
    const auto alive = std::make_shared<bool>(true);
    asio::post(io, [alive, request = std::move(request), answer = std::move(answer), complaint = std::move(complaint)] {
        if (!*alive)
            return;
        if (!answer.empty() && request.onStdout)
            request.onStdout(answer);
        if (!complaint.empty() && *alive && request.tty && request.onStdout)
            request.onStdout(complaint);
        else if (!complaint.empty() && *alive && request.onStderr)
            request.onStderr(complaint);
        if (*alive && request.onExit)
            request.onExit(complaint.empty() ? 0 : 1);
    });
    return std::make_unique<Answered>(alive);
}

namespace {

asio::awaitable<void> answer(std::shared_ptr<Sidecar> sidecar, tcp::socket socket)
{
    const auto client = plainStream(std::move(socket));
    beast::flat_buffer buffer;
    for (;;) {
        http::request_parser<http::string_body> parser;
        if (co_await readMessage(*client, buffer, parser))
            break;
        const HttpRequest request = parser.release();
        AdminAnswer answered = request.method() == http::verb::get || request.method() == http::verb::head
            ? proxyAdmin(*sidecar, request.target())
            : AdminAnswer { 405, "Method Not Allowed\n" };
        HttpResponse response;
        response.result(answered.status);
        response.set(http::field::content_type, answered.isJson ? "application/json" : "text/plain; charset=UTF-8");
        response.set(http::field::server, "envoy");
        response.body() = std::move(answered.body);
        const bool keepsAlive = request.keep_alive();
        const std::string out = responseBytes(response, keepsAlive, request.method() == http::verb::head);
        const asio::const_buffer all(out.data(), out.size());
        const auto [error, written] = co_await client->write(all);
        if (error || !keepsAlive)
            break;
    }
    client->close();
}

} // namespace

std::unique_ptr<Listener> serveProxyAdmin(asio::io_context &io, const std::shared_ptr<Sidecar> &sidecar)
{
    auto listener = std::make_unique<Listener>(io, [&io, weak = std::weak_ptr(sidecar)](tcp::socket socket, const std::string &) {
        if (auto running = weak.lock())
            asio::co_spawn(io, answer(std::move(running), std::move(socket)), asio::detached);
    });
    (void)listener->open(sidecar->options().applicationIp, proxyAdminPort); // an address that is taken: refused, as it is
    return listener;
}

} // namespace catamaran::lab
