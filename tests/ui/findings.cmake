# SPDX-FileCopyrightText: 2026 The Catamaran authors
# SPDX-License-Identifier: Apache-2.0
catamaran_test(tst_findingsplace SOURCES tst_findingsplace.cpp DEPS Catamaran::ui_findings Catamaran::mesh_asm Catamaran::alicloud LABELS gui range TIMEOUT 300)
add_dependencies(tst_findingsplace catamaran-lab)
