// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "core/translations.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QLocale>
#include <QTranslator>

#include <memory>

namespace catamaran::core {

namespace {

template <typename... Arguments> bool install(QCoreApplication &application, const Arguments &...arguments)
{
    auto translator = std::make_unique<QTranslator>();
    if (!translator->load(arguments...))
        return false;
    translator->setParent(&application);
    QCoreApplication::installTranslator(translator.release());
    return true;
}

} // namespace

void installTranslations(QCoreApplication &application, const QLocale &locale)
{
    const QString folder = QStringLiteral(":/catamaran/i18n");
    const QString separator = QStringLiteral("_");
    if (install(application, locale, QStringLiteral("catamaran"), separator, folder))
        install(application, locale, QStringLiteral("qtbase"), separator, QLibraryInfo::path(QLibraryInfo::TranslationsPath));
    else
        install(application, QStringLiteral("catamaran_en"), folder);
}

} // namespace catamaran::core
