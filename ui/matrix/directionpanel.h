// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "truth/matrix.h"

#include <QScrollArea>

#include <array>
#include <memory>

class QPushButton;
class QVBoxLayout;

namespace catamaran::ui {

class PlainLabel;
class StateBadge;

/// All that is known of one direction: its four layers with what each rests on, who said so, when, and what it would need.
class DirectionPanel : public QScrollArea {
    Q_OBJECT
public:
    explicit DirectionPanel(QWidget *parent = nullptr);
    ~DirectionPanel() override;
    /// Null: nothing is chosen.
    void show(const truth::DirectionState *state);
    void setProving(bool proving);
    /// Why nothing can be proven; empty: it can.
    void setObstacle(const QString &obstacle);
    /// Ages go on.
    void tick();

signals:
    void proveRequested();
    void whyRequested();

private:
    struct Layer;
    QWidget *m_page = nullptr;
    PlainLabel *m_nothing = nullptr;
    PlainLabel *m_title = nullptr;
    PlainLabel *m_sentence = nullptr;
    StateBadge *m_badge = nullptr;
    QPushButton *m_prove = nullptr;
    std::array<std::unique_ptr<Layer>, 4> m_layers;
    truth::DirectionState m_state;
};

} // namespace catamaran::ui
