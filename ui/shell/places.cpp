// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "places.h"

#include "ui/activity/activityplace.h"
#include "ui/drills/drillsplace.h"
#include "ui/findings/findingsplace.h"
#include "ui/matrix/matrixplace.h"
#include "ui/setup/setupplace.h"
#include "ui/topology/topologyplace.h"
#include "ui/verify/verifyplace.h"

#include <QCoreApplication>

namespace catamaran::ui {
namespace {

struct PlacesText {
    Q_DECLARE_TR_FUNCTIONS(PlacesText)
};

} // namespace

QList<PlaceEntry> allPlaces()
{
    return {
        { QStringLiteral("topology"), PlacesText::tr("Topology"), QStringLiteral("topology"),
            [](Services &services, QWidget *parent) -> Place * { return new TopologyPlace(services, parent); } },
        { QStringLiteral("setup"), PlacesText::tr("Setup"), QStringLiteral("setup"),
            [](Services &services, QWidget *parent) -> Place * { return new SetupPlace(services, parent); } },
        { QStringLiteral("verify"), PlacesText::tr("Verify"), QStringLiteral("verify"),
            [](Services &services, QWidget *parent) -> Place * { return new VerifyPlace(services, parent); } },
        { QStringLiteral("drills"), PlacesText::tr("Drills"), QStringLiteral("drills"),
            [](Services &services, QWidget *parent) -> Place * { return new DrillsPlace(services, parent); } },
        { QStringLiteral("activity"), PlacesText::tr("Activity"), QStringLiteral("activity"),
            [](Services &services, QWidget *parent) -> Place * { return new ActivityPlace(services, parent); } },
        { QStringLiteral("matrix"), PlacesText::tr("Matrix"), QStringLiteral("matrix"),
            [](Services &services, QWidget *parent) -> Place * { return new MatrixPlace(services, parent); } },
        { QStringLiteral("findings"), PlacesText::tr("Findings"), QStringLiteral("shield"),
            [](Services &services, QWidget *parent) -> Place * { return new FindingsPlace(services, parent); } },
    };
}

} // namespace catamaran::ui
