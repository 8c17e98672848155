// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/setup/setuppage.h"

class QGridLayout;
class QRadioButton;

namespace catamaran::ui {

class PlainLabel;
class StateBadge;

/// One network or several, and where the gateways are.
class NetworksPage : public SetupPage {
    Q_OBJECT
public:
    explicit NetworksPage(SetupContext &context, QWidget *parent = nullptr);
    void enter() override;

private:
    PlainLabel *m_reason = nullptr;
    StateBadge *m_badge = nullptr;
    QRadioButton *m_one = nullptr, *m_several = nullptr;
    QWidget *m_host = nullptr;
    QGridLayout *m_grid = nullptr;
    QStringList m_shape;

    void refresh();
};

} // namespace catamaran::ui
