// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.h"

#include <QString>

#include <functional>

class QWidget;

namespace catamaran::ui {

class Services;

/// Asks for the reason why what a step did is left as it is, and writes it down. @p told is called on success and on failure, not
/// when the person does not want to after all.
void askToGiveUp(Services &services, qint64 execution, const QString &step, const QString &title, QWidget *parent,
    std::function<void(const core::Result<core::Done> &given, const QString &reason)> told);

} // namespace catamaran::ui
