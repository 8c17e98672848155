// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "findings/failover.h"

#include <QObject>

#include <chrono>
#include <memory>

namespace catamaran::findings {

/// Reads and judges every so often, off the main thread. Main thread; the session outlives it.
class Watch : public QObject {
    Q_OBJECT
public:
    explicit Watch(session::Session &session, QObject *parent = nullptr);
    ~Watch() override;

    /// Looks now, and again @p every so long after each look has ended.
    void start(std::chrono::milliseconds every = std::chrono::seconds(30));
    void refresh(); ///< look now; while one look is under way, once more after it
    /// What was meant; from the next look on. nullopt: all clusters of the environment.
    void setWish(const std::optional<documents::FleetDocument> &wish);

    /// With Finding::since as the time of the first look that saw it.
    [[nodiscard]] const QList<Finding> &findings() const;
    [[nodiscard]] const QList<FailoverVerdict> &failover() const;
    [[nodiscard]] const FleetFacts &facts() const;
    /// Why the file of accepted findings could not be used; nullopt: it could.
    [[nodiscard]] const std::optional<core::Error> &acceptanceError() const;

signals:
    void changed(); ///< after each look

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace catamaran::findings
