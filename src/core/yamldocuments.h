// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>
#include <QStringDecoder>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <sstream>
#include <string>

/// For who links yaml-cpp; core itself does not.
namespace catamaran::core {

/// Whether @p text has at most @p most YAML documents. Ask before YAML::LoadAll on a text from outside: on some broken
/// texts (one that begins with a comma) yaml-cpp 0.7 sees one empty document after the other and never ends. Throws
/// YAML::Exception as LoadAll does.
inline bool hasAtMostDocuments(const std::string &text, int most)
{
    class Counter final : public YAML::EventHandler {
    public:
        int documents = 0;
        void OnDocumentStart(const YAML::Mark &) override { ++documents; }
        void OnDocumentEnd() override { }
        void OnNull(const YAML::Mark &, YAML::anchor_t) override { }
        void OnAlias(const YAML::Mark &, YAML::anchor_t) override { }
        void OnScalar(const YAML::Mark &, const std::string &, YAML::anchor_t, const std::string &) override { }
        void OnSequenceStart(const YAML::Mark &, const std::string &, YAML::anchor_t, YAML::EmitterStyle::value) override { }
        void OnSequenceEnd() override { }
        void OnMapStart(const YAML::Mark &, const std::string &, YAML::anchor_t, YAML::EmitterStyle::value) override { }
        void OnMapEnd() override { }
    };
    std::istringstream stream(text);
    YAML::Parser parser(stream);
    Counter counter;
    while (counter.documents <= most && parser.HandleNextDocument(counter)) { }
    return counter.documents <= most;
}

/// A scalar as text, to the letter: QString's own conversion takes a byte order mark off its beginning, so that two names
/// that differ would become one. What is no UTF-8 becomes U+FFFD.
inline QString yamlText(const std::string &scalar)
{
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::ConvertInitialBom | QStringDecoder::Flag::Stateless);
    return decoder(QByteArrayView(scalar.data(), qsizetype(scalar.size())));
}

} // namespace catamaran::core
