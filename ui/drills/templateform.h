// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "drill/drilltemplate.h"
#include "observe/observedfleet.h"

#include <QDialog>

#include <optional>

class QComboBox;
class QFormLayout;

namespace catamaran::ui {

class ErrorBanner;
class MutedLabel;

/// Asks for a template and its parameters. What the fleet has is offered; anything may be typed. Ends accepted with a drill only.
class TemplateForm : public QDialog {
    Q_OBJECT
public:
    /// @p templates: at least one.
    TemplateForm(QList<drill::DrillTemplate> templates, observe::ObservedFleet fleet, QWidget *parent = nullptr);

    [[nodiscard]] const drill::DrillDocument &drill() const { return *m_drill; }
    void choose(int which);
    /// Chooses the template of this id and fills @p values in; what it has no parameter for is left.
    void fillIn(const QString &id, const QMap<QString, QString> &values);

private:
    void fill();
    [[nodiscard]] QStringList offered(const drill::Parameter &parameter) const;

    const QList<drill::DrillTemplate> m_templates;
    const observe::ObservedFleet m_fleet;
    QComboBox *m_which = nullptr;
    MutedLabel *m_about = nullptr;
    QFormLayout *m_form = nullptr;
    ErrorBanner *m_error = nullptr;
    QList<QComboBox *> m_values; ///< in the order of the template's parameters
    std::optional<drill::DrillDocument> m_drill;
};

} // namespace catamaran::ui
