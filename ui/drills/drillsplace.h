// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "drill/drilltemplate.h"
#include "drill/runner.h"
#include "ui/common/place.h"
#include "ui/common/services.h"

#include <stop_token>

class QStackedWidget;

namespace catamaran::ui {

class DrillLibrary;
class DrillRunner;
class DrillView;
class TemplateForm;
class EmptyState;

/// Rehearsing failures: the library of drills, one drill before, during and after, and the history.
class DrillsPlace : public Place {
    Q_OBJECT
public:
    explicit DrillsPlace(Services &services, QWidget *parent = nullptr);
    ~DrillsPlace() override;

    [[nodiscard]] QString id() const override { return QStringLiteral("drills"); }
    [[nodiscard]] QString title() const override { return tr("Drills"); }
    [[nodiscard]] QString iconName() const override { return QStringLiteral("drills"); }
    [[nodiscard]] QList<QAction *> placeActions() const override { return m_actions; }
    [[nodiscard]] QStringList findableObjects() const override;
    /// A drill's id or title: prepares it. What loseRequest() says: asks for what is missing of it.
    void showObject(const QString &object) override;
    [[nodiscard]] QStringList tourStops() const override;
    void showTourStop(const QString &stop) override;
    [[nodiscard]] bool isTourBusy() const override { return m_opening > 0; }

    [[nodiscard]] DrillView *view() const { return m_view; }

private:
    void followSession();
    void takeFleet(const observe::ObservedFleet &fleet);
    void check();
    void askAll();
    void tellReasons();
    /// Why @p drill cannot run: what is stale, what is not allowed, what the drill itself found.
    [[nodiscard]] QList<core::Error> reasonsOf(int drill) const;
    void loadHistory();
    void openResult(qint64 document);
    void prepare(const drill::DrillDocument &drill);
    void tellRestoreCommand();
    void openFile();
    /// Asks for the parameters of one of @p templates, and prepares the drill. The form deletes itself.
    TemplateForm *askFor(const QList<drill::DrillTemplate> &templates);
    void lose(const QString &object);
    /// Takes @p drill in, in place of one of the same name.
    void add(const drill::DrillDocument &drill);
    /// The other side is not proven: whether it is to be run all the same.
    void askUnproven(const core::Error &why);
    void start(const drill::DrillOptions &options);
    void exportReport();

    Services &m_services;
    QList<drill::DrillDocument> m_drills;
    QList<QList<core::Error>> m_reasons;
    QHash<QString, QStringList> m_refusals; ///< by drill id: rights that are missing
    observe::ObservedFleet m_fleet;
    drill::DrillDocument m_prepared;
    std::stop_source m_checking;
    int m_opening = 0; ///< kept results that are being read
    DrillRunner *m_runner = nullptr;
    QStackedWidget *m_stack = nullptr;
    DrillLibrary *m_library = nullptr;
    DrillView *m_view = nullptr;
    QList<QAction *> m_actions;
};

} // namespace catamaran::ui
