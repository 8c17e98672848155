# SPDX-FileCopyrightText: 2026 The Catamaran authors
# SPDX-License-Identifier: Apache-2.0
catamaran_test(tst_scenario SOURCES tst_scenario.cpp ${PROJECT_SOURCE_DIR}/tests/support/labprocess.cpp DEPS Catamaran::ui_shell LABELS gui range TIMEOUT 400)
if(TARGET catamaran-lab)
    add_dependencies(tst_scenario catamaran-lab)
endif()
