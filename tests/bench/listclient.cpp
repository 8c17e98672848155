// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
// Fills an informer's cache with all pods of a cluster, prints how many there are and how long it took, and ends: what
// bench_list sets beside kubectl. Arguments: the kubeconfig, the number of rounds (1).
#include "kube/informer.h"
#include "kube/kubeconfig.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QTimer>

#include <cstdio>

using namespace catamaran;

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    const auto config = kube::loadKubeconfig({ QCoreApplication::arguments().value(1) });
    const auto access = config ? kube::resolveContext(*config) : core::Result<kube::ClusterAccess>(core::fail(config.error()));
    if (!access) {
        std::fprintf(stderr, "%s\n", qPrintable(access.error().text()));
        return 2;
    }
    kube::KubeClient client(*access);
    int rounds = std::max(1, QCoreApplication::arguments().value(2).toInt());
    QElapsedTimer clock;
    std::shared_ptr<kube::Informer> informer;
    std::function<void()> begin;
    const auto look = [&] {
        if (informer->health().state == kube::InformerHealth::State::Stale) {
            std::fprintf(stderr, "%s\n", qPrintable(informer->health().error.text()));
            QCoreApplication::exit(3);
        } else if (informer->isSynced()) {
            qint64 bytes = 0;
            for (const kube::CachedObject &object : informer->objects())
                bytes += object.json.size();
            std::printf("{\"objects\":%lld,\"seconds\":%.4f,\"bytes\":%lld}\n", static_cast<long long>(informer->objects().size()),
                double(clock.nsecsElapsed()) / 1e9, static_cast<long long>(bytes));
            std::fflush(stdout);
            if (--rounds > 0)
                begin();
            else
                QCoreApplication::quit();
        }
    };
    begin = [&] {
        if (informer)
            informer->disconnect(&app);
        informer.reset();
        clock.start();
        informer = client.informer(kube::kinds::pods, {});
        // The list's differences are told in the same turn in which the cache is complete.
        QObject::connect(informer.get(), &kube::Informer::changed, &app, look, Qt::QueuedConnection);
        QObject::connect(informer.get(), &kube::Informer::healthChanged, &app, look, Qt::QueuedConnection);
    };
    begin();
    return QCoreApplication::exec();
}
