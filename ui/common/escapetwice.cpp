// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/common/escapetwice.h"

namespace catamaran::ui {

constexpr int secondEscapeMs = 2000;

EscapeTwice::EscapeTwice(QObject *parent)
    : QObject(parent)
{
    m_second.setSingleShot(true);
    m_second.setInterval(secondEscapeMs);
    connect(&m_second, &QTimer::timeout, this, &EscapeTwice::forgotten);
}

void EscapeTwice::press()
{
    if (m_second.isActive()) {
        m_second.stop();
        emit done();
        return;
    }
    m_second.start();
    emit asked();
}

} // namespace catamaran::ui
