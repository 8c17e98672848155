# SPDX-FileCopyrightText: 2026 The Catamaran authors
# SPDX-License-Identifier: Apache-2.0
catamaran_test(tst_drillview SOURCES tst_drillview.cpp DEPS Catamaran::ui_drills LABELS gui)
catamaran_test(tst_drills SOURCES tst_drills.cpp DEPS Catamaran::ui_drills LABELS gui range TIMEOUT 300)
