// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/mesh/proxyadmin.h"

#include <QDateTime>

#include <algorithm>

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

std::string clustersAsJson(const Sidecar &sidecar)
{
    json::array clusters;
    std::string last;
    for (const auto &state : sidecar.hostStates()) {
        if (clusters.empty() || state.cluster != last) {
            clusters.push_back(json::object { { "name", state.cluster }, { "added_via_api", true }, { "host_statuses", json::array() } });
            last = state.cluster;
        }
        json::object health { { "eds_health_status", "HEALTHY" } };
        if (state.ejected)
            health["failed_outlier_check"] = true;
        json::array stats {
            json::object { { "name", "cx_connect_fail" }, { "value", std::to_string(state.connectFailures) } },
            json::object { { "name", "rq_error" }, { "value", std::to_string(state.errors) } },
            json::object { { "name", "rq_success" }, { "value", std::to_string(state.requests - std::min(state.requests, state.errors)) } },
            json::object { { "name", "rq_total" }, { "value", std::to_string(state.requests) } },
            json::object { { "type", "GAUGE" }, { "name", "rq_active" }, { "value", std::to_string(state.active) } },
        };
        clusters.back().as_object()["host_statuses"].as_array().push_back(json::object {
            { "address",
                json::object {
                    { "socket_address", json::object { { "address", state.host.address }, { "port_value", state.host.port } } } } },
            { "stats", std::move(stats) },
            { "health_status", std::move(health) },
            { "weight", state.host.weight },
            { "priority", state.host.priority },
            { "locality",
                json::object { { "region", state.host.locality.region }, { "zone", state.host.locality.zone },
                    { "sub_zone", state.host.locality.subzone } } },
        });
    }
    return json::serialize(json::object { { "cluster_statuses", std::move(clusters) } });
}

std::string clustersAsText(const Sidecar &sidecar)
{
    std::string text;
    for (const auto &state : sidecar.hostStates()) {
        const std::string start = state.cluster + "::" + state.host.key() + "::";
        text += start + "cx_connect_fail::" + std::to_string(state.connectFailures) + "\n";
        text += start + "rq_error::" + std::to_string(state.errors) + "\n";
        text += start + "rq_total::" + std::to_string(state.requests) + "\n";
        text += start + "health_flags::" + (state.ejected ? "/failed_outlier_check" : "healthy") + "\n";
        text += start + "weight::" + std::to_string(state.host.weight) + "\n";
        text += start + "region::" + state.host.locality.region + "\n";
        text += start + "zone::" + state.host.locality.zone + "\n";
        text += start + "priority::" + std::to_string(state.host.priority) + "\n";
    }
    return text;
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

std::string proxyAdmin(const Sidecar &sidecar, const std::string &path)
{
    const std::string plain = path.substr(path.starts_with('/') ? 1 : 0);
    const std::string name = plain.substr(0, plain.find('?'));
    const bool asJson = plain.find("format=json") != std::string::npos;
    if (name == "clusters")
        return asJson ? clustersAsJson(sidecar) : clustersAsText(sidecar);
    if (name == "certs")
        return certs(sidecar);
    if (name == "config_dump")
        return secrets(sidecar);
    if (name == "ready" || name == "healthz/ready")
        return sidecar.isReady() ? "LIVE\n" : "PRE_INITIALIZING\n";
    if (name == "server_info")
        return json::serialize(json::object {
            { "version", "lab/1.30.4/Clean/RELEASE/BoringSSL" }, { "state", sidecar.isReady() ? "LIVE" : "PRE_INITIALIZING" } });
    return {};
}

std::unique_ptr<ExecProcess> askProxy(asio::io_context &io, const Sidecar &sidecar, ExecRequest request)
{
    std::string answer, complaint;
    const auto &command = request.command;
    if (command.size() >= 4 && command[1] == "request" && command[2] == "GET") {
        answer = proxyAdmin(sidecar, command[3]);
        if (answer.empty())
            complaint = "Error: unexpected status code: 404\n";
    } else {
        complaint = "Error: only \"pilot-agent request GET <path>\" is available in the practice range\n";
    }
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

} // namespace catamaran::lab
