// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>
#include <QTimer>

namespace catamaran::ui {

/// The first Escape asks, the second within two seconds does it.
class EscapeTwice : public QObject {
    Q_OBJECT
public:
    explicit EscapeTwice(QObject *parent = nullptr);
    void press();

signals:
    void asked();
    void done();
    void forgotten(); ///< the second did not come

private:
    QTimer m_second;
};

} // namespace catamaran::ui
