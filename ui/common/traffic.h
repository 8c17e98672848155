// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "probe/sample.h"

#include <QMap>
#include <QMetaType>

namespace catamaran::ui {

/// Who answered, by the answer's own words; either may be empty.
struct Answerer {
    QString version; ///< "v1"
    QString instance; ///< the pod's name
    bool operator<(const Answerer &other) const { return version != other.version ? version < other.version : instance < other.instance; }
    bool operator==(const Answerer &) const = default;
};

/// Some answers that have just come, for who draws them.
struct Traffic {
    QMap<Answerer, int> answers;
    int errors = 0;

    Traffic() = default;
    explicit Traffic(const QList<probe::Sample> &samples) { add(samples); }
    void add(const QList<probe::Sample> &samples)
    {
        for (const probe::Sample &sample : samples) {
            if (sample.ok())
                ++answers[{ sample.version, sample.instance }];
            else
                ++errors;
        }
    }
    [[nodiscard]] bool isEmpty() const { return answers.isEmpty() && errors == 0; }
};

} // namespace catamaran::ui

Q_DECLARE_METATYPE(catamaran::ui::Traffic)
