# SPDX-FileCopyrightText: 2026 The Catamaran authors
# SPDX-License-Identifier: Apache-2.0
catamaran_test(tst_scenario SOURCES tst_scenario.cpp DEPS Catamaran::ui_shell LABELS gui range TIMEOUT 400)
add_dependencies(tst_scenario catamaran-lab)
