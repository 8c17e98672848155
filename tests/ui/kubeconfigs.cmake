# SPDX-FileCopyrightText: 2026 The Catamaran authors
# SPDX-License-Identifier: Apache-2.0
catamaran_test(tst_contextrows SOURCES tst_contextrows.cpp DEPS Catamaran::ui_setup LABELS unit)
catamaran_test(tst_kubeconfigpage SOURCES tst_kubeconfigpage.cpp DEPS Catamaran::ui_setup LABELS gui range)
add_dependencies(tst_kubeconfigpage catamaran-lab)
catamaran_test(tst_plainclusters SOURCES tst_plainclusters.cpp
    DEPS Catamaran::ui_setup Catamaran::ui_verify Catamaran::ui_drills Catamaran::ui_topology Catamaran::ui_shell LABELS gui range TIMEOUT 300)
add_dependencies(tst_plainclusters catamaran-lab)
