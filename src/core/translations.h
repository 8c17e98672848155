// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

class QCoreApplication;
class QLocale;

namespace catamaran::core {

/// Installs the texts for the first language of @p locale that Catamaran speaks, and Qt's own for its dialogs where they
/// are on this machine. Without such a language (also for the C locale) it is English, whose catalogue holds the plural
/// forms. Main thread, once, before the first text is made; the translators belong to @p application.
void installTranslations(QCoreApplication &application, const QLocale &locale);

} // namespace catamaran::core
