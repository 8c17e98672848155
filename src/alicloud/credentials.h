// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/secret.h"
#include "net/httpclient.h"

#include <QDateTime>
#include <QMap>
#include <QString>
#include <QUrl>

namespace catamaran::alicloud {

struct Credentials {
    QString accessKeyId;
    core::Secret accessKeySecret;
    core::Secret securityToken; ///< STS; empty for a permanent key
    QDateTime expires {}; ///< null: never, or nobody knows
};

/// Where the products answer and whom to trust there. Defaults: the public hosts and the system's trust store.
struct Endpoints {
    QUrl servicemesh { QStringLiteral("https://servicemesh.aliyuncs.com") };
    QString csTemplate = QStringLiteral("https://cs.%1.aliyuncs.com"); ///< %1 = region; without %1 one host for all
    QList<QSslCertificate> trusted;
    QUrl sts { QStringLiteral("https://sts.aliyuncs.com") };
};

} // namespace catamaran::alicloud
