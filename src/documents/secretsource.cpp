// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "documents/secretsource.h"

#include "documents/say.h"

namespace catamaran::documents {

SecretSource readSecretSource(const YamlValue &value, const QDir &folder)
{
    SecretSource source;
    if (!value)
        return source;
    if (!value.isMap()) {
        // The text itself is not repeated: it may well be the secret.
        value.reject(
            Say::tr("must say where the secret is, not hold it"), Say::tr("Write { keyring: NAME }, { file: PATH } or { env: VARIABLE }"));
        return source;
    }
    value.only({ "keyring", "file", "env" });
    const YamlValue keyring = value.maybe("keyring"), file = value.maybe("file"), variable = value.maybe("env");
    if (int(keyring.exists()) + int(file.exists()) + int(variable.exists()) != 1) {
        value.reject(Say::tr("must have exactly one of keyring, file and env"));
        return source;
    }
    if (keyring)
        return { SecretSource::Kind::Keyring, keyring.text() };
    if (file)
        return { SecretSource::Kind::File, absolutePath(file.text(), folder) };
    return { SecretSource::Kind::Variable, variable.text() };
}

QByteArray toYaml(const SecretSource &source)
{
    const char *kind = source.kind == SecretSource::Kind::File ? "file" : source.kind == SecretSource::Kind::Variable ? "env" : "keyring";
    return QByteArray("{ ") + kind + ": " + quotedYaml(source.name) + " }";
}

QString absolutePath(const QString &path, const QDir &folder)
{
    if (path == QLatin1String("~") || path.startsWith(QLatin1String("~/")))
        return QDir::cleanPath(QDir::homePath() + path.mid(1));
    return QDir::cleanPath(folder.absoluteFilePath(path));
}

QByteArray quotedYaml(QString text)
{
    text.replace(u'\\', QStringLiteral("\\\\")).replace(u'"', QStringLiteral("\\\"")).replace(u'\n', QStringLiteral("\\n"));
    return '"' + text.toUtf8() + '"';
}

QByteArray quotedYaml(const QStringList &texts)
{
    QByteArrayList parts;
    for (const QString &text : texts)
        parts << quotedYaml(text);
    return "[" + parts.join(", ") + "]";
}

} // namespace catamaran::documents
