// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/activity/directionlog.h"

#include "core/printable.h"
#include "ui/common/format.h"
#include "ui/common/lists.h"
#include "ui/common/look.h"
#include "ui/common/plaintext.h"
#include "ui/common/widgets.h"

#include <QHeaderView>
#include <QStandardItemModel>
#include <QTableView>
#include <QVBoxLayout>

namespace catamaran::ui {
namespace {

constexpr int mostLines = 500;
enum Column { When, What, Direction, Layer, Evidence };

} // namespace

DirectionLog::DirectionLog(Services &services, QWidget *parent)
    : QWidget(parent)
    , m_services(services)
    , m_model(new QStandardItemModel(this))
    , m_table(new QTableView)
    , m_empty(new EmptyState(QStringLiteral("bell"), tr("Nothing was seen to break"),
          tr("When a direction breaks or is found failed, and when it is mended, stands here. One that has been failed since the window opened does not. Turn on Keep proving in the Matrix place, so that it is seen by itself.")))
    , m_error(new ErrorBanner)
{
    prepareList(m_table, QStringLiteral("directionLog"), tr("When directions broke and were mended"));
    m_table->setModel(m_model);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->horizontalHeader()->setStretchLastSection(true);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_error);
    layout->addWidget(m_table);
    layout->addWidget(m_empty);
    m_table->hide();
    m_error->hide();
}

void DirectionLog::reload(const QString &environment)
{
    m_asked = environment;
    const auto kept = m_services.history().ask(
        [environment](store::Database &database) { return database.documents(QStringLiteral("direction"), environment, mostLines); });
    core::whenReady(kept, this, [this, environment](const core::Result<QList<store::Document>> &read) {
        if (environment != m_asked)
            return;
        if (!read) {
            m_error->showError(read.error());
            return;
        }
        m_error->clear();
        m_model->clear();
        m_model->setHorizontalHeaderLabels({ tr("When"), tr("What"), tr("Direction"), tr("Layer"), tr("Evidence") });
        const auto cell = [](const QString &text) {
            auto *item = new QStandardItem(core::printableLine(text));
            item->setToolTip(plainToolTip(text));
            return item;
        };
        for (const store::Document &one : *read) {
            const bool broke = one.content.value(QLatin1String("broke")).toBool();
            QString title;
            for (const truth::Layer layer : truth::allLayers) {
                if (truth::layerName(layer) == one.content.value(QLatin1String("layer")).toString())
                    title = truth::layerTitle(layer);
            }
            const bool wasFound = one.content.value(QLatin1String("found")).toBool();
            auto *what = cell(broke ? (wasFound ? tr("found failed") : tr("broke")) : (wasFound ? tr("proven") : tr("proven again")));
            what->setIcon(lookIcon(broke ? Look::Failed : Look::Ok, this));
            m_model->appendRow({ cell(absoluteTime(one.at)), what, cell(one.name), cell(title),
                cell(one.content.value(QLatin1String("evidence")).toString()) });
        }
        const int em = fontMetrics().horizontalAdvance(u'0');
        for (const auto &[column, width] : { std::pair { When, 30 }, { What, 18 }, { Direction, 30 }, { Layer, 14 } })
            m_table->setColumnWidth(column, em * width);
        m_table->setVisible(m_model->rowCount() > 0);
        m_empty->setVisible(m_model->rowCount() == 0);
    });
}

} // namespace catamaran::ui
