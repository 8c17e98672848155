// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "truth/looks.h"

#include "core/wholepattern.h"
#include "kube/exec.h"
#include "truth/say.h"

#include <QJsonDocument>
#include <QtEndian>

#include <algorithm>

namespace catamaran::truth {

using core::ErrorKind;
using core::Result;
using Met = GatewayProof::Met;

namespace {

const QString sidecar = QStringLiteral("istio-proxy");
constexpr qint64 mostBytes = 16 * 1024 * 1024; ///< of what a proxy says: one that knows thousands of services says much
constexpr qsizetype mostEndpoints = 1000;

// What comes back is not printed, only what it begins with: 1 a TLS handshake, 2 a TLS alert, 0 nothing, 9 something else. The last line
// that curl writes is its own. Every address at once: one that is silent takes the whole time.
constexpr char script[] = R"sh(hello=$1 timeout=$2
shift 2
LC_ALL=C
export LC_ALL
command -v curl >/dev/null 2>&1 || { echo 'there is no curl in this container'; exit 127; }
handshake=$(printf '\026\003') alert=$(printf '\025\003')
number=0
for address in "$@"; do
  (
    said=$(printf "$hello" | curl -q -g -s --max-time "$timeout" --connect-timeout "$timeout" -w '\n%{time_connect}' "telnet://$address" 2>/dev/null)
    code=$?
    connected=${said##*
}
    case $said in
      "$handshake"*) met=1 ;;
      "$alert"*) met=2 ;;
      "
$connected") met=0 ;;
      *) met=9 ;;
    esac
    printf '\nmet %s %s %s %s\n' "$number" "$code" "$connected" "$met"
  ) &
  number=$((number + 1))
done
wait
)sh";

void add16(QByteArray &to, quint16 value)
{
    to.append(char(value >> 8)).append(char(value & 0xff));
}

QByteArray with16(const QByteArray &bytes)
{
    QByteArray result;
    add16(result, quint16(bytes.size()));
    return result + bytes;
}

QByteArray extension(quint16 type, const QByteArray &body)
{
    QByteArray result;
    add16(result, type);
    return result + with16(body);
}

QByteArray numbers(std::initializer_list<quint16> values)
{
    QByteArray result;
    for (const quint16 value : values)
        add16(result, value);
    return with16(result);
}

/// For printf(1).
QString octal(const QByteArray &bytes)
{
    QString text;
    for (const char byte : bytes)
        text += QStringLiteral("\\%1").arg(uint(uchar(byte)), 3, 8, QLatin1Char('0'));
    return text;
}

bool isAddress(const QString &text)
{
    static const QRegularExpression form
        = core::wholePattern(QStringLiteral("(\\[[0-9A-Fa-f:.]+\\]|[A-Za-z0-9]([-A-Za-z0-9.]{0,252}))(:\\d{1,5})"));
    return form.match(text).hasMatch();
}

/// The JSON in what pilot-agent printed: it may log a line before it.
Result<QJsonObject> objectIn(const QByteArray &output, const QString &what)
{
    const qsizetype begin = output.startsWith('{') ? 0 : output.indexOf("\n{") + 1;
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(output.mid(begin), &error);
    if (!document.isObject())
        return core::fail(ErrorKind::Protocol, Say::tr("read what a proxy says"), what,
            output.isEmpty() ? Say::tr("it says nothing") : Say::tr("that is no JSON object: %1").arg(error.errorString()));
    return document.object();
}

qint64 countOf(const QJsonArray &stats, QStringView name)
{
    for (const QJsonValue &stat : stats)
        if (stat[u"name"].toString() == name)
            return stat[u"value"].toString().toLongLong();
    return 0;
}

} // namespace

QByteArray greeting(const QString &host)
{
    QByteArray random; // nothing that is kept secret depends on it; no 0xff, which telnet would double
    for (int i = 0; i < 32; ++i)
        random.append(char((i * 7 + 3) % 251));
    const QByteArray name = host.toLatin1();
    QByteArray alpn;
    for (const QByteArray &protocol : { QByteArrayLiteral("istio-peer-exchange"), QByteArrayLiteral("istio") })
        alpn.append(char(protocol.size())).append(protocol);
    const QByteArray extensions = extension(0, with16(QByteArray(1, '\0') + with16(name))) + extension(10, numbers({ 0x1d, 0x17, 0x18 }))
        + extension(11, QByteArray("\x01\x00", 2))
        + extension(13, numbers({ 0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601 })) + extension(16, with16(alpn));
    const QByteArray body = QByteArray("\x03\x03", 2) + random + QByteArray(1, '\0')
        + numbers({ 0xc02f, 0xc030, 0xc02b, 0xc02c, 0xcca8, 0xcca9 }) + QByteArray("\x01\x00", 2) + with16(extensions);
    const QByteArray hello = QByteArray("\x01\x00", 2) + with16(body);
    const QByteArray leave("\x15\x03\x03\x00\x02\x02\x28", 7);
    return QByteArray("\x16\x03\x01", 3) + with16(hello) + leave;
}

QStringList greetCommand(const QString &host, const QStringList &addresses, std::chrono::milliseconds timeout)
{
    const auto seconds = std::max<qint64>(1, std::chrono::ceil<std::chrono::seconds>(timeout).count());
    return QStringList { QStringLiteral("sh"), QStringLiteral("-c"), QLatin1String(script), QStringLiteral("catamaran-greet"),
        octal(greeting(host)), QString::number(seconds) }
    + addresses;
}

QMap<QString, GatewayProof> parseMet(const QByteArray &lines, const QStringList &addresses, bool isRedirected)
{
    QMap<QString, GatewayProof> result;
    static const QRegularExpression form = core::wholePattern(QStringLiteral("met (\\d{1,4}) (\\d{1,3}) ([0-9.]{1,20}) ([0129])"));
    for (const QByteArray &line : lines.split('\n')) {
        const auto match = form.match(QString::fromLatin1(line.trimmed()));
        if (!match.hasMatch() || match.captured(1).toInt() >= addresses.size())
            continue;
        GatewayProof proof;
        proof.address = addresses.at(match.captured(1).toInt());
        const int code = match.captured(2).toInt(), begun = match.captured(4).toInt();
        const bool isConnected = match.captured(3).toDouble() > 0;
        if (begun == 1) {
            proof.met = Met::Greeting;
            proof.words = Say::tr("a pod behind it greets");
        } else if (begun == 2) {
            proof.met = Met::Closed;
            proof.words = Say::tr("TLS alert");
        } else if (code == 28) {
            proof.met = Met::Silence;
            proof.words
                = isConnected && !isRedirected ? Say::tr("the connection is taken, and nothing comes") : Say::tr("no answer in time");
        } else if (code == 7 || code == 0 || code == 52 || code == 56) {
            proof.met = isRedirected ? Met::Nothing : code == 7 ? Met::Refused : Met::Closed;
        }
        if (proof.met == Met::Nothing)
            proof.error = core::Error::make(ErrorKind::Precondition, Say::tr("greet a gateway"), proof.address,
                isRedirected ? Say::tr("the pod's own sidecar ended the connection") : Say::tr("curl ended with %1").arg(code),
                Say::tr("It needs a sidecar whose image has a shell and curl."));
        result.insert(proof.address, proof);
    }
    return result;
}

QList<GatewayProof> greet(kube::KubeClient &client, const LookFrom &from, const QString &host, const QStringList &addresses,
    std::chrono::milliseconds timeout, std::stop_token stop)
{
    QStringList asked = addresses;
    asked.removeIf([](const QString &address) { return !isAddress(address); });
    kube::ExecOptions options;
    options.ns = from.ns;
    options.pod = from.pod;
    options.container = from.hasProxy ? sidecar : from.container;
    options.command = greetCommand(host, asked, timeout);
    std::optional<core::Error> error;
    QMap<QString, GatewayProof> met;
    bool isRedirected = false;
    const auto tryIt = [&] {
        const auto deadline = std::chrono::steady_clock::now() + options.openTimeout + timeout + std::chrono::seconds(5);
        std::stop_source own;
        const std::stop_callback link(stop, [&own] { own.request_stop(); });
        const auto output = core::await(kube::runInPod(client, options, own.get_token()), stop, deadline);
        own.request_stop(); // after the deadline nobody waits for it
        met = output ? parseMet(output->standardOutput, asked, isRedirected) : QMap<QString, GatewayProof>();
        error = output ? std::nullopt : std::optional(output.error());
    };
    if (!asked.isEmpty())
        tryIt();
    if (met.isEmpty() && from.hasProxy && !asked.isEmpty() && !stop.stop_requested()) {
        options.container = from.container;
        isRedirected = true;
        tryIt();
    }
    QList<GatewayProof> result;
    for (const QString &address : addresses) {
        GatewayProof proof = met.value(address);
        proof.address = address;
        proof.at = QDateTime::currentDateTimeUtc();
        proof.source = from.text() + QStringLiteral(" (%1)").arg(options.container);
        if (proof.met == Met::Nothing && !proof.error)
            proof.error = error.value_or(core::Error::make(ErrorKind::Precondition, Say::tr("greet a gateway"), address,
                asked.contains(address) ? Say::tr("the pod said nothing of it") : Say::tr("that is no address"), {}));
        result.append(proof);
    }
    return result;
}

Result<ProxyWord> parseEndpoints(const QByteArray &json, const QString &service, int port)
{
    const auto object = objectIn(json, QStringLiteral("clusters"));
    if (!object)
        return core::fail(object.error());
    const QJsonValue statuses = object->value(u"cluster_statuses");
    if (!statuses.isArray())
        return core::fail(
            ErrorKind::Protocol, Say::tr("read what a proxy says"), QStringLiteral("clusters"), Say::tr("it has no cluster_statuses"));
    const QString begin = QStringLiteral("outbound|%1|").arg(port);
    const QString host = service.section(u'/', 1, 1) + u'.' + service.section(u'/', 0, 0) + QStringLiteral(".svc.");
    ProxyWord word;
    for (const QJsonValue &cluster : statuses.toArray()) {
        const QString name = cluster[u"name"].toString();
        if (!name.startsWith(begin) || !name.section(u'|', 3).startsWith(host))
            continue;
        word.hasService = true;
        word.host = name.section(u'|', 3);
        for (const QJsonValue &status : cluster[u"host_statuses"].toArray()) {
            const QJsonValue socket = status[u"address"][u"socket_address"];
            const QString at = socket[u"address"].toString();
            if (at.isEmpty() || word.endpoints.size() >= mostEndpoints)
                continue;
            const QJsonObject health = status[u"health_status"].toObject();
            const QString eds = health.value(u"eds_health_status").toString();
            word.endpoints.append(
                { (at.contains(u':') ? QStringLiteral("[%1]:%2") : QStringLiteral("%1:%2")).arg(at).arg(socket[u"port_value"].toInt()),
                    health.value(u"failed_outlier_check").toBool() || health.value(u"failed_active_health_check").toBool()
                        || eds == u"UNHEALTHY",
                    countOf(status[u"stats"].toArray(), u"cx_connect_fail") });
        }
    }
    return word;
}

Result<core::Done> parseCertificates(const QByteArray &json, ProxyWord &word)
{
    const auto object = objectIn(json, QStringLiteral("certs"));
    if (!object)
        return core::fail(object.error());
    for (const QJsonValue &pair : object->value(u"certificates").toArray()) {
        for (const QJsonValue &root : pair[u"ca_cert"].toArray())
            if (const QString serial = root[u"serial_number"].toString().left(80); !serial.isEmpty() && !word.roots.contains(serial))
                word.roots << serial;
        for (const QJsonValue &own : pair[u"cert_chain"].toArray()) {
            const QString uri = own[u"subject_alt_names"][0][u"uri"].toString().left(500);
            if (!word.identity.isEmpty() || !uri.startsWith(u"spiffe://"))
                continue;
            word.identity = uri;
            word.certificateSerial = own[u"serial_number"].toString().left(80);
            word.certificateUntil = QDateTime::fromString(own[u"expiration_time"].toString(), Qt::ISODate);
        }
    }
    return core::Done {};
}

std::optional<bool> parseControlPlane(const QByteArray &lines)
{
    for (const QByteArray &line : lines.split('\n'))
        if (line.startsWith("control_plane.connected_state:"))
            return line.mid(line.indexOf(':') + 1).trimmed() == "1";
    return std::nullopt;
}

Result<ProxyWord> askProxy(kube::KubeClient &client, const LookFrom &from, const QString &service, int port, std::stop_token stop)
{
    std::stop_source own;
    const std::stop_callback link(stop, [&own] { own.request_stop(); });
    const auto ask = [&](const char *what) {
        kube::ExecOptions options;
        options.ns = from.ns;
        options.pod = from.pod;
        options.container = sidecar;
        options.command = { QStringLiteral("pilot-agent"), QStringLiteral("request"), QStringLiteral("GET"), QLatin1String(what) };
        return kube::runInPod(client, options, own.get_token(), mostBytes);
    };
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    const auto clusters = ask("clusters?format=json"), certificates = ask("certs"), stats = ask("stats?filter=^control_plane");
    const auto heard = core::await(clusters, stop, deadline);
    const auto roots = core::await(certificates, stop, deadline);
    const auto counts = core::await(stats, stop, deadline);
    own.request_stop();
    if (!heard)
        return core::fail(heard.error());
    auto word = parseEndpoints(heard->standardOutput, service, port);
    if (!word)
        return word;
    if (roots)
        (void)parseCertificates(roots->standardOutput, *word); // what it does not tell is not known, that is all
    if (counts)
        word->hasControlPlane = parseControlPlane(counts->standardOutput);
    return word;
}

} // namespace catamaran::truth
