// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/findings/findingsplace.h"

#include "ui/common/icons.h"
#include "ui/findings/failoverpanel.h"
#include "ui/findings/findingspanel.h"
#include "ui/findings/whypanel.h"

#include <QTabWidget>
#include <QVBoxLayout>

namespace catamaran::ui {

FindingsPlace::FindingsPlace(Services &services, QWidget *parent)
    : Place(parent)
    , m_services(services)
    , m_tabs(new QTabWidget)
    , m_findings(new FindingsPanel(services))
    , m_failover(new FailoverPanel(services))
    , m_why(new WhyPanel(services))
{
    setObjectName(QStringLiteral("findingsPlace"));
    m_tabs->setObjectName(QStringLiteral("findingsTabs"));
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(m_findings, tr("F&indings"));
    m_tabs->addTab(m_failover, tr("Will it fail &over"));
    m_tabs->addTab(m_why, tr("Why this &request"));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_tabs);
    m_actions = m_findings->panelActions();
    const auto add = [this](const QString &text, const QString &icon, QWidget *page) {
        auto *action = new QAction(themedIcon(icon), text, this);
        connect(action, &QAction::triggered, this, [this, page] { m_tabs->setCurrentWidget(page); });
        m_actions << action;
    };
    add(tr("Will it fail over?"), QStringLiteral("restore"), m_failover);
    add(tr("Why this request?"), QStringLiteral("crosshair"), m_why);
    connect(&m_services, &Services::sessionChanged, this, &FindingsPlace::follow);
    connect(&m_services, &Services::whyRequested, this, [this](const truth::PathQuestion &question) {
        m_tabs->setCurrentWidget(m_why);
        m_why->ask(question, true);
    });
    follow();
}

void FindingsPlace::follow()
{
    auto *watch = m_services.findings();
    if (watch) {
        connect(watch, &findings::Watch::changed, this, [this] { setJudgement(m_services.findings()->judgement(), true); });
        connect(watch, &findings::Watch::readingChanged, m_findings, &FindingsPanel::setReading);
    }
    setJudgement(watch ? watch->judgement() : nullptr, watch != nullptr);
    m_findings->setReading(watch && watch->isReading());
    m_why->setClusters(m_services.session() ? m_services.session()->clusterNames() : QStringList());
}

void FindingsPlace::setJudgement(const std::shared_ptr<const findings::Judgement> &judgement, bool isConnected)
{
    m_findings->setJudgement(judgement, isConnected);
    m_failover->setJudgement(judgement, isConnected);
}

QStringList FindingsPlace::findableObjects() const
{
    return m_findings->sentences();
}

void FindingsPlace::showObject(const QString &object)
{
    if (object == QLatin1String("failover")) {
        m_tabs->setCurrentWidget(m_failover);
    } else if (object == QLatin1String("why")) {
        m_tabs->setCurrentWidget(m_why);
    } else {
        m_tabs->setCurrentWidget(m_findings);
        (void)m_findings->choose(object);
    }
}

void FindingsPlace::showTourStop(const QString &stop)
{
    showObject(stop);
    const auto session = m_services.session();
    if (stop == QLatin1String("why") && session && session->clusterNames().size() > 1)
        m_why->ask({ session->clusterNames().at(0), QStringLiteral("default"), QStringLiteral("sleep"),
                       QStringLiteral("http://helloworld:5000/hello"), session->clusterNames().at(1) },
            true);
}

bool FindingsPlace::isTourBusy() const
{
    return m_why->isAsking() || (m_services.findings() && !m_services.findings()->judgement());
}

} // namespace catamaran::ui
