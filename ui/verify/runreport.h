// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/verify/pastruns.h"

#include <QImage>

class QIODevice;

namespace catamaran::ui {

/// A run on one page, dark on white whatever the console looks like: the sentence, what was asked from where, who answered
/// with counts, shares and intervals, what failed, and the charts over time. The words of the page are text in a PDF: they can
/// be searched and copied. Main thread.
[[nodiscard]] bool writeRunPdf(const PastRun &run, QIODevice &device);
/// The same page as a picture, for where no PDF can go.
[[nodiscard]] QImage runPicture(const PastRun &run);

} // namespace catamaran::ui
