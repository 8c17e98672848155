// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/verify/answerfilter.h"

#include "ui/verify/answermodel.h"

namespace catamaran::ui {

void AnswerFilter::setText(const QString &text)
{
    if (text == m_text)
        return;
    m_text = text;
    invalidateRowsFilter();
}

void AnswerFilter::setFailedOnly(bool only)
{
    if (only == m_failedOnly)
        return;
    m_failedOnly = only;
    invalidateRowsFilter();
}

bool AnswerFilter::filterAcceptsRow(int row, const QModelIndex &) const
{
    const auto *answers = static_cast<const AnswerModel *>(sourceModel());
    const probe::Sample &sample = answers->sample(row);
    if (m_failedOnly && sample.ok())
        return false;
    if (m_text.isEmpty())
        return true;
    return AnswerModel::words(sample).contains(m_text, Qt::CaseInsensitive) || sample.instance.contains(m_text, Qt::CaseInsensitive)
        || sample.version.contains(m_text, Qt::CaseInsensitive) || sample.remoteAddress.contains(m_text, Qt::CaseInsensitive)
        || QString::number(sample.httpCode) == m_text;
}

} // namespace catamaran::ui
