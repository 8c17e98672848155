// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include <QtCore>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <tl/expected.hpp>
