// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The small widgets that every place is made of. All follow the palette and have accessible names.
#include "ui/common/card.h"
#include "ui/common/commandbox.h"
#include "ui/common/copybutton.h"
#include "ui/common/emptystate.h"
#include "ui/common/errorbanner.h"
#include "ui/common/keyvaluelist.h"
#include "ui/common/labels.h"
#include "ui/common/statebadge.h"
