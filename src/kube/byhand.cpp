// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "kube/byhand.h"

#include "core/shellquoted.h"
#include "kube/kubeconfig.h"
#include "kube/say.h"

#include <QJsonDocument>

namespace catamaran::kube {

using core::shellQuoted;

namespace {

QString fileNameFor(QString name)
{
    return name.replace(u'/', u'-') + QStringLiteral(".kubeconfig");
}

/// A path that means something in this process only.
bool isHandedOver(const QString &file)
{
    return file.startsWith(QLatin1String("/dev/")) || file.startsWith(QLatin1String("/proc/"));
}

/// @p object on one line, in which a terminal finds nothing to obey: in JSON such characters stand in texts alone.
QString oneLine(const QJsonObject &object)
{
    QString line;
    for (const QChar c : QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact))) {
        const bool shown = c.isPrint() && c.category() != QChar::Other_Format;
        line += shown || c.isSurrogate() ? QString(c) : QStringLiteral("\\u%1").arg(uint(c.unicode()), 4, 16, QChar(u'0'));
    }
    return line;
}

} // namespace

QString ByHand::kubectl(const QStringList &words) const
{
    return line(words.isEmpty() ? QString() : shellQuoted(words));
}

QString ByHand::kubectl(const QStringList &words, const QList<QJsonObject> &objects) const
{
    return line(shellQuoted(words + QStringList { QStringLiteral("-f"), QStringLiteral("-") }), objects);
}

QString ByHand::line(const QString &quoted) const
{
    QString line = before.isEmpty() ? QString() : before + u'\n';
    if (files.size() > 1) // --kubeconfig takes one
        line += QStringLiteral("KUBECONFIG=") + shellQuoted(files.join(u':')) + u' ';
    line += QStringLiteral("kubectl");
    if (files.size() == 1)
        line += QStringLiteral(" --kubeconfig ") + shellQuoted(files.first());
    if (!context.isEmpty())
        line += QStringLiteral(" --context=") + shellQuoted(context);
    return quoted.isEmpty() ? line : line + u' ' + quoted;
}

QString ByHand::line(const QString &quoted, const QList<QJsonObject> &objects) const
{
    QString text = line(quoted) + QStringLiteral(" <<'EOF'\n");
    for (const QJsonObject &object : objects)
        text += (objects.size() > 1 ? QStringLiteral("---\n") : QString()) + oneLine(object) + u'\n';
    return text + QStringLiteral("EOF");
}

ByHand byHand(const QStringList &files, const QString &context, const QString &name)
{
    if (files.contains(serviceAccountFolder))
        return {};
    ByHand hand { files, context };
    QStringList before;
    for (QString &file : hand.files) {
        if (isHandedOver(file)) {
            file = fileNameFor(name);
            before << QStringLiteral("# ")
                    + Say::tr("The kubeconfig was handed over without a file: save it as %1 first.").arg(shellQuoted(file));
        } else if (files.size() > 1 && file.contains(u':')) {
            const QString copy = fileNameFor(QStringLiteral("%1-%2").arg(name).arg(before.size() + 1));
            before << QStringLiteral("(umask 077; kubectl --kubeconfig %1 config view --raw --flatten >%2)")
                          .arg(shellQuoted(file), shellQuoted(copy));
            file = copy;
        }
    }
    hand.before = before.join(u'\n');
    return hand;
}

ByHand byHandFetched(const QString &fetch, const QString &name, const QString &context)
{
    const QString file = fileNameFor(name);
    return { { file }, context, QStringLiteral("(umask 077; %1 >%2)").arg(fetch, shellQuoted(file)) };
}

} // namespace catamaran::kube
