# SPDX-FileCopyrightText: 2026 The Catamaran authors
# SPDX-License-Identifier: Apache-2.0
catamaran_test(tst_verify SOURCES tst_verify.cpp DEPS Catamaran::ui_verify LABELS gui)
