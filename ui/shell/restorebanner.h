// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/common/services.h"
#include "ui/common/widgets.h"

#include <stop_token>

namespace catamaran::ui {

/// Says that an interrupted drill left something broken, and puts it back on one click. Looks whenever the session changes.
class RestoreBanner : public ErrorBanner {
    Q_OBJECT
public:
    explicit RestoreBanner(Services &services, QWidget *parent = nullptr);
    ~RestoreBanner() override;
    void look();

private:
    void tell(const core::Result<QList<store::PendingRestore>> &pending);
    void restoreNow();
    Services &m_services;
    std::stop_source m_stop;
    bool m_running = false;
};

} // namespace catamaran::ui
