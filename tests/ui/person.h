// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QAbstractButton>
#include <QAbstractSpinBox>
#include <QAccessible>
#include <QApplication>
#include <QFileDialog>
#include <QFileInfo>
#include <QLineEdit>
#include <QTest>

/// What a person at keyboard and mouse does, for tests that drive the console from outside.
namespace catamaran::test {

/// The part of @p window with this object name; it is an error of the test when there is none.
template <typename T> T *part(const QWidget &window, const char *name)
{
    auto *found = window.findChild<T *>(QLatin1String(name));
    if (!found)
        qFatal("there is no %s", name);
    return found;
}

inline void click(const QWidget &window, const char *button)
{
    QTest::mouseClick(part<QAbstractButton>(window, button), Qt::LeftButton);
}

/// Presses a button as a screen reader does: by the action it offers first, which clicks nothing where it is a toggle.
inline void pressUnseen(QAbstractButton *button)
{
    QAccessibleInterface *seen = QAccessible::queryAccessibleInterface(button);
    QAccessibleActionInterface *actions = seen ? seen->actionInterface() : nullptr;
    if (!actions || actions->actionNames().isEmpty())
        qFatal("%s offers nothing to a screen reader", qPrintable(button->objectName()));
    actions->doAction(actions->actionNames().constFirst());
}

inline void pressUnseen(const QWidget &window, const char *button)
{
    pressUnseen(part<QAbstractButton>(window, button));
}

/// A key for whatever has the focus, else for @p window.
inline void press(QWidget &window, Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
{
    QWidget *focus = QApplication::focusWidget();
    QTest::keyClick(focus ? focus : &window, key, modifiers);
}

/// Clicks into a spin box, replaces what stands there and leaves it with Tab.
inline void retype(const QWidget &window, const char *spinBox, const QString &text)
{
    auto *edit = part<QAbstractSpinBox>(window, spinBox)->findChild<QLineEdit *>();
    QTest::mouseClick(edit, Qt::LeftButton);
    QTest::keyClick(edit, Qt::Key_A, Qt::ControlModifier);
    QTest::keyClicks(edit, text);
    QTest::keyClick(edit, Qt::Key_Tab);
}

/// Answers the dialog that asks where to save, as typed and confirmed with Enter.
inline void saveAs(QWidget &window, const QString &path)
{
    auto *dialog = part<QFileDialog>(window, "saveFile");
    auto *name = dialog->findChild<QLineEdit *>(QStringLiteral("fileNameEdit"));
    if (!name)
        qFatal("the dialog has no name to type");
    // Not typed letter by letter: the list beside it would take half a name for a file that is there, and the offscreen
    // platform cannot give its completer the keyboard.
    dialog->setDirectory(QFileInfo(path).path());
    dialog->selectFile(QFileInfo(path).fileName());
    QTest::keyClick(name, Qt::Key_Return);
}

} // namespace catamaran::test
