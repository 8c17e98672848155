// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.h"
#include "probe/run.h"
#include "ui/verify/expectation.h"
#include "ui/verify/pastruns.h"

class QWidget;

namespace catamaran::ui {

class ErrorBanner;

/// How many samples of a run are kept with it; figures always count all.
constexpr int keptSamples = 20000;

/// @p result as JSON, with what was expected of it ("expected", "expectation") and how it was judged ("shares", and a "sentence" that
/// judges by it), and at most @p kept of its samples ("samplesOmitted" tells how many more there were). For any thread.
[[nodiscard]] QJsonObject runContent(const probe::RunResult &result, const JudgedShares &judged = {}, int kept = keptSamples);
/// One line per sample, RFC 4180, with a header line.
[[nodiscard]] QByteArray runToCsv(const QJsonObject &content);
/// Writes CSV, JSON, PDF or PNG by the suffix of @p file, whole or not at all.
[[nodiscard]] core::Result<core::Done> exportRun(const PastRun &run, const QString &file);
/// Asks where, writes @p run there, and says on @p banner what came of it.
void askAndExportRun(QWidget *parent, ErrorBanner *banner, const PastRun &run);

} // namespace catamaran::ui
