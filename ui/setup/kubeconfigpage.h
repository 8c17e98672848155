// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/setup/contextmodel.h"
#include "ui/setup/setuppage.h"

#include <QUndoStack>

#include <map>
#include <memory>
#include <stop_token>

class QLineEdit;
class QPushButton;
class QSplitter;
class QStackedWidget;
class QToolButton;

namespace catamaran::ui {

class ConnectionTest;
class ContextDetail;
class ContextTable;
class EnvironmentBar;
class ErrorBanner;
class KubeFileTable;

/// Where an environment of one's own clusters is made: kubeconfig files are picked, every context shows what it
/// resolves to, what is wrong and how to mend it, can be tested, and becomes a cluster. The files are only read.
class KubeconfigPage : public SetupPage {
    Q_OBJECT
public:
    explicit KubeconfigPage(SetupContext &context, QWidget *parent = nullptr);
    ~KubeconfigPage() override;

    [[nodiscard]] QString missing() const override { return {}; }
    [[nodiscard]] QWidget *firstFocus() const override;
    void enter() override;

    /// Adds files and reads all of them, off the main thread.
    void addFiles(const QStringList &files);
    /// Shows the clusters of a kept environment for changing.
    void edit(const documents::Environment &environment);
    [[nodiscard]] ContextModel *model() const { return m_model; }
    /// Files are being read, or a test runs.
    [[nodiscard]] bool isBusy() const;
    /// Asks for what meshes of @p provider need; empty: for nothing but kubeconfigs.
    void setMaker(const QString &provider);
    /// For a picture: the clusters of @p environment, tested.
    void showExample(const documents::Environment &environment);
    /// Everything shown as plain text, without secrets.
    [[nodiscard]] QString asText() const;

signals:
    void leaveRequested();
    /// The environment was kept and is being opened.
    void kept(const QString &file);

protected:
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    struct State {
        QStringList files;
        QHash<QString, ContextChoice> choices;
        bool operator==(const State &) const = default;
    };
    class Change;

    QUndoStack m_undo;
    State m_state;
    KubeReading m_read;
    std::stop_source m_readStop, m_keepStop;
    bool m_reading = false;
    bool m_example = false;
    std::map<QString, std::unique_ptr<ConnectionTest>> m_tests;
    QStringList m_toTest; ///< a few at a time

    ContextModel *m_model = nullptr;
    ErrorBanner *m_error = nullptr;
    QLineEdit *m_path = nullptr;
    QPushButton *m_add = nullptr, *m_browse = nullptr, *m_default = nullptr;
    QToolButton *m_undoButton = nullptr, *m_redoButton = nullptr;
    QStackedWidget *m_stack = nullptr;
    KubeFileTable *m_files = nullptr;
    ContextTable *m_contexts = nullptr;
    QSplitter *m_splitter = nullptr;
    ContextDetail *m_detail = nullptr;
    EnvironmentBar *m_bar = nullptr;
    QPushButton *m_testAll = nullptr, *m_copy = nullptr;

    QWidget *buildFiles();
    void change(const QString &what, const State &next);
    void apply(const State &state);
    void read();
    void take(const KubeReading &reading);
    void removeFiles(const QStringList &gone);
    void browse();
    void showContext();
    void startTest(const QString &name);
    void testNext();
    void cancelTests();
    void testAll();
    void refresh();
    void save();
    void keep(const documents::Environment &environment);
    [[nodiscard]] QString current() const;
};

} // namespace catamaran::ui
