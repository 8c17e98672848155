// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/drills/templateform.h"

#include "ui/common/widgets.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QPushButton>
#include <QRegularExpression>
#include <QVBoxLayout>

namespace catamaran::ui {

namespace {

/// Where a text of a template waits for a value it says the parameter's name: “target”.
QString withNames(QString text)
{
    static const QRegularExpression reference(QStringLiteral("\\x24\\(([A-Za-z0-9.]+)\\)"));
    return text.replace(reference, QStringLiteral("“\\1”"));
}

} // namespace

TemplateForm::TemplateForm(QList<drill::DrillTemplate> templates, observe::ObservedFleet fleet, QWidget *parent)
    : QDialog(parent)
    , m_templates(std::move(templates))
    , m_fleet(std::move(fleet))
    , m_which(new QComboBox)
    , m_about(new MutedLabel)
    , m_form(new QFormLayout)
    , m_error(new ErrorBanner)
{
    setObjectName(QStringLiteral("templateForm"));
    setWindowTitle(tr("A drill from a template"));
    setMinimumWidth(560);
    m_which->setObjectName(QStringLiteral("drillTemplate"));
    m_which->setAccessibleName(tr("The template"));
    for (const auto &one : m_templates)
        m_which->addItem(withNames(one.title));
    m_error->hide();
    auto *buttons = new QDialogButtonBox;
    auto *take = buttons->addButton(tr("&Prepare…"), QDialogButtonBox::AcceptRole);
    take->setObjectName(QStringLiteral("takeTemplate"));
    buttons->addButton(tr("&Cancel"), QDialogButtonBox::RejectRole);
    connect(buttons, &QDialogButtonBox::accepted, this, &TemplateForm::fill);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_which, &QComboBox::currentIndexChanged, this, &TemplateForm::choose);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(m_which);
    layout->addWidget(m_about);
    layout->addLayout(m_form);
    layout->addWidget(m_error);
    layout->addStretch();
    layout->addWidget(buttons);
    choose(0);
}

void TemplateForm::choose(int which)
{
    if (which < 0 || which >= m_templates.size())
        return;
    if (m_which->currentIndex() != which)
        return m_which->setCurrentIndex(which); // which calls this again
    while (m_form->rowCount() > 0)
        m_form->removeRow(0);
    m_values.clear();
    m_error->clear();
    const auto &chosen = m_templates.at(which);
    m_about->setText(withNames(chosen.summary));
    for (const auto &parameter : chosen.parameters) {
        auto *value = new QComboBox;
        value->setEditable(parameter.allowed.isEmpty());
        value->setObjectName(QStringLiteral("parameter-") + parameter.name);
        const QString about = parameter.about.isEmpty() ? parameter.name : tr("%1 (“%2”)").arg(parameter.about, parameter.name);
        value->setAccessibleName(about);
        value->addItems(offered(parameter));
        if (value->isEditable())
            value->setEditText(parameter.preset.value_or(QString()));
        else
            value->setCurrentText(parameter.preset.value_or(QString()));
        auto *label = new WrappedLabel(about); // a sentence: it has a row of its own
        label->setBuddy(value);
        m_form->addRow(label);
        m_form->addRow(value);
        m_values += value;
    }
}

void TemplateForm::fillIn(const QString &id, const QMap<QString, QString> &values)
{
    for (int which = 0; which < m_templates.size(); ++which) {
        if (m_templates.at(which).id != id)
            continue;
        choose(which);
        for (qsizetype i = 0; i < m_values.size(); ++i) {
            const QString &name = m_templates.at(which).parameters.at(i).name;
            if (values.contains(name))
                m_values.at(i)->setCurrentText(values.value(name));
        }
    }
}

QStringList TemplateForm::offered(const drill::Parameter &parameter) const
{
    if (!parameter.allowed.isEmpty())
        return parameter.allowed;
    QStringList list;
    for (const auto &cluster : m_fleet.clusters) {
        if (parameter.type == drill::ParameterType::Label && parameter.name == u"cluster")
            list += cluster.name;
        if (parameter.type != drill::ParameterType::Workload)
            continue;
        for (const auto &workload : cluster.workloads)
            list += cluster.name + u'/' + workload.ns + u'/' + workload.name;
    }
    if (parameter.preset && !list.contains(*parameter.preset))
        list.prepend(*parameter.preset);
    return list;
}

void TemplateForm::fill()
{
    const auto &chosen = m_templates.at(m_which->currentIndex());
    QMap<QString, QString> values;
    for (qsizetype i = 0; i < m_values.size(); ++i) {
        const QString text = m_values.at(i)->currentText().trimmed();
        if (!text.isEmpty() || chosen.parameters.at(i).preset)
            values.insert(chosen.parameters.at(i).name, text);
    }
    const auto filled = chosen.fill(values);
    if (!filled)
        return m_error->showError(filled.error());
    m_drill = *filled;
    accept();
}

} // namespace catamaran::ui
