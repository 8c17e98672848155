// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "drill/runner.h"

class QIODevice;

namespace catamaran::ui {

/// The report of a drill on pages of A4: the same words as the web page, which can be searched, and its chart. False: @p device did not
/// take all of it.
[[nodiscard]] bool writeDrillPdf(const drill::DrillResult &result, QIODevice &device);

} // namespace catamaran::ui
