// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "documents/probeplace.h"

#include "core/trustedfile.h"
#include "core/wholepattern.h"
#include "documents/say.h"
#include "documents/secretsource.h"

#include <QRegularExpression>
#include <QSaveFile>

namespace catamaran::documents {

using core::ErrorKind;

namespace {

constexpr qint64 maxBytes = 1024 * 1024;

QString tried()
{
    return Say::tr("write where probes may stand into the environment file");
}

} // namespace

QByteArray probeYaml(const ProbePlace &place)
{
    QByteArray yaml = "probe: { image: " + quotedYaml(place.image);
    if (!place.ns.isEmpty()) {
        yaml += ", namespace: " + quotedYaml(place.ns);
    } else {
        QByteArrayList pods;
        for (auto it = place.pods.cbegin(); it != place.pods.cend(); ++it)
            pods += quotedYaml(it.key()) + ": " + quotedYaml(it.value());
        yaml += ", pods: { " + pods.join(", ") + " }";
    }
    return yaml + " }";
}

core::Result<QByteArray> withProbePlace(const QByteArray &yaml, const QString &file, const ProbePlace &place)
{
    static const QRegularExpression spec = core::wholePattern(QStringLiteral("spec:[ \\t]*(#.*)?\\r?")),
                                    indent(QStringLiteral("^( +)[^ #\\r]"));
    const auto refused = [&](const QString &answer) {
        return core::fail(ErrorKind::Precondition, tried(), file, answer,
            Say::tr("Write this line below spec: yourself: %1").arg(QString::fromUtf8(probeYaml(place))));
    };
    QByteArrayList lines = yaml.split('\n');
    qsizetype at = -1;
    for (qsizetype i = 0; i < lines.size() && at < 0; ++i)
        if (spec.match(QString::fromUtf8(lines[i])).hasMatch())
            at = i + 1;
    QString space;
    for (qsizetype i = at; at > 0 && i < lines.size() && space.isEmpty(); ++i)
        space = indent.match(QString::fromUtf8(lines[i])).captured(1);
    if (space.isEmpty())
        return refused(Say::tr("it is not written as a block of lines"));
    const QByteArray line = space.toUtf8() + probeYaml(place);
    bool isReplaced = false;
    for (qsizetype i = at; i < lines.size(); ++i) {
        if (!lines[i].startsWith(space.toUtf8() + "probe:"))
            continue;
        if (!lines[i].trimmed().endsWith('}'))
            return refused(Say::tr("its probe is written over several lines"));
        lines[i] = line;
        isReplaced = true;
        break;
    }
    if (!isReplaced)
        lines.insert(at, line);
    const QByteArray text = lines.join('\n');
    const auto back = parseEnvironment(text, file);
    if (!back)
        return core::fail(back.error());
    return back->probe == place ? core::Result<QByteArray>(text) : refused(Say::tr("it does not read back as it was meant"));
}

core::Result<core::Done> saveProbePlace(const QString &file, const ProbePlace &place)
{
    const auto read = core::readTrusted(file, maxBytes, tried());
    if (!read)
        return core::fail(read.error());
    const auto text = withProbePlace(read->content, file, place);
    if (!text)
        return core::fail(text.error());
    QSaveFile out(file); // keeps the permissions
    if (!out.open(QIODevice::WriteOnly) || out.write(*text) != text->size() || !out.commit())
        return core::fail(ErrorKind::Storage, tried(), file, out.errorString(), Say::tr("Check the folder's permissions and free space."));
    return core::Done {};
}

} // namespace catamaran::documents
