// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "context.h"
#include "probes.h"

#include "core/output.h"
#include "core/printable.h"
#include "core/process.h"
#include "core/stopsignals.h"
#include "core/translations.h"
#include "drill/restoration.h"
#include "kube/execplugin.h"
#include "store/database.h"
#include "store/databasefile.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QLocale>

using namespace catamaran;
using namespace catamaran::ctl;
using core::Result;

namespace {

QList<Command> allCommands()
{
    QList<Command> commands = planCommands();
    commands += statusCommand();
    commands += verifyCommand();
    commands += matrixCommand();
    commands += probesCommand();
    commands += findingsCommands();
    commands += drillCommand();
    commands += reportCommand();
    commands += driftCommands();
    commands += executionCommands();
    return commands;
}

struct GlobalOptions {
    QCommandLineOption env { QStringLiteral("env"), Say::tr("Environment file: where to work. Default: $CATAMARAN_ENV."),
        QStringLiteral("FILE"), qEnvironmentVariable("CATAMARAN_ENV") };
    QCommandLineOption output { { QStringLiteral("o"), QStringLiteral("output") }, Say::tr("Form of the answer: text (default) or json."),
        QStringLiteral("FORM"), QStringLiteral("text") };
    QCommandLineOption database { QStringLiteral("database"),
        Say::tr("History and journal. Default: %1").arg(store::Database::defaultFile()), QStringLiteral("FILE"),
        store::Database::defaultFile() };
    QCommandLineOption help { { QStringLiteral("h"), QStringLiteral("help") }, Say::tr("Show this help.") };
    QCommandLineOption version { { QStringLiteral("v"), QStringLiteral("version") }, Say::tr("Show the version.") };

    void addTo(QCommandLineParser &parser) const { parser.addOptions({ env, output, database, help, version }); }
};

/// On standard output, where an answer belongs: @p asked; else on standard error.
void say(bool asked, const QString &text)
{
    const QByteArray bytes = core::printable(text).toUtf8();
    if (asked)
        (void)core::writeOutput(bytes);
    else
        core::writeNote(bytes);
}

QString overview(const QList<Command> &commands)
{
    QList<QStringList> rows;
    for (const Command &command : commands)
        rows += { QStringLiteral("  ") + QLatin1String(command.name) + (command.arguments.isEmpty() ? QString() : u' ' + command.arguments),
            command.summary };
    QString text = table({ Say::tr("Commands:"), QString() }, rows);
    text += u'\n'
        + Say::tr(
            "Exit codes: 0 it holds, 1 a check or hypothesis failed, 2 bad input, 3 environment unreachable,\n4 aborted and restored.")
        + QStringLiteral("\n\n");
    text += Say::tr("“catamaranctl COMMAND --help” explains one command.") + u'\n';
    return text;
}

int generalHelp(bool asked, const QList<Command> &commands, const GlobalOptions &global)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(Say::tr("Sets up, proves and rehearses fleets of service meshes, without a window."));
    global.addTo(parser);
    parser.addPositionalArgument(QStringLiteral("COMMAND"), Say::tr("What to do; see below."));
    say(asked, parser.helpText() + u'\n' + overview(commands));
    return asked ? Holds : BadInput;
}

/// Whether JSON was wished for, also by words that cannot be parsed.
bool wishesJson(const QStringList &arguments)
{
    for (qsizetype i = 1; i < arguments.size(); ++i) {
        const QString &word = arguments[i];
        if (word == u"-ojson" || word == u"-o=json" || word == u"--output=json"
            || ((word == u"-o" || word == u"--output") && arguments.value(i + 1) == u"json"))
            return true;
    }
    return false;
}

int usageError(const QString &text)
{
    if (wishesJson(QCoreApplication::arguments())) {
        Context context;
        context.json = true;
        return context.failed(badArgument(QStringLiteral("catamaranctl"), text, Say::tr("See “catamaranctl --help”.")));
    }
    say(false, Say::tr("catamaranctl: %1\nSee “catamaranctl --help”.\n").arg(core::printableLine(text)));
    return BadInput;
}

/// Damage of an interrupted drill is not kept from anybody who works here, nor that nobody could see whether there is any.
/// A file that may not be used is bad input, before anything else is done.
Result<core::Done> lookForPendingRestores(const Context &context)
{
    if (const auto file = store::DatabaseFile::look(context.databaseFile, false); !file)
        return file.error().kind == core::ErrorKind::NotFound ? Result<core::Done>(core::Done {}) : core::fail(file.error());
    const auto restores = drill::dueRestores(context.databaseFile, context.environment.name);
    if (!restores && restores.error().kind == core::ErrorKind::InvalidInput)
        return core::fail(restores.error());
    if (!restores)
        context.progress(Say::tr("nobody knows whether an interrupted drill is to be restored here: %1").arg(restores.error().text()));
    else if (!restores->due.isEmpty())
        context.progress(Say::tr("The drill “%1” was interrupted here and is not restored yet. Run: %2")
                             .arg(restores->due.first().name, drill::restoreCommand(context.environment.file, context.databaseFile)));
    else if (!restores->held.isEmpty())
        context.progress(drill::heldText(restores->held.first()));
    const auto probes = drill::dueRestores(context.databaseFile, context.environment.name, ops::probePurpose);
    if (probes && !probes->due.isEmpty())
        context.progress(Say::tr("A probe was left here (%1, execution %2). Take it away: %3")
                             .arg(probes->due.first().name, QString::number(probes->due.first().id),
                                 drill::removeProbesCommand(context.environment.file, context.databaseFile)));
    return core::Done {};
}

/// What is good to know before anything is believed: a server that nobody verifies, a file that others read.
void warnOfConnections(const Context &context)
{
    for (const QString &name : context.session->clusterNames()) {
        const kube::KubeClient *client = context.session->cluster(name);
        for (const kube::ConfigIssue &issue : client ? client->access().issues : QList<kube::ConfigIssue>()) {
            if (issue.severity == kube::ConfigIssue::Severity::Warning)
                context.progress(Say::tr("%1: %2").arg(name, issue.text()));
        }
    }
}

/// Its exit code ends the event loop.
void startWork(QCoreApplication &application, const std::shared_ptr<Context> &context, const Work &work)
{
    core::whenReady(
        core::runSequence([context, work] { return work(*context); }), &application, [](int code) { QCoreApplication::exit(code); });
}

int runCommand(QCoreApplication &application, const Command &command, const GlobalOptions &global, const QStringList &arguments)
{
    QCommandLineParser parser;
    global.addTo(parser);
    parser.setApplicationDescription(command.summary);
    parser.addPositionalArgument(QLatin1String(command.name), {}, QLatin1String(command.name) + u' ' + command.arguments);
    if (command.declare)
        command.declare(parser);
    if (!parser.parse(arguments))
        return usageError(parser.errorText());
    if (parser.isSet(global.help)) {
        say(true, parser.helpText());
        return Holds;
    }

    const auto context = std::make_shared<Context>();
    context->clock.start();
    const QString form = parser.value(global.output);
    context->json = form == u"json";
    if (form != u"json" && form != u"text")
        return usageError(Say::tr("unknown form “%1”: text or json").arg(form));
    context->databaseFile = parser.value(global.database);

    const QStringList words = parser.positionalArguments().mid(1);
    const auto work = command.prepare(parser, words);
    if (!work)
        return context->failed(work.error());
    if (const QString file = parser.value(global.env); !file.isEmpty()) {
        const auto environment = documents::loadEnvironment(file);
        if (!environment)
            return context->failed(environment.error());
        context->environment = *environment;
    }
    const bool connects = command.connects ? command.connects(words) : command.needsSession;
    if (connects && context->environment.file.isEmpty() && parser.value(global.env).isEmpty())
        return context->failed(badArgument(QStringLiteral("--env"), Say::tr("missing"), Say::tr("Name the environment file.")));

    std::stop_source stop;
    context->stop = stop.get_token();
    const core::StopSignals catcher([&stop, &context] {
        context->progress(Say::tr("stopping"));
        stop.request_stop();
    });
    if (!connects) {
        startWork(application, context, *work);
        return application.exec();
    }

    if (const auto looked = lookForPendingRestores(*context); !looked)
        return context->failed(looked.error());
    const auto secrets = store::openSecretStore();
    QObject::connect(secrets.get(), &store::SecretStore::waitingForPerson, &application, [&context](bool waiting) {
        context->progress(waiting ? Say::tr("waiting until the keyring is unlocked") : Say::tr("the keyring has answered"));
    });
    core::whenReady(session::Session::open(context->environment, *secrets, context->stop), &application,
        [&](const core::Result<std::shared_ptr<session::Session>> &session) {
            if (!session)
                return QCoreApplication::exit(context->failed(session.error()));
            context->session = *session;
            warnOfConnections(*context);
            startWork(application, context, *work);
        });
    const int code = application.exec();
    context->session.reset(); // before the secrets it borrows
    return code;
}

int run(QCoreApplication &application)
{
    const GlobalOptions global;
    const QList<Command> commands = allCommands();
    QCommandLineParser first;
    first.setOptionsAfterPositionalArgumentsMode(QCommandLineParser::ParseAsPositionalArguments);
    global.addTo(first);
    if (!first.parse(application.arguments()))
        return usageError(first.errorText());
    if (first.isSet(global.version)) {
        say(true, QCoreApplication::applicationName() + u' ' + QCoreApplication::applicationVersion() + u'\n');
        return Holds;
    }
    const QStringList words = first.positionalArguments();
    if (words.isEmpty())
        return generalHelp(first.isSet(global.help), commands, global);
    if (words.first() == u"help")
        return generalHelp(true, commands, global);
    for (const Command &command : commands) {
        if (words.first() == QLatin1String(command.name))
            return runCommand(application, command, global, application.arguments());
    }
    return usageError(Say::tr("unknown command “%1”").arg(words.first()));
}

} // namespace

int main(int argc, char *argv[])
{
    core::prepareProcess();
    core::keepLogPrintable();
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("catamaranctl"));
    QCoreApplication::setOrganizationName(QStringLiteral("catamaran"));
    QCoreApplication::setApplicationVersion(QStringLiteral(CATAMARAN_VERSION));
    if (!wishesJson(application.arguments())) // JSON is for programs: it is the same in every language
        core::installTranslations(application, QLocale());
    kube::permitPlugins();
    int code = run(application);
    if (const auto written = core::closeOutput(); !written) {
        say(false, Say::tr("catamaranctl: %1").arg(written.error().text()) + u'\n');
        code = code == Holds ? int(Failed) : code;
    }
    return core::leaveProcess(code);
}
