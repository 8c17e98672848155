// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include <QtCore>
#include <QtWidgets>
#include <functional>
#include <memory>
#include <optional>
#include <tl/expected.hpp>
