// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "context.h"

#include "bundle/bundle.h"
#include "truth/prover.h"

namespace catamaran::ctl {

using core::Result;

namespace {

int makeBundle(Context &context, const QString &file, bool asks)
{
    bundle::Making making;
    making.databaseFile = context.databaseFile;
    making.program = QCoreApplication::applicationVersion();
    making.onProgress = [&context](const QString &what, int) { context.progress(what); };
    if (asks)
        making.ask = [&context](const observe::ObservedFleet &fleet, std::stop_token stop) {
            return truth::judge(fleet, truth::prove(*context.session, fleet, {}, {}, stop), {}, QDateTime::currentDateTimeUtc());
        };
    const auto made = bundle::make(*context.session, making, context.stop);
    if (context.stop.stop_requested())
        return Aborted;
    if (!made)
        return context.failed(made.error());
    if (const auto saved = bundle::save(file, *made); !saved)
        return context.failed(saved.error());
    context.print({ { QStringLiteral("bundle"), file }, { QStringLiteral("bytes"), made->size() } },
        Say::tr("Written: %1 (%2 KiB). Secrets were taken out; look at it before you hand it on.")
            .arg(file, QString::number((made->size() + 1023) / 1024)));
    return Holds;
}

Result<Work> prepare(const QCommandLineParser &parser, const QStringList &words)
{
    if (!words.isEmpty())
        return core::fail(badArgument(words.first(), Say::tr("not expected here")));
    const QStringList outputs = parser.values(QStringLiteral("output"));
    QString file;
    for (const QString &one : outputs) {
        if (one == u"json" || one == u"text")
            continue;
        if (!file.isEmpty())
            return core::fail(badArgument(QStringLiteral("-o"), Say::tr("it names two files")));
        file = one;
    }
    if (file.isEmpty())
        return core::fail(
            badArgument(QStringLiteral("-o"), Say::tr("it names no file"), Say::tr("Write for example -o fleet.bundle.tar.gz.")));
    const bool asks = parser.isSet(QStringLiteral("prove"));
    return Work([file, asks](Context &context) { return makeBundle(context, file, asks); });
}

} // namespace

Command bundleCommand()
{
    Command command { "bundle",
        Say::tr(
            "Writes one file for whoever is to help: facts, findings, matrix, configuration, journal and versions, without secrets. “catamaran --open FILE” shows it."),
        QStringLiteral("-o FILE"), true, {}, &prepare, {} };
    command.declare = [](QCommandLineParser &parser) {
        parser.addOption({ QStringLiteral("prove"), Say::tr("Send requests first, as “matrix” does. Default: nothing is sent.") });
    };
    command.outputsToFile = true;
    return command;
}

} // namespace catamaran::ctl
