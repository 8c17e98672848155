// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "drill/faults/kinds.h"
#include "drill/faultwriter.h"
#include "drill/say.h"

#include <QJsonArray>

namespace catamaran::drill {

using core::ErrorKind;
using core::Result;
using namespace std::chrono_literals;

namespace {

const kube::ResourceKind virtualServices { QStringLiteral("networking.istio.io"), QStringLiteral("v1"), QStringLiteral("virtualservices") };

FaultObject ruleIn(const QJsonObject &arguments)
{
    return { arguments.value(u"cluster").toString(), QStringLiteral("networking.istio.io/v1"), QStringLiteral("VirtualService"),
        arguments.value(u"namespace").toString(), QStringLiteral("catamaran-fault-") + arguments.value(u"host").toString(), true };
}

QString fullName(const QJsonObject &arguments)
{
    return arguments.value(u"host").toString() + u'.' + arguments.value(u"namespace").toString() + QStringLiteral(".svc.cluster.local");
}

QJsonObject manifestOf(const QJsonObject &arguments)
{
    const QJsonObject percentage { { QStringLiteral("value"), arguments.value(u"percent").toInt(100) } };
    QJsonObject fault;
    if (const QString delay = arguments.value(u"delay").toString(); !delay.isEmpty())
        fault.insert(
            QStringLiteral("delay"), QJsonObject { { QStringLiteral("fixedDelay"), delay }, { QStringLiteral("percentage"), percentage } });
    if (const int status = arguments.value(u"abort").toInt(); status > 0)
        fault.insert(QStringLiteral("abort"),
            QJsonObject { { QStringLiteral("httpStatus"), status }, { QStringLiteral("percentage"), percentage } });
    const QJsonObject route { { QStringLiteral("destination"), QJsonObject { { QStringLiteral("host"), fullName(arguments) } } } };
    const FaultObject object = ruleIn(arguments);
    return { { QStringLiteral("apiVersion"), object.apiVersion }, { QStringLiteral("kind"), object.kind },
        { QStringLiteral("metadata"), QJsonObject { { QStringLiteral("name"), object.name }, { QStringLiteral("namespace"), object.ns } } },
        { QStringLiteral("spec"),
            QJsonObject { { QStringLiteral("hosts"), QJsonArray { fullName(arguments) } },
                { QStringLiteral("http"),
                    QJsonArray {
                        QJsonObject { { QStringLiteral("fault"), fault }, { QStringLiteral("route"), QJsonArray { route } } } } } } } };
}

/// Whether a host of a VirtualService in @p ns means the service @p host of @p serviceNs.
bool names(const QString &said, const QString &ns, const QString &host, const QString &serviceNs)
{
    if (said == u"*")
        return true;
    const QString full = host + u'.' + serviceNs + QStringLiteral(".svc.cluster.local");
    if (said.startsWith(QLatin1StringView("*.")))
        return full.endsWith(QStringView(said).mid(1));
    const QString whole = said.contains(u'.') ? said : said + u'.' + ns;
    return full == whole || full.startsWith(whole + u'.');
}

class HttpFault final : public FaultKind {
public:
    [[nodiscard]] QString key() const override { return QStringLiteral("httpFault"); }
    [[nodiscard]] QString needs() const override
    {
        return Say::tr("a mesh that reads VirtualServices of this cluster, and none yet that routes the host; the right to make one");
    }
    [[nodiscard]] QString loses(const QJsonObject &) const override { return {}; }

    [[nodiscard]] QJsonObject parse(const documents::YamlValue &value) const override
    {
        value.only({ "cluster", "namespace", "host", "delay", "abort", "percent" });
        QJsonObject arguments { { QStringLiteral("cluster"), value.field("cluster").label() },
            { QStringLiteral("namespace"), value.field("namespace").label() }, { QStringLiteral("host"), value.field("host").label() },
            { QStringLiteral("percent"), value.maybe("percent").integer(100, 1, 100) } };
        const auto delay = value.maybe("delay"), abort = value.maybe("abort");
        if (delay) {
            const auto time = delay.duration();
            if (time < 1ms || time > 1h)
                delay.reject(Say::tr("must be from 1ms to 1h"));
            arguments.insert(QStringLiteral("delay"), QStringLiteral("%1s").arg(double(time.count()) / 1000));
        }
        if (abort)
            arguments.insert(QStringLiteral("abort"), abort.integer(503, 400, 599));
        if (!delay && !abort)
            value.reject(Say::tr("neither delays nor aborts a request"), Say::tr("Give delay, abort, or both"));
        return arguments;
    }
    [[nodiscard]] QString words(const QJsonObject &arguments) const override
    {
        QStringList parts;
        if (const QString delay = arguments.value(u"delay").toString(); !delay.isEmpty())
            parts += Say::tr("waits %1").arg(delay);
        if (const int status = arguments.value(u"abort").toInt(); status > 0)
            parts += Say::tr("gets %1").arg(status);
        return Say::tr("%1 % of the requests to %2 that leave %3: each %4")
            .arg(QString::number(arguments.value(u"percent").toInt(100)), arguments.value(u"host").toString(),
                arguments.value(u"cluster").toString(), parts.join(Say::tr(" and ")));
    }
    [[nodiscard]] QString undoWords(const QJsonObject &arguments) const override
    {
        return Say::tr("the VirtualService is removed from %1, read back").arg(arguments.value(u"cluster").toString());
    }
    [[nodiscard]] Result<QList<FaultObject>> touches(const QJsonObject &arguments) const override
    {
        return QList<FaultObject> { ruleIn(arguments) };
    }
    [[nodiscard]] Result<core::Done> write(const QJsonObject &arguments, FaultWriter &writer) const override
    {
        return writer.make(ruleIn(arguments), manifestOf(arguments));
    }

    [[nodiscard]] Result<QJsonObject> resolve(const QJsonObject &arguments, const FaultLook &look) const override
    {
        const FaultObject object = ruleIn(arguments);
        const QString host = arguments.value(u"host").toString();
        const auto rules = look.list(object.cluster, virtualServices, {});
        if (!rules)
            return core::fail(rules.error());
        for (const QJsonObject &rule : *rules) {
            const QJsonObject metadata = rule[u"metadata"].toObject();
            const QJsonArray hosts = rule[u"spec"][u"hosts"].toArray();
            for (const QJsonValue &said : hosts)
                if (names(said.toString(), metadata[u"namespace"].toString(), host, object.ns))
                    return unfit(object,
                        Say::tr("the VirtualService %1/%2 routes that host already; a second one would be merged with it or left out")
                            .arg(metadata[u"namespace"].toString(), metadata[u"name"].toString()),
                        Say::tr("Rehearse this where nothing routes the host, or take the rule away first."));
        }
        const auto service = look.get(object.cluster, kube::kinds::services, object.ns, host);
        if (!service)
            return core::fail(service.error());
        return arguments;
    }
};

} // namespace

const FaultKind *httpFault()
{
    static const HttpFault kind;
    return &kind;
}

} // namespace catamaran::drill
