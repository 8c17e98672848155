// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "bundle/redact.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QRegularExpression>

#include <algorithm>
#include <array>

namespace catamaran::bundle {

namespace {

const QString mark = QStringLiteral("[redacted]");
constexpr qsizetype shortest = 6;

struct Pattern {
    QRegularExpression what;
    QString with;
};

const std::array<Pattern, 6> &patterns()
{
    static const auto ignoring = QRegularExpression::CaseInsensitiveOption;
    static const std::array<Pattern, 6> all {
        Pattern { QRegularExpression(
                      QStringLiteral("-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----(?s:.)*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|\\z)")),
            mark },
        Pattern { QRegularExpression(QStringLiteral("://[^/\\s@\"'<>]{1,2048}@")), QStringLiteral("://") + mark + u'@' },
        Pattern {
            QRegularExpression(QStringLiteral("\\b(bearer|basic)\\s+[A-Za-z0-9._~+/=-]{6,}"), ignoring), QStringLiteral("\\1 ") + mark },
        Pattern { QRegularExpression(QStringLiteral("\\beyJ[A-Za-z0-9_-]{6,}\\.[A-Za-z0-9_-]*(?:\\.[A-Za-z0-9_-]*)?")), mark },
        Pattern { QRegularExpression(
                      QStringLiteral(
                          "((?:password|passwd|pwd|secret|token|api[_-]?key|access[_-]?key(?:[_-]?secret)?|client-key-data|private[_-]?key|"
                          "signature|credential)s?[\"']?\\s*[=:]\\s*)(?:\"[^\"]*\"|'[^']*'|[^\\s\"',;&}\\]]+)"),
                      ignoring),
            QStringLiteral("\\1") + mark },
        Pattern { QRegularExpression(QStringLiteral("\\bLTAI[A-Za-z0-9]{8,}")), mark },
    };
    return all;
}

} // namespace

Redaction::Redaction(std::vector<core::Secret> known)
{
    for (core::Secret &one : known) {
        const QByteArray plain = one.reveal().trimmed();
        if (plain.size() < shortest)
            continue;
        m_known.emplace_back(plain);
        m_known.emplace_back(plain.toBase64(QByteArray::OmitTrailingEquals));
        if (plain.contains('\n')) // a key: each of its lines
            for (const QByteArray &line : plain.split('\n'))
                if (line.size() > 30 && !line.startsWith("-----"))
                    m_known.emplace_back(line.trimmed());
    }
    // The longest first: a secret may hold another.
    std::sort(
        m_known.begin(), m_known.end(), [](const core::Secret &a, const core::Secret &b) { return a.reveal().size() > b.reveal().size(); });
}

QString Redaction::text(const QString &text) const
{
    QString clean = text;
    for (const core::Secret &one : m_known)
        clean.replace(QString::fromUtf8(one.reveal()), mark);
    for (const Pattern &pattern : patterns())
        clean.replace(pattern.what, pattern.with);
    return clean;
}

QJsonValue Redaction::json(const QJsonValue &value) const
{
    if (value.isString())
        return text(value.toString());
    if (value.isArray()) {
        QJsonArray clean;
        for (const QJsonValue &one : value.toArray())
            clean.append(json(one));
        return clean;
    }
    if (value.isObject()) {
        QJsonObject clean;
        const QJsonObject object = value.toObject();
        for (auto it = object.begin(); it != object.end(); ++it) {
            const bool names = it.value().isString() && text(it.key() + QStringLiteral("=x")).endsWith(mark); // the member is the word
            clean.insert(text(it.key()), names ? QJsonValue(mark) : json(it.value()));
        }
        return clean;
    }
    return value;
}

} // namespace catamaran::bundle
