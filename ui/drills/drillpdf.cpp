// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/drills/drillpdf.h"

#include "core/printable.h"

#include <QBuffer>
#include <QCoreApplication>
#include <QImage>
#include <QPainter>
#include <QPdfWriter>
#include <QSvgRenderer>
#include <QTextDocument>
#include <QUrl>

namespace catamaran::ui {

namespace {

constexpr int pictureScale = 3; ///< so that it is sharp on paper

QImage pictureOf(const QByteArray &svg)
{
    QSvgRenderer renderer(svg);
    if (!renderer.isValid())
        return {};
    QImage image(renderer.viewBox().size() * pictureScale, QImage::Format_RGB32);
    image.fill(Qt::white);
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    renderer.render(&painter);
    return image;
}

} // namespace

bool writeDrillPdf(const drill::DrillResult &result, QIODevice &device)
{
    const drill::PrintedReport report = drill::toPrint(result);
    QBuffer pages; // who prints does not tell whether what it writes to took it
    if (!pages.open(QIODevice::WriteOnly))
        return false;
    QPdfWriter writer(&pages);
    writer.setTitle(core::printableLine(result.drill.title));
    writer.setCreator(QCoreApplication::applicationName());
    writer.setPageSize(QPageSize(QPageSize::A4));
    writer.setPageMargins(QMarginsF(0, 0, 0, 0), QPageLayout::Millimeter); // the document brings two centimetres of its own
    QTextDocument document;
    if (!report.chart.isEmpty())
        document.addResource(
            QTextDocument::ImageResource, QUrl(QLatin1StringView(drill::PrintedReport::chartName)), pictureOf(report.chart));
    document.setHtml(report.html);
    document.print(&writer);
    return device.write(pages.data()) == pages.size();
}

} // namespace catamaran::ui
