// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.h"
#include "truth/path.h"

#include <QWidget>

#include <stop_token>

class QComboBox;
class QLineEdit;
class QPushButton;
class QScrollArea;
class QStackedWidget;
class QVBoxLayout;

namespace catamaran::ui {

class EmptyState;
class ErrorBanner;
class PlainLabel;
class Services;
class StateBadge;

/// "Why this request?": asks for one request and shows its way hop by hop, what rules each, and where it stops.
class WhyPanel : public QWidget {
    Q_OBJECT
public:
    explicit WhyPanel(Services &services, QWidget *parent = nullptr);
    ~WhyPanel() override;
    /// Fills the question in, and asks it where @p now.
    void ask(const truth::PathQuestion &question, bool now);
    /// The clusters that can be chosen.
    void setClusters(const QStringList &clusters);
    void showPath(const truth::RequestPath &path);
    [[nodiscard]] bool isAsking() const { return m_isAsking; }

private:
    [[nodiscard]] QWidget *buildForm();
    [[nodiscard]] truth::PathQuestion question() const;
    void go();
    void take(const core::Result<truth::RequestPath> &path);
    void judgeForm();
    void copy();

    Services &m_services;
    QComboBox *m_from = nullptr, *m_to = nullptr;
    QLineEdit *m_client = nullptr, *m_url = nullptr;
    QPushButton *m_go = nullptr, *m_copy = nullptr;
    ErrorBanner *m_note = nullptr;
    QStackedWidget *m_pages = nullptr;
    EmptyState *m_empty = nullptr;
    StateBadge *m_badge = nullptr;
    PlainLabel *m_sentence = nullptr;
    QVBoxLayout *m_hops = nullptr;
    QScrollArea *m_scroll = nullptr;
    truth::RequestPath m_shown;
    std::stop_source m_stop;
    bool m_isAsking = false;
};

// Words of a path. Pure.
[[nodiscard]] QString hopState(const truth::RequestPath &path, const truth::Hop &hop); ///< "stops here", "passed", "none", "not known"
[[nodiscard]] QString pathAsText(const truth::RequestPath &path);

} // namespace catamaran::ui
