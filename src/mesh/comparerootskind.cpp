// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "mesh/comparerootskind.h"

#include "mesh/arguments.h"
#include "mesh/say.h"
#include "mesh/waiting.h"
#include "ops/kinds/typedkind.h"
#include "pki/ca.h"

#include <algorithm>

namespace catamaran::mesh {

using core::ErrorKind;
using core::Result;
using ops::Description;
using ops::Direction;
using ops::Evidence;
using ops::Names;
using ops::Receipt;
using ops::Scope;
using ops::State;

namespace {

struct Arguments {
    QStringList meshes;
};

Result<Arguments> parsed(const QString &operation, const QJsonObject &given)
{
    ArgumentReader reader(operation, given);
    Arguments arguments { reader.labels(QStringLiteral("meshes")) };
    if (const auto error = reader.error())
        return core::fail(*error);
    return arguments;
}

QString title()
{
    return Say::tr("Prove that all meshes have the same root");
}

class CompareRoots final : public ops::TypedKind<Arguments> {
public:
    explicit CompareRoots(RootWords words)
        : m_words(std::move(words))
    {
    }
    [[nodiscard]] QString name() const override { return QStringLiteral("trust.compareRoots"); }
    [[nodiscard]] bool changes() const override { return false; }

protected:
    [[nodiscard]] Result<Arguments> read(const QJsonObject &given) const override { return parsed(name(), given); }
    [[nodiscard]] Description words(const Arguments &arguments, const Names &names) const override;
    [[nodiscard]] QList<ops::Right> needs(const Arguments &, Direction) const override { return {}; }
    [[nodiscard]] bool isDone(const Arguments &arguments, const State &now) const override;
    [[nodiscard]] bool isSame(const State &a, const State &b) const override;
    [[nodiscard]] Result<State> see(const Arguments &arguments, Scope &scope) const override;
    [[nodiscard]] Result<Receipt> change(const Arguments &arguments, const State &before, Scope &scope) const override;
    [[nodiscard]] Result<Evidence> proof(const Arguments &arguments, Scope &scope) const override;
    [[nodiscard]] Result<Evidence> takeBack(const Arguments &arguments, const State &before, const State &now, Scope &scope) const override;

private:
    const RootWords m_words;
};

} // namespace

Description CompareRoots::words(const Arguments &arguments, const Names &names) const
{
    Description said;
    said.title = title();
    for (const QString &mesh : arguments.meshes) {
        const QString id = names.idOf ? names.idOf(mesh) : QString();
        said.calls.append(m_words.call(id.isEmpty() ? mesh : id));
    }
    said.usualSeconds = 2;
    return said;
}

bool CompareRoots::isDone(const Arguments &, const State &) const
{
    return false; // it is fetched and compared, not assumed: see proof()
}

bool CompareRoots::isSame(const State &, const State &) const
{
    return true;
}

Result<State> CompareRoots::see(const Arguments &, Scope &) const
{
    return State {};
}

Result<Receipt> CompareRoots::change(const Arguments &, const State &, Scope &) const
{
    return Receipt {};
}

Result<Evidence> CompareRoots::proof(const Arguments &arguments, Scope &scope) const
{
    const auto all = readMeshes(scope, title());
    if (!all)
        return core::fail(all.error());
    QList<const MeshStatus *> compared;
    bool same = true;
    for (const QString &name : arguments.meshes) {
        const auto found = std::find_if(all->begin(), all->end(), [&](const MeshStatus &one) { return one.name == name; });
        if (found == all->end())
            return core::fail(ErrorKind::NotFound, title(), name, Say::tr("there is no mesh of this name"));
        if (found->rootFingerprints.isEmpty())
            return core::fail(ErrorKind::Precondition, title(), name, Say::tr("its root could not be read: %1").arg(found->rootError));
        for (const MeshStatus *other : std::as_const(compared)) {
            same = same && pki::sameRoots(other->rootFingerprints, found->rootFingerprints);
            if (!pki::shareARoot(other->rootFingerprints, found->rootFingerprints))
                return core::fail(ErrorKind::Precondition, title(), Say::tr("%1 and %2").arg(other->name, name),
                    Say::tr("their roots differ: %1… and %2…")
                        .arg(other->rootFingerprints.begin()->left(16), found->rootFingerprints.begin()->left(16)),
                    Say::tr("The root of a mesh cannot be changed after its creation: delete one of them and apply again."));
        }
        compared << &*found;
    }
    return Evidence { same ? Say::tr("all have the root %1…").arg(compared.first()->rootFingerprints.begin()->left(16))
                           : Say::tr("they have a root in common, and others besides: a rotation is under way"),
        m_words.source(*compared.first()), scope.clock() };
}

Result<Evidence> CompareRoots::takeBack(const Arguments &, const State &, const State &, Scope &) const
{
    return Evidence {};
}

std::unique_ptr<const ops::Kind> makeTrustCompareRoots(RootWords words)
{
    return std::make_unique<CompareRoots>(std::move(words));
}

} // namespace catamaran::mesh
