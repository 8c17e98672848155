# SPDX-FileCopyrightText: 2026 The Catamaran authors
# SPDX-License-Identifier: Apache-2.0
catamaran_test(tst_activity SOURCES tst_activity.cpp DEPS Catamaran::ui_activity LABELS gui)
