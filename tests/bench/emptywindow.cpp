// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
// The yardstick of bench_startup: an empty main window with a chart view. Prints one line when its first frame is painted.
#include <QApplication>
#include <QChartView>
#include <QMainWindow>
#include <QTimer>

#include <cstdio>

namespace {

class FirstFrame : public QObject {
public:
    using QObject::QObject;
    bool eventFilter(QObject *, QEvent *event) override
    {
        if (event->type() == QEvent::Paint && !m_seen) {
            m_seen = true;
            QTimer::singleShot(0, [] {
                std::puts("{\"first_frame\":true}");
                std::fflush(stdout);
            });
        }
        return false;
    }

private:
    bool m_seen = false;
};

} // namespace

int main(int argc, char **argv)
{
    QApplication app(argc, argv);
    QMainWindow window;
    auto *view = new QChartView(&window);
    window.setCentralWidget(view);
    window.resize(1280, 800);
    FirstFrame filter;
    view->viewport()->installEventFilter(&filter);
    window.show();
    return QApplication::exec();
}
