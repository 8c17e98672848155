// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mesh/arguments.h"
#include "ops/kinds/typedkind.h"

#include <functional>

/// What the kinds have in common that set one label of one namespace.
namespace catamaran::mesh::istio {

struct LabelArguments {
    ops::Target target; ///< the namespace
    QString label, value; ///< value empty: without the label
    bool onlyOurs = false; ///< a label that others have set stays, and that counts as done
    QString previous {}; ///< as the planner saw it, for the words
};

/// State {exists, uid, value, ours}: value empty without the label, ours whether Catamaran set it (not compared). A namespace that is not
/// there is NotFound. Taking back gives the label its former value, or takes it off.
class NamespaceLabel : public ops::TypedKind<LabelArguments> {
protected:
    /// From "cluster" and "namespace", and what @p more takes.
    [[nodiscard]] core::Result<LabelArguments> readLabel(
        const QJsonObject &given, const QString &label, const std::function<void(ArgumentReader &, LabelArguments &)> &more) const;
    [[nodiscard]] virtual QString titleOf(const LabelArguments &arguments) const = 0;

    [[nodiscard]] ops::Description words(const LabelArguments &arguments, const ops::Names &names) const override;
    [[nodiscard]] QList<ops::Right> needs(const LabelArguments &arguments, ops::Direction direction) const override;
    [[nodiscard]] bool isDone(const LabelArguments &arguments, const ops::State &now) const override;
    [[nodiscard]] QString whyDone(const LabelArguments &arguments, const ops::State &now, const ops::Names &names) const override;
    [[nodiscard]] bool isSame(const ops::State &a, const ops::State &b) const override;
    [[nodiscard]] QString goneWith(const LabelArguments &arguments, const ops::State &before, const ops::State &now) const override;
    [[nodiscard]] core::Result<ops::State> see(const LabelArguments &arguments, ops::Scope &scope) const override;
    [[nodiscard]] core::Result<ops::Receipt> change(
        const LabelArguments &arguments, const ops::State &before, ops::Scope &scope) const override;
    [[nodiscard]] core::Result<ops::Evidence> proof(const LabelArguments &arguments, ops::Scope &scope) const override;
    [[nodiscard]] core::Result<ops::Evidence> takeBack(
        const LabelArguments &arguments, const ops::State &before, const ops::State &now, ops::Scope &scope) const override;

private:
    [[nodiscard]] core::Result<kube::Written> give(
        const LabelArguments &arguments, const QString &value, const ops::State &seen, ops::Scope &scope) const;
};

} // namespace catamaran::mesh::istio
