// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "drill/drilldocument.h"
#include "ui/drills/drillhistorypanel.h"

#include <QWidget>

class QGridLayout;
class QPushButton;

namespace catamaran::ui {

class Card;
class MutedLabel;
class StateBadge;

/// The drills as cards (what each breaks, what should hold, how it is undone, whether it can run here and why not), and
/// under them what was rehearsed before.
class DrillLibrary : public QWidget {
    Q_OBJECT
public:
    explicit DrillLibrary(QWidget *parent = nullptr);

    void setDrills(const QList<drill::DrillDocument> &drills);
    /// Why each drill cannot run, in the order of setDrills(); an empty list: it can.
    void setReasons(const QList<QList<core::Error>> &reasons);
    [[nodiscard]] DrillHistoryModel *history() const { return m_history->model(); }
    /// The summaries of what was kept; or why they could not be read.
    void setHistory(const core::Result<QList<store::Document>> &documents) { m_history->setHistory(documents); }
    /// Until the next one is read nothing is said of it.
    void forgetHistory() { m_history->forget(); }

signals:
    void chosen(int drill);
    void fileRequested();
    void templateRequested();
    void recheckRequested();
    void resultOpened(qint64 document);
    void historyRequested();

private:
    struct Entry {
        QPushButton *open = nullptr;
        StateBadge *state = nullptr;
        MutedLabel *reason = nullptr;
    };
    QGridLayout *m_cards = nullptr;
    QList<Entry> m_entries;
    DrillHistoryPanel *m_history = nullptr;
};

/// What a drill breaks, one line per fault.
[[nodiscard]] QStringList faultTexts(const drill::DrillDocument &drill);
/// How each is taken back.
[[nodiscard]] QStringList undoTexts(const drill::DrillDocument &drill);

} // namespace catamaran::ui
