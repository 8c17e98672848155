// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ops/lease.h"

#include "core/async.h"
#include "ops/say.h"

#include <QCoreApplication>
#include <QJsonDocument>
#include <QThread>

namespace catamaran::ops {

using core::Error;
using core::ErrorKind;
using core::Result;
using namespace std::chrono_literals;

namespace {

const QString leaseName = QStringLiteral("catamaran");
const QString titleKey = QStringLiteral("catamaran.io/title");
const QString ownerKey = QStringLiteral("catamaran.io/owner");
constexpr auto leaseBeat = 8s; ///< three are missed before another machine takes over

kube::ResourceKind leases()
{
    return { QStringLiteral("coordination.k8s.io"), QStringLiteral("v1"), QStringLiteral("leases"), true };
}

/// metav1.MicroTime wants six digits.
QString microTime(const QDateTime &at)
{
    return at.toUTC().toString(QStringLiteral("yyyy-MM-ddTHH:mm:ss.zzz")) + QStringLiteral("000Z");
}

/// Each part by its name: a boot's has blanks of its own.
QString textOf(const Owner &owner)
{
    const QJsonObject object { { QStringLiteral("host"), owner.host }, { QStringLiteral("boot"), owner.boot },
        { QStringLiteral("pid"), owner.pid }, { QStringLiteral("started"), owner.started } };
    return QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact));
}

Owner ownerOf(const QString &text)
{
    const QJsonObject object = QJsonDocument::fromJson(text.toUtf8()).object();
    return { object[u"host"].toString(), object[u"boot"].toString(), object[u"pid"].toInteger(), object[u"started"].toInteger() };
}

QJsonObject leaseObject(const QString &title, const QDateTime &since, const QDateTime &now)
{
    const Owner &self = Owner::self();
    return { { QStringLiteral("apiVersion"), QStringLiteral("coordination.k8s.io/v1") },
        { QStringLiteral("kind"), QStringLiteral("Lease") },
        { QStringLiteral("metadata"),
            QJsonObject { { QStringLiteral("name"), leaseName },
                { QStringLiteral("annotations"), QJsonObject { { titleKey, title }, { ownerKey, textOf(self) } } } } },
        { QStringLiteral("spec"),
            QJsonObject { { QStringLiteral("holderIdentity"), self.text() },
                { QStringLiteral("leaseDurationSeconds"), silentOwnerMs / 1000 }, { QStringLiteral("acquireTime"), microTime(since) },
                { QStringLiteral("renewTime"), microTime(now) } } } };
}

bool mayHaveArrived(ErrorKind kind)
{
    return kind == ErrorKind::Network || kind == ErrorKind::Timeout || kind == ErrorKind::Server || kind == ErrorKind::Throttled;
}

Error held(const QString &tried, const LeasePlace &place, const LeaseHolder &holder, const QDateTime &now)
{
    const QString since = holder.since.toLocalTime().toString(QStringLiteral("yyyy-MM-dd HH:mm:ss"));
    Error error = Error::make(ErrorKind::Conflict, tried, Say::tr("Lease %1 in namespace %2 of %3").arg(leaseName, place.ns, place.cluster),
        Say::tr("“%1” holds it since %2; it is run by %3, heard of %4 s ago")
            .arg(holder.title, since, holder.owner.text())
            .arg(std::max<qint64>(0, holder.heard.secsTo(now))),
        Say::tr("Wait until it ends, or stop it there."));
    error.code = QStringLiteral("Held");
    return error;
}

} // namespace

std::optional<LeaseHolder> leaseHolderOf(const QJsonObject &lease)
{
    const QJsonObject spec = lease[u"spec"].toObject(), metadata = lease[u"metadata"].toObject(),
                      notes = metadata[u"annotations"].toObject();
    if (spec[u"holderIdentity"].toString().isEmpty())
        return std::nullopt;
    LeaseHolder holder;
    holder.title = notes[titleKey].toString(spec[u"holderIdentity"].toString()).left(200);
    holder.owner = ownerOf(notes[ownerKey].toString().left(400));
    if (holder.owner.host.isEmpty())
        holder.owner.host = spec[u"holderIdentity"].toString().left(200);
    holder.since = QDateTime::fromString(spec[u"acquireTime"].toString(), Qt::ISODateWithMs);
    holder.heard = QDateTime::fromString(spec[u"renewTime"].toString(), Qt::ISODateWithMs);
    holder.resourceVersion = metadata[u"resourceVersion"].toString();
    return holder;
}

/// What the heart needs.
struct Lease::Hold {
    kube::KubeClient &client;
    LeasePlace place;
    core::Clock clock;
    QString resourceVersion;

    Result<kube::Written> write(kube::Write::How how, const QJsonObject &body, std::stop_token stop)
    {
        kube::Write write;
        write.how = how;
        write.kind = leases();
        write.ns = place.ns;
        write.name = leaseName;
        write.body = body;
        if (how != kube::Write::How::Create)
            write.resourceVersion = resourceVersion;
        auto written = core::await(client.write(write, stop), stop);
        if (written && how != kube::Write::How::Delete)
            resourceVersion = written->object[u"metadata"][u"resourceVersion"].toString();
        return written;
    }
};

Result<std::shared_ptr<Lease>> Lease::take(kube::KubeClient &client, const LeasePlace &place, const QString &title, std::stop_token stop,
    core::Clock clock, std::chrono::milliseconds listening)
{
    const QString tried = Say::tr("keep other consoles off");
    auto hold = std::make_shared<Hold>(Hold { client, place, clock, {} });
    const QDateTime since = clock();
    for (int attempt = 0;; ++attempt) {
        const auto object = core::await(client.get(leases(), place.ns, leaseName, stop), stop);
        Result<kube::Written> written = core::fail(ErrorKind::Internal, tried, {}, {});
        if (!object && object.error().kind != ErrorKind::NotFound)
            return core::fail(object.error());
        if (!object) {
            written = hold->write(kube::Write::How::Create, leaseObject(title, since, clock()), stop);
        } else {
            const auto holder = leaseHolderOf(*object);
            hold->resourceVersion = (*object)[u"metadata"][u"resourceVersion"].toString();
            const Owner &self = Owner::self();
            const bool here = holder && holder->owner.host == self.host && holder->owner.boot == self.boot;
            if (holder && holder->owner != self && isAlive(holder->owner, holder->heard, clock()))
                return core::fail(held(tried, place, *holder, clock()));
            if (holder && !here) {
                // It looks dead by its clock; whether it beats is seen by ours.
                if (!core::sleepFor(listening, stop))
                    return core::fail(ErrorKind::Cancelled, tried, {}, Say::tr("stopped"));
                const auto again = core::await(client.get(leases(), place.ns, leaseName, stop), stop);
                if (!again && again.error().kind != ErrorKind::NotFound)
                    return core::fail(again.error());
                if (again && (*again)[u"metadata"][u"resourceVersion"].toString() != hold->resourceVersion)
                    return core::fail(held(tried, place, leaseHolderOf(*again).value_or(*holder), clock()));
                if (!again)
                    continue;
            }
            written = hold->write(kube::Write::How::MergePatch, leaseObject(title, since, clock()), stop);
        }
        if (written)
            return std::shared_ptr<Lease>(new Lease(std::move(hold)));
        // Somebody was faster, or no answer came: who has it now is seen by looking.
        const bool again = written.error().kind == ErrorKind::Conflict || mayHaveArrived(written.error().kind);
        if (!again || attempt >= 3 || !core::sleepFor(200ms, stop))
            return core::fail(written.error());
    }
}

Lease::Lease(std::shared_ptr<Hold> hold)
    : m_heart([hold = std::move(hold)](std::stop_token stop) {
        while (core::sleepFor(leaseBeat, stop)) {
            // One that is missed is made up for by the next; what is somebody else's by now is not touched.
            const QJsonObject renewed { { QStringLiteral("spec"),
                QJsonObject { { QStringLiteral("renewTime"), microTime(hold->clock()) } } } };
            (void)hold->write(kube::Write::How::MergePatch, renewed, stop);
        }
        (void)hold->write(kube::Write::How::Delete, {}, {});
    })
{
}

Lease::~Lease()
{
    m_heart.request_stop();
    if (qApp && QThread::currentThread() == qApp->thread())
        m_heart.detach(); // the answer comes on this very thread
    else
        m_heart.join();
}

} // namespace catamaran::ops
