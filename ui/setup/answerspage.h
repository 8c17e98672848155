// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "probe/run.h"
#include "truth/split.h"
#include "ui/setup/setuppage.h"

#include <optional>
#include <stop_token>

class QPlainTextEdit;
class QPushButton;

namespace catamaran::ui {

class CommandBox;
class ErrorBanner;
class PlainLabel;
class ShareBar;
class StateBadge;

/// The first ten answers of the new fleet, and the way to the Verify place.
class AnswersPage : public SetupPage {
    Q_OBJECT
public:
    explicit AnswersPage(SetupContext &context, QWidget *parent = nullptr);
    ~AnswersPage() override;
    void enter() override;
    [[nodiscard]] QWidget *firstFocus() const override;
    void send();
    void begin(kube::KubeClient &client, const probe::RunSpec &wanted);
    /// What has come so far, by what the fleet is known to be now.
    void judge();
    [[nodiscard]] const QList<probe::Sample> &samples() const { return m_samples; }

private:
    std::shared_ptr<session::Session> m_session; ///< of the run
    probe::Run *m_run = nullptr;
    QList<probe::Sample> m_samples;
    std::optional<probe::RunSpec> m_asked; ///< what the answers are to
    probe::Summary m_summary;
    truth::SplitExpectation m_expectation;
    QString m_expectedFor; ///< the endpoints that it was read for
    std::stop_source m_reading;
    bool m_wanted = false; ///< send as soon as client and servers are seen
    ErrorBanner *m_error = nullptr;
    StateBadge *m_badge = nullptr;
    PlainLabel *m_sentence = nullptr, *m_directions = nullptr;
    ShareBar *m_share = nullptr;
    QPlainTextEdit *m_answers = nullptr;
    CommandBox *m_command = nullptr;
    QPushButton *m_send = nullptr, *m_verify = nullptr;

    [[nodiscard]] std::optional<probe::RunSpec> spec() const;
    [[nodiscard]] bool areServersSeen() const;
    void refresh();
    void showDirections();
    void askForExpectation();
    void dropRun();
};

} // namespace catamaran::ui
