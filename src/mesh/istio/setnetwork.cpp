// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "mesh/istio/setnetwork.h"

#include "mesh/istio/namespacelabel.h"
#include "mesh/istio/primary.h"
#include "mesh/istio/say.h"

namespace catamaran::mesh::istio {

namespace {

class SetNetwork final : public NamespaceLabel {
public:
    [[nodiscard]] QString name() const override { return QStringLiteral("istio.setNetwork"); }

protected:
    [[nodiscard]] core::Result<LabelArguments> read(const QJsonObject &given) const override
    {
        return readLabel(given, networkLabel, [](ArgumentReader &reader, LabelArguments &arguments) {
            if (reader.has(QStringLiteral("network")))
                arguments.value = reader.label(QStringLiteral("network"));
            if (reader.has(QStringLiteral("previous")))
                arguments.previous = reader.label(QStringLiteral("previous"));
        });
    }

    [[nodiscard]] QString titleOf(const LabelArguments &arguments) const override
    {
        return arguments.value.isEmpty() ? Say::tr("Say of no network that %1 is on it").arg(arguments.target.cluster)
                                         : Say::tr("Say that %1 is on %2").arg(arguments.target.cluster, arguments.value);
    }
};

} // namespace

std::unique_ptr<const ops::Kind> makeSetNetwork()
{
    return std::make_unique<SetNetwork>();
}

} // namespace catamaran::mesh::istio
