// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/setup/connectiontest.h"

#include "ui/common/format.h"
#include "ui/common/theme.h"

#include <algorithm>

namespace catamaran::ui {

ConnectionTest::ConnectionTest(kube::ClusterAccess access, QObject *parent)
    : QObject(parent)
    , m_access(std::move(access))
    , m_rights(allRights(m_access.defaultNamespace))
{
}

ConnectionTest::~ConnectionTest()
{
    m_stop.request_stop();
}

void ConnectionTest::start()
{
    if (m_running)
        return;
    m_stop = std::stop_source();
    m_client = std::make_unique<kube::KubeClient>(m_access);
    m_running = true;
    m_over = false;
    m_done = 0;
    m_total = 1;
    m_version.clear();
    m_refused.clear();
    m_lines.clear();
    m_left.clear();
    m_lines.append({ tr("reach the API server"), observe::Health::Unknown, tr("asking…"), {}, {}, {}, 0 });
    for (const Right &right : std::as_const(m_rights)) {
        m_lines.append({ right.what, observe::Health::Unknown, {}, {}, {}, {}, 0 });
        m_left.append(int(right.questions.size()));
        m_total += int(right.questions.size());
    }
    m_clock.start();
    emit changed();
    core::whenReady(
        m_client->version(m_stop.get_token()), this, [this, stop = m_stop.get_token()](const core::Result<kube::ServerVersion> &version) {
            if (stop.stop_requested() || !m_running)
                return;
            TestLine &line = m_lines.first();
            line.at = QDateTime::currentDateTimeUtc();
            line.ms = m_clock.elapsed();
            ++m_done;
            if (!version) {
                line.health = observe::Health::Failed;
                line.answer = version.error().answer.isEmpty() ? version.error().text() : version.error().answer;
                line.remedy = version.error().remedy;
                m_lines.resize(1); // nothing more can be asked
                end();
                return;
            }
            m_version = version->gitVersion;
            line.health = observe::Health::Ok;
            line.answer = tr("%1 as %2").arg(m_version, identityText(m_access));
            askRights();
            emit changed();
        });
}

void ConnectionTest::askRights()
{
    m_clock.restart();
    for (int i = 0; i < m_rights.size(); ++i) {
        m_lines[i + 1].answer = tr("asking…");
        for (const kube::AccessQuestion &question : m_rights.at(i).questions) {
            core::whenReady(m_client->mayI(question, m_stop.get_token()), this,
                [this, i, question, stop = m_stop.get_token()](const core::Result<bool> &answer) {
                    if (!stop.stop_requested() && m_running)
                        took(i, question, answer);
                });
        }
    }
}

void ConnectionTest::took(int index, const kube::AccessQuestion &question, const core::Result<bool> &answer)
{
    TestLine &line = m_lines[index + 1];
    line.at = QDateTime::currentDateTimeUtc();
    line.ms = m_clock.elapsed();
    ++m_done;
    --m_left[index];
    if (!answer) {
        if (line.health != observe::Health::Failed) {
            line.health = observe::Health::Failed;
            line.answer = tr("could not be asked: %1").arg(answer.error().answer);
            line.remedy = answer.error().remedy;
        }
    } else if (!*answer) {
        const bool first = line.health != observe::Health::Warning;
        m_refused.append(question);
        if (line.health != observe::Health::Failed) {
            line.health = observe::Health::Warning;
            line.answer = first ? tr("denied: %1").arg(questionText(question)) : tr("%1; %2").arg(line.answer, questionText(question));
            line.remedy = tr("Ask whoever administers the cluster for this right, or use another identity.");
            line.command = questionCommand(question, m_access.byHand);
        }
    }
    if (m_left.at(index) == 0 && line.health == observe::Health::Unknown) {
        line.health = observe::Health::Ok;
        line.answer = tr("allowed");
    }
    if (m_done == m_total)
        end();
    else
        emit changed();
}

void ConnectionTest::cancel()
{
    if (!m_running)
        return;
    m_stop.request_stop();
    for (TestLine &line : m_lines) {
        if (line.health == observe::Health::Unknown)
            line.answer = tr("cancelled");
    }
    end();
}

void ConnectionTest::end()
{
    m_running = false;
    m_over = true;
    m_client.release()->deleteLater(); // with its connections: hundreds of tests may be kept. We are within its answer.
    emit changed();
    emit finished();
}

observe::Health ConnectionTest::health() const
{
    bool unknown = m_lines.isEmpty(), warned = false;
    for (const TestLine &line : m_lines) {
        if (line.health == observe::Health::Failed)
            return observe::Health::Failed;
        warned = warned || line.health == observe::Health::Warning;
        unknown = unknown || line.health == observe::Health::Unknown;
    }
    return unknown ? observe::Health::Unknown : warned ? observe::Health::Warning : observe::Health::Ok;
}

QString ConnectionTest::summary() const
{
    if (m_running)
        return tr("asking, %1 of %2").arg(m_done).arg(m_total);
    if (!m_over)
        return tr("not tested");
    const auto count = [this](observe::Health wanted) {
        return std::count_if(m_lines.cbegin(), m_lines.cend(), [wanted](const TestLine &line) { return line.health == wanted; });
    };
    if (count(observe::Health::Unknown) > 0)
        return tr("cancelled");
    if (m_lines.size() == 1)
        return tr("does not answer");
    const int rights = int(m_lines.size()) - 1;
    if (const auto failed = count(observe::Health::Failed))
        return tr("%1 of %2 not answered").arg(failed).arg(rights);
    if (const auto denied = count(observe::Health::Warning))
        return tr("%1 of %2 denied").arg(denied).arg(rights);
    return tr("%1, all allowed").arg(m_version);
}

QString ConnectionTest::asText() const
{
    QString text;
    for (const TestLine &line : m_lines) {
        text += QStringLiteral("  %1: %2: %3")
                    .arg(line.health == observe::Health::Unknown      ? tr("open")
                            : line.health == observe::Health::Warning ? tr("denied")
                                                                      : healthWord(line.health),
                        line.what, line.answer);
        if (line.at.isValid())
            text += QStringLiteral(" (%1, %2)").arg(line.at.toString(Qt::ISODate), durationText(line.ms));
        text += u'\n';
        if (!line.remedy.isEmpty())
            text += QStringLiteral("    %1\n").arg(line.remedy);
        if (!line.command.isEmpty())
            text += QStringLiteral("    $ %1\n").arg(line.command);
    }
    return text;
}

} // namespace catamaran::ui
