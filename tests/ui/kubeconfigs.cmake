# SPDX-FileCopyrightText: 2026 The Catamaran authors
# SPDX-License-Identifier: Apache-2.0
catamaran_test(tst_contextrows SOURCES tst_contextrows.cpp DEPS Catamaran::ui_setup LABELS unit)
catamaran_test(tst_kubeconfigpage SOURCES tst_kubeconfigpage.cpp ${PROJECT_SOURCE_DIR}/tests/support/labprocess.cpp DEPS Catamaran::ui_setup LABELS gui range)
if(TARGET catamaran-lab)
    add_dependencies(tst_kubeconfigpage catamaran-lab)
endif()
catamaran_test(tst_plainclusters SOURCES tst_plainclusters.cpp ${PROJECT_SOURCE_DIR}/tests/support/labprocess.cpp
    DEPS Catamaran::ui_setup Catamaran::ui_verify Catamaran::ui_drills Catamaran::ui_topology Catamaran::ui_shell LABELS gui range TIMEOUT 300)
if(TARGET catamaran-lab)
    add_dependencies(tst_plainclusters catamaran-lab)
endif()
