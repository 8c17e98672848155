// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "fuzz.h"
#include "kube/execframes.h"
#include "kube/execplugin.h"
#include "net/httpclient.h"

#include <QJsonDocument>
#include <QJsonObject>

/// Messages of a command's socket, its final status, and what a credential plugin prints. Frames that were decoded
/// encode to the same bytes; input is cut into messages of at most 32 KiB that hold every byte once.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    using namespace catamaran::kube;
    using catamaran::fuzz::require;
    const QByteArray bytes = catamaran::fuzz::bytesOf(data, size);
    if (const auto message = parseExecMessage(bytes)) {
        require(QByteArray(1, char(message->channel)) + message->payload == bytes, "encode(decode(message)) is message");
        require(!message->payload.isEmpty(), "an empty message is none");
    }
    QByteArray joined;
    const QByteArray input = size > 0 ? bytes.repeated(1 + data[0]) : bytes;
    for (const QByteArray &message : stdinMessages(input)) {
        require(
            message.size() > 1 && message.size() <= 32 * 1024 && message.front() == '\0', "a message of input is not longer than 32 KiB");
        joined += message.mid(1);
    }
    require(joined == input, "every byte of input is sent once");

    const ExecEnd end = parseExecStatus(bytes, QStringLiteral("run"), QUrl(QStringLiteral("https://h/exec?command=hidden")));
    require(!end.error || (end.error->answer.size() <= 1025 && !end.error->target.contains(QLatin1StringView("hidden"))),
        "an error is bounded and shows no command");
    require(!end.error || end.exitCode == 0, "an exit code, or an error");

    ExecPlugin plugin;
    plugin.apiVersion = QStringLiteral("client.authentication.k8s.io/v1");
    plugin.command = QStringLiteral("login");
    const auto credential = parseExecCredential(bytes, plugin);
    if (credential) {
        require(!credential->token.isEmpty() || !credential->clientChain.isEmpty(), "a credential holds something");
        require(catamaran::net::isHeader("Authorization", credential->token.reveal()), "a token fits into one line of a request");
        // However it was written (escapes, YAML, UTF-16), it says the same in plain JSON.
        const QJsonObject plain { { QStringLiteral("apiVersion"), plugin.apiVersion },
            { QStringLiteral("kind"), QStringLiteral("ExecCredential") },
            { QStringLiteral("status"),
                QJsonObject { { QStringLiteral("token"), catamaran::fuzz::textOf(credential->token.reveal()) },
                    { QStringLiteral("expirationTimestamp"), credential->expires.toString(Qt::ISODate) } } } };
        const auto again = parseExecCredential(QJsonDocument(plain).toJson(QJsonDocument::Compact), plugin);
        require(
            credential->token.isEmpty() || (again && again->token.reveal() == credential->token.reveal()), "read(print(token)) is token");
    } else {
        require(!credential.error().answer.isEmpty() && credential.error().answer.size() <= 1025, "an error is bounded");
    }
    return 0;
}
