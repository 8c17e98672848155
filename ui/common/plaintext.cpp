// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/common/plaintext.h"

#include "core/printable.h"

#include <QApplication>
#include <QEvent>
#include <QLabel>
#include <QPointer>

namespace catamaran::ui {

namespace {

class PlainTexts final : public QObject {
public:
    using QObject::QObject;

protected:
    bool eventFilter(QObject *watched, QEvent *event) override
    {
        switch (event->type()) {
        case QEvent::Polish: // before it is seen first; QToolTip's label is polished before it gets its text
            if (auto *label = qobject_cast<QLabel *>(watched); label && label->textFormat() == Qt::AutoText)
                label->setTextFormat(Qt::PlainText);
            break;
        case QEvent::ToolTipChange:
            if (auto *widget = qobject_cast<QWidget *>(watched)) {
                if (const QString plain = plainToolTip(widget->toolTip()); plain != widget->toolTip())
                    widget->setToolTip(plain); // comes back here, and is plain
            }
            break;
        case QEvent::WindowTitleChange:
            if (auto *widget = qobject_cast<QWidget *>(watched)) {
                if (const QString plain = core::printableLine(widget->windowTitle()); plain != widget->windowTitle())
                    widget->setWindowTitle(plain);
            }
            break;
        default: break;
        }
        return false;
    }
};

} // namespace

void keepTextsPlain()
{
    static QPointer<PlainTexts> kept;
    if (!kept) {
        kept = new PlainTexts(qApp);
        qApp->installEventFilter(kept);
    }
}

QString plainToolTip(const QString &text)
{
    QString plain = core::printable(text);
    // QToolTip's own label is told above, others guess. A tag or an entity that is parted from its first sign is none, and
    // looks the same: by the selector that asks for the sign as text.
    if (Qt::mightBeRichText(plain))
        plain.replace(u'<', QStringLiteral("<\ufe0e")).replace(u'&', QStringLiteral("&\ufe0e"));
    return plain;
}

QString buttonText(const QString &text)
{
    return core::printableLine(text).replace(u'&', QStringLiteral("&&"));
}

QVariant plainData(const QVariant &value, int role)
{
    if (value.typeId() != QMetaType::QString)
        return value;
    switch (role) {
    case Qt::DisplayRole:
    case Qt::StatusTipRole:
    case Qt::AccessibleTextRole:
    case Qt::AccessibleDescriptionRole: return core::printable(value.toString());
    case Qt::ToolTipRole:
    case Qt::WhatsThisRole: return plainToolTip(value.toString());
    default: return value;
    }
}

} // namespace catamaran::ui
