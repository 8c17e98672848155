// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "fleet/render.h"

#include "core/childenvironment.h"
#include "core/printable.h"
#include "core/trustedfile.h"
#include "documents/yamlobjects.h"
#include "fleet/say.h"
#include "mesh/istio/installation.h"

#include <QFileInfo>
#include <QProcess>

#include <chrono>
#include <csignal>
#include <sys/types.h>
#include <unistd.h>

namespace catamaran::fleet {

using core::ErrorKind;
using core::Result;
using documents::FleetInstallation;

namespace {

constexpr qint64 mostBytes = 16 * 1024 * 1024;
constexpr documents::YamlBounds bounds { mostBytes, 2'000'000 };
constexpr std::chrono::seconds patience { 60 };
constexpr int turnMs = 50;

/// It and what it started.
void end(QProcess &process)
{
    if (const qint64 pid = process.processId(); pid > 0)
        ::kill(static_cast<pid_t>(-pid), SIGKILL);
    process.kill();
    process.waitForFinished(1000);
}

/// What @p program says on its standard output.
Result<QByteArray> said(const QString &program, const QStringList &arguments, const QString &tried, std::stop_token stop)
{
    const auto failed = [&](ErrorKind kind, const QString &answer) { return core::fail(kind, tried, program, answer); };
    if (const QString why = core::whyNotOwn(program); !why.isEmpty())
        return failed(ErrorKind::InvalidInput, why);
    QProcess process;
    QProcessEnvironment environment = core::childEnvironment();
    environment.insert(QStringLiteral("KUBECONFIG"), QProcess::nullDevice()); // it renders, and asks nobody
    process.setProcessEnvironment(environment);
    process.setStandardInputFile(QProcess::nullDevice());
    process.setChildProcessModifier([] { ::setsid(); });
    process.start(program, arguments);
    if (!process.waitForStarted())
        return failed(ErrorKind::InvalidInput, process.errorString());
    QByteArray output, errors;
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (process.state() != QProcess::NotRunning) {
        process.waitForFinished(turnMs);
        output += process.readAllStandardOutput();
        errors = (errors + process.readAllStandardError()).right(4096);
        if (stop.stop_requested() || output.size() > mostBytes || std::chrono::steady_clock::now() > deadline) {
            end(process);
            if (stop.stop_requested())
                return failed(ErrorKind::Cancelled, Say::tr("cancelled"));
            return failed(ErrorKind::InvalidInput,
                output.size() > mostBytes ? Say::tr("it says more than %1 MiB").arg(mostBytes / 1024 / 1024)
                                          : Say::tr("it has not ended after %1 s").arg(patience.count()));
        }
    }
    output += process.readAllStandardOutput();
    errors = (errors + process.readAllStandardError()).right(4096);
    if (process.exitStatus() != QProcess::NormalExit || process.exitCode() != 0)
        return failed(ErrorKind::InvalidInput,
            Say::tr("it ended with %1: %2")
                .arg(QString::number(process.exitCode()), core::printableLine(QString::fromUtf8(errors.trimmed().right(600)))));
    return output;
}

class Renderer {
public:
    Renderer(const documents::FleetDocument &document, std::stop_token stop)
        : m_document(document)
        , m_tried(Say::tr("render what the fleet %1 is installed from").arg(document.name))
        , m_stop(std::move(stop))
    {
    }

    Result<QList<QJsonObject>> render(const documents::FleetMesh &mesh, const FleetInstallation &wish, mesh::istio::Part part)
    {
        QList<QJsonObject> objects;
        const auto take = [&](const QByteArray &text, const QString &origin) -> Result<core::Done> {
            const auto read = documents::yamlObjects(text, origin, m_tried, bounds);
            if (!read)
                return core::fail(read.error());
            for (const documents::YamlObject &one : *read)
                objects.append(one.object);
            return core::Done {};
        };
        QString origin = wish.istioctl;
        for (const QString &file : wish.manifests) {
            const auto text = core::readBounded(file, mostBytes, m_tried);
            if (!text)
                return core::fail(text.error());
            if (const auto taken = take(text->content, file); !taken)
                return core::fail(taken.error());
            origin = file;
        }
        if (!wish.istioctl.isEmpty()) {
            const auto text = said(wish.istioctl, argumentsOf(mesh, wish, part), m_tried, m_stop);
            const auto taken = text ? take(*text, wish.istioctl) : Result<core::Done>(core::fail(text.error()));
            if (!taken)
                return core::fail(taken.error());
        }
        auto installed = mesh::istio::installationOf(objects, part, origin);
        if (!installed)
            return installed;
        const documents::FleetCluster *home = homeOf(mesh);
        const QString network = part == mesh::istio::Part::Gateway ? mesh::istio::gatewayNetworkIn(*installed) : QString();
        if (!network.isEmpty() && home && !home->network.isEmpty() && network != home->network)
            return core::fail(ErrorKind::InvalidInput, m_tried, origin,
                Say::tr("its gateway is of the network %1, and the fleet says that %2 is on %3").arg(network, home->name, home->network));
        return installed;
    }

private:
    [[nodiscard]] const documents::FleetCluster *homeOf(const documents::FleetMesh &mesh) const
    {
        for (const documents::FleetMembership &one : m_document.memberships)
            if (one.mesh == mesh.name && one.mode == mesh::Mode::Managed)
                return m_document.cluster(one.cluster);
        return nullptr;
    }

    [[nodiscard]] QStringList argumentsOf(const documents::FleetMesh &mesh, const FleetInstallation &wish, mesh::istio::Part part) const
    {
        QStringList arguments { QStringLiteral("manifest"), QStringLiteral("generate") };
        for (const QString &file : wish.files)
            arguments << QStringLiteral("-f") << file;
        QMap<QString, QString> set;
        if (const documents::FleetCluster *home = homeOf(mesh); home && part == mesh::istio::Part::ControlPlane) {
            set.insert(QStringLiteral("values.global.multiCluster.clusterName"), home->name);
            if (!home->network.isEmpty())
                set.insert(QStringLiteral("values.global.network"), home->network);
        }
        set.insert(wish.set); // what the document says wins
        for (auto it = set.cbegin(); it != set.cend(); ++it)
            arguments << QStringLiteral("--set") << it.key() + u'=' + it.value();
        return arguments;
    }

    const documents::FleetDocument &m_document;
    const QString m_tried;
    const std::stop_token m_stop;
};

} // namespace

Result<documents::FleetDocument> rendered(documents::FleetDocument document, std::stop_token stop)
{
    const documents::FleetDocument asked = document;
    Renderer renderer(asked, std::move(stop));
    for (documents::FleetMesh &mesh : document.meshes)
        for (const auto &[wish, part] :
            { std::pair(&mesh.controlPlane, mesh::istio::Part::ControlPlane), std::pair(&mesh.gateway, mesh::istio::Part::Gateway) }) {
            if (wish->isEmpty() || !wish->objects.isEmpty())
                continue;
            auto objects = renderer.render(mesh, *wish, part);
            if (!objects)
                return core::fail(objects.error());
            wish->objects = std::move(*objects);
        }
    return document;
}

} // namespace catamaran::fleet
