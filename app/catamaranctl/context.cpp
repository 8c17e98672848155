// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "context.h"

#include "core/duration.h"
#include "core/output.h"
#include "core/printable.h"

#include <QJsonDocument>

#include <algorithm>

namespace catamaran::ctl {

using core::Error;
using core::ErrorKind;

int exitCodeOf(const core::Error &error)
{
    switch (error.kind) {
    case ErrorKind::InvalidInput: return BadInput;
    case ErrorKind::Network:
    case ErrorKind::Timeout:
    case ErrorKind::Tls:
    case ErrorKind::Unauthorized:
    case ErrorKind::Throttled:
    case ErrorKind::Server: return Unreachable;
    case ErrorKind::Cancelled: return Aborted;
    default: return Failed;
    }
}

core::Result<std::shared_ptr<store::Database>> Context::openHistory() const
{
    auto opened = store::Database::open(databaseFile);
    if (opened && (*opened)->readOnly())
        progress(Say::tr("the history can only be read: %1").arg((*opened)->readOnly()->answer));
    return opened;
}

void Context::print(const QJsonObject &object, const QString &text) const
{
    QByteArray bytes = json ? core::printableJson(QJsonDocument(object)) : core::printable(text).toUtf8();
    if (!bytes.endsWith('\n'))
        bytes += '\n';
    (void)core::writeOutput(bytes, stop); // what fails is told, and counts, at the end of the program
}

void Context::progress(const QString &line) const
{
    const QByteArray text
        = QStringLiteral("[%1 s] %2\n").arg(double(clock.elapsed()) / 1000, 6, 'f', 1).arg(core::printableLine(line)).toUtf8();
    core::writeNote(text);
}

int Context::failed(const core::Error &error, QJsonObject more) const
{
    const QByteArray line = Say::tr("catamaranctl: %1").arg(error.text()).toUtf8() + '\n';
    core::writeNote(line);
    if (json) {
        QJsonObject object { { QStringLiteral("kind"), core::kindName(error.kind) }, { QStringLiteral("text"), error.text() },
            { QStringLiteral("tried"), error.tried }, { QStringLiteral("target"), error.target },
            { QStringLiteral("answer"), error.answer }, { QStringLiteral("remedy"), error.remedy } };
        if (error.httpStatus != 0)
            object.insert(QStringLiteral("http_status"), error.httpStatus);
        if (!error.code.isEmpty())
            object.insert(QStringLiteral("code"), error.code);
        if (!error.requestId.isEmpty())
            object.insert(QStringLiteral("request_id"), error.requestId);
        more.insert(QStringLiteral("error"), object);
        print(more, {});
    }
    return exitCodeOf(error);
}

Error badArgument(const QString &what, const QString &answer, const QString &remedy)
{
    return core::Error::make(ErrorKind::InvalidInput, Say::tr("read the command line"), what, answer, remedy);
}

core::Result<std::chrono::milliseconds> parseDuration(const QString &option, const QString &text)
{
    const auto time = core::parseDuration(text);
    if (!time)
        return core::fail(badArgument(option, time.error().answer, time.error().remedy));
    return *time;
}

QCommandLineOption yesOption()
{
    return { { QStringLiteral("y"), QStringLiteral("yes") }, Say::tr("Go ahead although the environment is marked as production.") };
}

core::Result<core::Done> mayChange(const Context &context, bool yes)
{
    if (!context.environment.production || yes)
        return core::Done {};
    return core::fail(ErrorKind::InvalidInput, Say::tr("change the environment"), context.environment.name,
        Say::tr("it is marked as production"), Say::tr("Say --yes if you mean it."));
}

core::Result<observe::ObservedFleet> look(const Context &context, const QStringList &namespaces)
{
    auto observed = observe::look(*context.session, context.stop, namespaces);
    if (observed)
        for (const core::Error &error : observed->errors)
            context.progress(Say::tr("not seen: %1").arg(error.text()));
    return observed;
}

core::Result<observe::ObservedFleet> lookFor(const Context &context, const documents::FleetDocument &document, bool whole)
{
    auto observed = observe::lookFor(*context.session, document, context.stop);
    if (!observed)
        return observed;
    for (const core::Error &error : observed->errors) {
        if (whole && (exitCodeOf(error) == Unreachable || exitCodeOf(error) == BadInput))
            return core::fail(error);
        context.progress(Say::tr("not seen: %1").arg(error.text()));
    }
    return observed;
}

int unheardCode(const QList<core::Error> &errors)
{
    if (std::any_of(errors.begin(), errors.end(), [](const core::Error &error) { return exitCodeOf(error) == Unreachable; }))
        return Unreachable;
    return errors.isEmpty() ? Holds : Failed;
}

namespace {

/// Terminals draw East Asian characters two columns wide.
qsizetype columns(const QString &text)
{
    const auto isWide = [](QChar c) {
        const char16_t u = c.unicode();
        return (u >= 0x1100 && u <= 0x115f) || (u >= 0x2e80 && u <= 0xa4cf) || (u >= 0xac00 && u <= 0xd7a3) || (u >= 0xf900 && u <= 0xfaff)
            || (u >= 0xfe30 && u <= 0xfe6f) || (u >= 0xff00 && u <= 0xff60) || (u >= 0xffe0 && u <= 0xffe6);
    };
    return text.size() + std::count_if(text.begin(), text.end(), isWide);
}

} // namespace

QString table(const QStringList &header, const QList<QStringList> &given)
{
    QList<QStringList> rows = given;
    for (QStringList &row : rows) {
        for (QString &cell : row)
            cell = core::printableLine(cell);
    }
    QList<qsizetype> widths;
    const auto measure = [&widths](const QStringList &cells) {
        for (qsizetype i = 0; i < cells.size(); ++i) {
            if (i >= widths.size())
                widths += 0;
            widths[i] = std::max(widths[i], columns(cells[i]));
        }
    };
    const auto line = [&widths](const QStringList &cells) {
        QString text;
        for (qsizetype i = 0; i < cells.size(); ++i)
            text += i + 1 < cells.size() ? cells[i] + QString(widths[i] + 3 - columns(cells[i]), u' ') : cells[i];
        while (text.endsWith(u' '))
            text.chop(1);
        return text + u'\n';
    };
    measure(header);
    for (const QStringList &row : std::as_const(rows))
        measure(row);
    QString text = line(header);
    for (const QStringList &row : std::as_const(rows))
        text += line(row);
    return text;
}

} // namespace catamaran::ctl
