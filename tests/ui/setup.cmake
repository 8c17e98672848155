# SPDX-FileCopyrightText: 2026 The Catamaran authors
# SPDX-License-Identifier: Apache-2.0
catamaran_test(tst_setupdraft SOURCES tst_setupdraft.cpp DEPS Catamaran::ui_setup LABELS unit)
catamaran_test(tst_setup SOURCES tst_setup.cpp DEPS Catamaran::ui_setup Catamaran::ui_verify LABELS gui range TIMEOUT 300)
