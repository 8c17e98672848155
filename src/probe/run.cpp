// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "probe/run.h"

#include "kube/exec.h"
#include "kube/execframes.h"
#include "probe/podchoice.h"

#include <QDateTime>
#include <QPointer>
#include <QTimer>

namespace catamaran::probe {

using core::Error;
using core::ErrorKind;
using namespace std::chrono_literals;

namespace {
constexpr auto lateAtMost = 12s; ///< a request is not sent later than ten seconds after it was due
}

struct Run::Private {
    Private(kube::KubeClient &kubeClient, RunSpec runSpec)
        : client(kubeClient)
        , spec(std::move(runSpec))
    {
    }

    kube::KubeClient &client;
    RunSpec spec;
    QString pod, container, podUid;
    Figures figures;
    SampleLog log;
    QList<Sample> waiting;
    const QByteArray mark = newMark();
    LineParser parser { mark, spec.due(), { spec.isOpenLoop() ? 1000 / spec.rate : 0, spec.together() } };
    std::unique_ptr<kube::ExecSession> session;
    std::stop_source cancel; ///< of the calls around the stream
    QTimer gather, duration, patience;
    bool begun = false, opened = false, stopping = false, over = false;
};

Run::Run(kube::KubeClient &client, RunSpec spec, QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>(client, std::move(spec)))
{
    static const int types[] = { qRegisterMetaType<QList<Sample>>(), qRegisterMetaType<std::shared_ptr<Error>>() };
    Q_UNUSED(types);
    d->gather.setSingleShot(true);
    d->gather.setInterval(20ms);
    d->duration.setSingleShot(true);
    d->patience.setSingleShot(true);
    d->patience.setInterval(1s);
    connect(&d->gather, &QTimer::timeout, this, [this] { publish(); });
    connect(&d->duration, &QTimer::timeout, this, &Run::stop);
    connect(&d->patience, &QTimer::timeout, this, [this] { end({}); });
}

Run::~Run()
{
    d->cancel.request_stop();
}

const RunSpec &Run::spec() const
{
    return d->spec;
}

const Figures &Run::figures() const
{
    return d->figures;
}

const SampleLog &Run::log() const
{
    return d->log;
}

RunResult Run::result() const
{
    RunSpec spec = d->spec;
    spec.container = d->container; // by hand it is to be the same one
    return { spec, d->pod, d->log.samples(), {}, d->container, command(), d->figures.summary(), d->log.olderFailures() };
}

QString Run::container() const
{
    return d->container;
}

QString Run::pod() const
{
    return d->pod;
}

QString Run::command() const
{
    RunSpec spec = d->spec;
    spec.container = d->container; // the same one
    return spec.asKubectl(d->client.access().byHand);
}

void Run::start()
{
    if (d->begun)
        return;
    d->begun = true;
    if (const auto checked = d->spec.check(true); !checked) {
        // From the event loop, as every other end.
        QMetaObject::invokeMethod(
            this, [this, error = checked.error()] { end(error); }, Qt::QueuedConnection);
        return;
    }
    const auto stop = d->cancel.get_token();
    core::whenReady(d->spec.pod.isEmpty() ? choosePod(d->client, d->spec.source, d->spec.container, stop)
                                          : choosePodNamed(d->client, d->spec.source, d->spec.pod, d->spec.container, stop),
        this, [this](const core::Result<ChosenPod> &chosen) {
            if (d->over)
                return;
            if (!chosen)
                return end(d->stopping ? std::nullopt : std::optional(chosen.error()));
            open(*chosen);
        });
}

void Run::open(const ChosenPod &chosen)
{
    d->pod = chosen.name;
    d->container = chosen.container;
    d->podUid = chosen.uid;
    kube::ExecOptions options;
    options.ns = d->spec.source.ns;
    options.pod = chosen.name;
    options.container = chosen.container;
    options.command = d->spec.command(d->mark);
    options.stdinOpen = true; // for Ctrl-C
    options.tty = true; // so that lines leave the pod as they are printed
    d->session = d->client.exec(options);
    connect(d->session.get(), &kube::ExecSession::opened, this, [this] {
        d->opened = true;
        if (d->spec.duration > 0ms)
            d->duration.start(d->spec.isOpenLoop() ? d->spec.duration + d->spec.requestTimeout + lateAtMost : d->spec.duration);
        emit started(d->pod);
    });
    connect(d->session.get(), &kube::ExecSession::standardOutput, this, &Run::take);
    connect(d->session.get(), &kube::ExecSession::standardError, this, &Run::take);
    connect(d->session.get(), &kube::ExecSession::finished, this, &Run::sessionFinished);
    d->session->start();
}

void Run::take(const QByteArray &bytes)
{
    if (d->over)
        return;
    keep(d->parser.feed(bytes, QDateTime::currentMSecsSinceEpoch()));
}

void Run::keep(const QList<Sample> &samples)
{
    d->figures.setNotSent(d->parser.notSent());
    if (samples.isEmpty())
        return;
    for (const Sample &sample : samples)
        d->figures.add(sample);
    d->log.add(samples);
    d->waiting += samples;
    if (!d->gather.isActive())
        d->gather.start();
}

void Run::publish()
{
    if (d->waiting.isEmpty())
        return;
    const QList<Sample> samples = std::exchange(d->waiting, {});
    emit received(samples);
}

void Run::stop()
{
    if (d->over || d->stopping)
        return;
    d->stopping = true;
    if (!d->begun || !d->session || !d->opened) {
        QMetaObject::invokeMethod(
            this, [this] { end({}); }, Qt::QueuedConnection);
        return;
    }
    d->session->write(QByteArrayLiteral("\x03")); // ends the command in the pod, not only our stream
    d->patience.start();
}

void Run::sessionFinished(int exitCode, const std::shared_ptr<Error> &error)
{
    if (d->over)
        return;
    keep(d->parser.flush());
    if (d->stopping)
        return end({});
    if (const auto why = unfit(exitCode, error))
        return end(why);
    const bool allSent = d->spec.due() > 0 && d->figures.requests() + d->parser.notSent() >= d->spec.due();
    if (!error && allSent)
        return end({});
    // It ended early: because the pod has gone, or for a reason of its own?
    const auto askWhy = d->client.get(kube::kinds::pods, d->spec.source.ns, d->pod, d->cancel.get_token());
    core::whenReady(askWhy, this, [this, exitCode, error](const core::Result<QJsonObject> &pod) {
        if (d->over)
            return;
        if (d->stopping)
            return end({});
        if (const QString gone = whyPodIsGone(pod, d->podUid); !gone.isEmpty()) {
            return end(
                Error::make(ErrorKind::Precondition, tr("send requests"), place(), tr("the pod disappeared while probing: %1").arg(gone),
                    tr("%1 samples were kept. Start again to use another pod of the workload.").arg(d->figures.requests())));
        }
        if (error)
            return end(*error);
        const QString said = d->parser.rest();
        end(Error::make(ErrorKind::Protocol, tr("send requests"), place(),
            tr("the command ended early with exit code %1").arg(exitCode) + (said.isEmpty() ? QString() : QStringLiteral(": ") + said),
            tr("%1 samples were kept.").arg(d->figures.requests())));
    });
}

/// Why this container can never send, said before its first request; nothing when it is not that.
std::optional<Error> Run::unfit(int exitCode, const std::shared_ptr<Error> &error) const
{
    if (d->figures.requests() > 0)
        return {};
    const QString said = error ? error->answer : d->parser.rest();
    const auto refused = [this](const QString &answer) {
        Error never = Error::make(ErrorKind::InvalidInput, tr("send requests"), place(), answer,
            tr("Send from a workload whose container has sh and curl, such as the sample's sleep, or name another container of the pod (--container)."));
        never.code = unfitCode;
        return never;
    };
    // Older runtimes print their complaint and let the command end with 126 or 127.
    if (kube::isProgramMissing(said, QStringLiteral("sh")) && (error || exitCode == 126 || exitCode == 127))
        return refused(tr("the container has no shell: %1").arg(said));
    if (error)
        return {};
    switch (exitCode) {
    case RunSpec::NoCurl: return refused(said.isEmpty() ? tr("there is no curl in this container") : said);
    case RunSpec::CurlTooOld: return refused(tr("this curl is too old (%1): 7.29 is needed").arg(said));
    case RunSpec::CurlTooOldToKeep: {
        Error tooOld = refused(tr("this curl is too old (%1) to keep connections: it cannot say how each request ended").arg(said));
        tooOld.remedy = tr("Send over a new connection each (without --keep-alive), or from a container with curl 7.84.");
        return tooOld;
    }
    case RunSpec::CannotHoldRate: {
        Error slow = refused(tr("more than %1 requests a second cannot be sent from there (%2)").arg(RunSpec::eachAloneUpTo).arg(said));
        slow.remedy = tr("Ask for at most %1 a second, or send from a container with curl 7.75 and a /proc.").arg(RunSpec::eachAloneUpTo);
        return slow;
    }
    default: return {};
    }
}

QString Run::place() const
{
    return tr("%1/%2/%3, container %4").arg(d->spec.source.cluster, d->spec.source.ns, d->pod, d->container);
}

void Run::end(const std::optional<Error> &error)
{
    if (d->over)
        return;
    d->over = true;
    keep(d->parser.flush());
    d->duration.stop();
    d->patience.stop();
    d->gather.stop();
    d->cancel.request_stop();
    if (d->session) {
        d->session->disconnect(this);
        d->session->stop();
        // It may be what is calling us.
        d->session.release()->deleteLater();
    }
    const QPointer<Run> alive(this);
    publish();
    if (alive)
        emit finished(error ? std::make_shared<Error>(*error) : nullptr);
}

} // namespace catamaran::probe
