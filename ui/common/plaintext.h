// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>
#include <QVariant>

/// Text from outside is text, also in a window. Qt takes whatever looks like HTML for HTML, in labels, tooltips and message
/// boxes alike: a pod's answer could write in green that all went well, or have a local file opened as a picture.
namespace catamaran::ui {

/// From now on no label and no tooltip of the application guesses, Qt's own included: those that were not told their format
/// show plain text; tooltips and titles of widgets are printable (core/printable.h). Needs a QApplication; doing it again
/// changes nothing.
void keepTextsPlain();

/// @p text for a tooltip: printable, and not taken for HTML by whoever shows it.
[[nodiscard]] QString plainToolTip(const QString &text);

/// @p text for a button or a menu: one printable line, in which & is no mnemonic.
[[nodiscard]] QString buttonText(const QString &text);

/// What a model may hand out of @p value in @p role: shown texts printable, tooltips plain, all else as it is.
[[nodiscard]] QVariant plainData(const QVariant &value, int role);

/// A model of the kind @p Base whose texts are plain for whoever shows them: it says value() where others say data().
template <typename Base> class PlainModel : public Base {
public:
    using Base::Base;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const final
    {
        return plainData(value(index, role), role);
    }

protected:
    [[nodiscard]] virtual QVariant value(const QModelIndex &index, int role) const = 0;
};

} // namespace catamaran::ui
