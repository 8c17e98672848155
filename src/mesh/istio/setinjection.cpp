// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "mesh/istio/setinjection.h"

#include "mesh/istio/namespacelabel.h"
#include "mesh/istio/say.h"

namespace catamaran::mesh::istio {

namespace {

class SetInjection final : public NamespaceLabel {
public:
    [[nodiscard]] QString name() const override { return QStringLiteral("istio.setInjection"); }

protected:
    [[nodiscard]] core::Result<LabelArguments> read(const QJsonObject &given) const override
    {
        return readLabel(given, QStringLiteral("istio-injection"), [](ArgumentReader &reader, LabelArguments &arguments) {
            const QString on = QStringLiteral("enabled");
            const bool isEnabled = reader.flag(on);
            arguments.value = isEnabled ? on : QString();
            arguments.previous = isEnabled ? QString() : on;
            arguments.onlyOurs = !isEnabled;
        });
    }

    [[nodiscard]] QString titleOf(const LabelArguments &arguments) const override
    {
        return (arguments.value.isEmpty() ? Say::tr("Stop injecting sidecars into namespace %1 of %2")
                                          : Say::tr("Inject sidecars into namespace %1 of %2"))
            .arg(arguments.target.name, arguments.target.cluster);
    }
};

} // namespace

std::unique_ptr<const ops::Kind> makeSetInjection()
{
    return std::make_unique<SetInjection>();
}

} // namespace catamaran::mesh::istio
