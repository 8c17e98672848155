// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "places.h"
#include "ui/common/theme.h"

#include <QHash>
#include <QMainWindow>
#include <QTimer>

class QDockWidget;
class QMenu;
class QStackedWidget;
class QToolButton;

namespace catamaran::ui {

class BrokenBar;
class CommandPalette;
class DirectionNews;
class ErrorBanner;
class FirstStart;
class Inspector;
class InterruptedBanner;
class OperationStrip;
class EmptyState;
class PlainLabel;
class Rail;
class RestoreBanner;
class TopologyPlace;

/// The window: hosts the places, which bring their widgets and actions. It holds no logic of theirs.
class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    /// @p scheme: what --theme asked for; without it the settings decide.
    explicit MainWindow(Services &services, std::optional<Scheme> scheme = {}, QWidget *parent = nullptr);
    ~MainWindow() override;

    /// Shows a place, building it when it has not been shown yet; @p object is handed to it.
    void showPlace(const QString &place, const QString &object = {});
    [[nodiscard]] QString currentPlace() const { return m_current; }
    /// Builds the place if needed. Null for an unknown id.
    Place *place(const QString &id);
    [[nodiscard]] QStringList placeIds() const;
    /// The place is there already.
    [[nodiscard]] bool isBuilt(const QString &id) const { return m_places.contains(id); }
    void showPalette();
    /// Null until showPalette().
    [[nodiscard]] CommandPalette *commandPalette() const { return m_palette; }
    void setScheme(Scheme scheme, bool keep = true);
    /// Says where secrets live when that matters, and that somebody is being asked for the keyring's password.
    void showSecretsNote();
    [[nodiscard]] FirstStart *firstStart() const { return m_first; }
    /// Made when first asked for.
    Inspector *inspector();

    /// Closes the window as Ctrl-C ends catamaranctl: what runs is told to stop, what a drill broke is put back, and then
    /// the window goes and left() follows. Closing it by hand does the same, and asks first while a drill has something broken; closing
    /// it once more goes on at once.
    void leave();
    /// Tells what runs to stop and returns when it has: for the end of a desktop session, which waits for that. The window
    /// stays, for somebody may call it off.
    void settle();

    /// Whether this place shows a fleet as it was; the others are for work.
    [[nodiscard]] static bool showsBundle(const QString &id);

signals:
    void left();

protected:
    void closeEvent(QCloseEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void makeActions();
    void makeToolBars();
    void makeCentre();
    void restoreWindow();
    void followSession();
    void showReadiness();
    void showHistory(const std::shared_ptr<core::Error> &trouble, bool readable);
    void showFacts(const QString &objectId);
    void showFindings();
    void explainDirection(const truth::Direction &direction);
    void showContent();
    void offerLast();
    void fillEnvironmentMenu();
    void openFile();
    void saveBundle();
    void openBundle();
    void tellOfBundle();
    void remember(const QString &file, const QString &name);
    void verifyNow();
    void about();
    [[nodiscard]] TopologyPlace *topology();
    void showInspector();
    void stopEverything();
    void askBeforeClosing();

    Services &m_services;
    QList<PlaceEntry> m_entries;
    QHash<QString, Place *> m_places;
    QString m_current;
    Scheme m_scheme = Scheme::System;
    QString m_wantedSelection; ///< of the last run, until the fleet has it

    QList<QAction *> m_actions; ///< of the window, for palette and menus
    QAction *m_verifyAction = nullptr;
    QAction *m_drillAction = nullptr;
    QAction *m_inspectorAction = nullptr;
    QAction *m_closeAction = nullptr;
    QAction *m_bundleAction = nullptr;

    QToolButton *m_environment = nullptr;
    QMenu *m_environmentMenu = nullptr;
    PlainLabel *m_production = nullptr;
    QToolButton *m_readiness = nullptr;
    QWidget *m_band = nullptr;
    Rail *m_rail = nullptr;
    QStackedWidget *m_stack = nullptr;
    FirstStart *m_first = nullptr;
    ErrorBanner *m_error = nullptr;
    ErrorBanner *m_secrets = nullptr;
    ErrorBanner *m_history = nullptr;
    ErrorBanner *m_then = nullptr; ///< while a bundle is shown
    EmptyState *m_noWork = nullptr; ///< in place of what cannot be done then
    BrokenBar *m_broken = nullptr;
    RestoreBanner *m_restore = nullptr;
    DirectionNews *m_news = nullptr;
    InterruptedBanner *m_interrupted = nullptr;
    OperationStrip *m_strip = nullptr;
    QDockWidget *m_dock = nullptr;
    Inspector *m_inspector = nullptr;
    CommandPalette *m_palette = nullptr;
    QTimer m_ageing; ///< of the readiness, while the window is seen
    bool m_isLeaving = false;
};

} // namespace catamaran::ui
