// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/common/place.h"
#include "ui/common/services.h"
#include "ui/matrix/matrixmodel.h"

#include <QTimer>

class QCheckBox;
class QMenu;
class QPushButton;
class QStackedWidget;

namespace catamaran::ui {

class DirectionPanel;
class EmptyState;
class ErrorBanner;
class MatrixView;
class PlainLabel;
class ProbeOffer;
class StateBadge;

/// The matrix: what is proven from each cluster to each other one, and the ways to prove more.
class MatrixPlace : public Place {
    Q_OBJECT
public:
    explicit MatrixPlace(Services &services, QWidget *parent = nullptr);
    ~MatrixPlace() override;

    [[nodiscard]] QString id() const override { return QStringLiteral("matrix"); }
    [[nodiscard]] QString title() const override { return tr("Matrix"); }
    [[nodiscard]] QString iconName() const override { return QStringLiteral("matrix"); }
    [[nodiscard]] QList<QAction *> placeActions() const override { return m_actions; }
    /// The directions, as "cluster-1 → cluster-2".
    [[nodiscard]] QStringList findableObjects() const override;
    void showObject(const QString &object) override;
    [[nodiscard]] QStringList tourStops() const override;
    void showTourStop(const QString &stop) override;
    [[nodiscard]] bool isTourBusy() const override;

    /// What this place shows: the session's, or what a test gives.
    void setMatrix(const truth::Matrix &matrix);
    [[nodiscard]] MatrixView *view() const { return m_view; }
    [[nodiscard]] MatrixModel *model() { return &m_model; }
    [[nodiscard]] ProbeOffer *probes() const { return m_probes; }

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    QWidget *buildBar();
    void takeMatrix(const truth::Matrix &matrix);
    void makeActions();
    void follow();
    void tick();
    void showChosen();
    void showRate();
    void showProving();
    void proveThis();
    void explainThis();
    void turnProving(bool on);
    void askAboutProduction();
    void exportCsv();
    [[nodiscard]] truth::Direction chosen() const;

    Services &m_services;
    MatrixModel m_model;
    MatrixView *m_view = nullptr;
    DirectionPanel *m_panel = nullptr;
    QStackedWidget *m_pages = nullptr;
    EmptyState *m_noSession = nullptr;
    EmptyState *m_tooFew = nullptr;
    ErrorBanner *m_note = nullptr;
    ProbeOffer *m_probes = nullptr;
    StateBadge *m_badge = nullptr;
    PlainLabel *m_rate = nullptr;
    QPushButton *m_proveAll = nullptr;
    QCheckBox *m_keep = nullptr;
    QMenu *m_copy = nullptr;
    QAction *m_proveAllAction = nullptr, *m_proveAction = nullptr, *m_whyAction = nullptr, *m_keepAction = nullptr,
            *m_smallAction = nullptr, *m_nextAction = nullptr, *m_exportAction = nullptr;
    QList<QAction *> m_actions, m_copyActions;
    QTimer m_ageing;
    bool m_isOld = false; ///< what is shown, while nobody sees it
};

} // namespace catamaran::ui
