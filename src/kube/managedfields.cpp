// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "kube/managedfields.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <functional>
#include <map>

namespace catamaran::kube {

namespace {

constexpr int deepest = 64;

void read(const QJsonObject &node, QStringList &path, FieldSet &into)
{
    if (path.size() > deepest)
        return;
    for (auto it = node.begin(); it != node.end(); ++it) {
        if (it.key() == u".") {
            if (!path.isEmpty())
                into.insert(path);
            continue;
        }
        path.append(it.key());
        if (const QJsonObject inner = it.value().toObject(); inner.isEmpty())
            into.insert(path);
        else
            read(inner, path, into);
        path.removeLast();
    }
}

FieldSet fieldsWhere(const QJsonObject &object, const std::function<bool(const QJsonObject &entry)> &counts)
{
    FieldSet fields;
    const QJsonArray entries = object.value(u"metadata").toObject().value(u"managedFields").toArray();
    for (const QJsonValue &value : entries) {
        const QJsonObject entry = value.toObject();
        QStringList path;
        if (counts(entry))
            read(entry.value(u"fieldsV1").toObject(), path, fields);
    }
    std::erase_if(fields, [](const QStringList &path) { return path.first() == u"f:status"; });
    return fields;
}

bool isOf(const QJsonObject &entry, const QString &manager)
{
    return entry.value(u"manager").toString() == manager;
}

bool isApplied(const QJsonObject &entry, const QString &manager)
{
    return isOf(entry, manager) && entry.value(u"operation").toString() == u"Apply" && entry.value(u"subresource").toString().isEmpty();
}

/// The set as a tree: what is owned below a path, if not the path as a whole.
struct Node {
    std::map<QString, Node> below;
};

Node treeOf(const FieldSet &fields)
{
    Node root;
    for (const QStringList &path : fields) {
        Node *here = &root;
        for (const QString &step : path)
            here = &here->below[step];
    }
    return root;
}

/// "k:{…}" and "v:…" carry JSON, which QJsonDocument reads in a list only.
QJsonValue jsonOf(const QString &step)
{
    return QJsonDocument::fromJson('[' + step.mid(2).toUtf8() + ']').array().first();
}

bool isItem(const QJsonValue &item, int index, const QString &step)
{
    if (step.startsWith(QLatin1StringView("i:")))
        return step.mid(2).toInt() == index;
    const QJsonValue wanted = jsonOf(step);
    if (step.startsWith(QLatin1StringView("v:")))
        return item == wanted;
    const QJsonObject keys = wanted.toObject(), object = item.toObject();
    for (auto it = keys.begin(); it != keys.end(); ++it) {
        const bool isDefault = it.key() == u"protocol" && !object.contains(it.key()) && it.value() == QStringLiteral("TCP");
        if (object.value(it.key()) != it.value() && !isDefault)
            return false;
    }
    return step.startsWith(QLatin1StringView("k:")) && !keys.isEmpty();
}

QJsonValue cut(const QJsonValue &value, const Node &node)
{
    if (node.below.empty())
        return value;
    if (value.isArray()) {
        QJsonArray kept; // in the object's order
        const QJsonArray items = value.toArray();
        for (int i = 0; i < items.size(); ++i) {
            for (const auto &[step, inner] : node.below) {
                if (!isItem(items.at(i), i, step))
                    continue;
                QJsonValue item = cut(items.at(i), inner);
                if (step.startsWith(QLatin1StringView("k:"))) {
                    QJsonObject object = item.toObject();
                    const QJsonObject keys = jsonOf(step).toObject();
                    for (auto it = keys.begin(); it != keys.end(); ++it)
                        object.insert(it.key(), it.value());
                    item = object;
                }
                kept.append(item);
                break;
            }
        }
        return kept;
    }
    QJsonObject kept;
    const QJsonObject object = value.toObject();
    for (const auto &[step, inner] : node.below) {
        if (!step.startsWith(QLatin1StringView("f:")))
            continue;
        const QString name = step.mid(2);
        const auto member = object.find(name);
        if (member == object.end())
            continue;
        const QJsonValue rest = cut(member.value(), inner);
        // A map or list of which nothing is left is not owned itself.
        const bool isVoid = (rest.isObject() && rest.toObject().isEmpty()) || (rest.isArray() && rest.toArray().isEmpty());
        if (inner.below.empty() || !isVoid)
            kept.insert(name, rest);
    }
    return kept;
}

} // namespace

bool isAppliedBy(const QJsonObject &object, const QString &manager)
{
    const QJsonArray entries = object.value(u"metadata").toObject().value(u"managedFields").toArray();
    return std::any_of(entries.begin(), entries.end(), [&](const QJsonValue &entry) { return isApplied(entry.toObject(), manager); });
}

FieldSet fieldsOf(const QJsonObject &object, const QString &manager)
{
    FieldSet fields = fieldsWhere(
        object, [&](const QJsonObject &entry) { return isOf(entry, manager) && entry.value(u"subresource").toString() != u"status"; });
    // A map that we brought and others have put something into is not ours as a whole.
    const FieldSet others = fieldsOfOthers(object, manager);
    std::erase_if(fields, [&](const QStringList &path) {
        const auto next = others.upper_bound(path);
        return next != others.end() && next->size() > path.size() && std::equal(path.begin(), path.end(), next->begin());
    });
    return fields;
}

FieldSet fieldsAppliedBy(const QJsonObject &object, const QString &manager)
{
    return fieldsWhere(object, [&](const QJsonObject &entry) { return isApplied(entry, manager); });
}

FieldSet fieldsOfOthers(const QJsonObject &object, const QString &manager)
{
    return fieldsWhere(
        object, [&](const QJsonObject &entry) { return !isOf(entry, manager) && entry.value(u"subresource").toString() != u"status"; });
}

QStringList otherManagers(const QJsonObject &object, const QString &manager)
{
    QStringList names;
    const QJsonArray entries = object.value(u"metadata").toObject().value(u"managedFields").toArray();
    for (const QJsonValue &value : entries) {
        const QJsonObject entry = value.toObject();
        const QString name = entry.value(u"manager").toString();
        if (name != manager && entry.value(u"subresource").toString() != u"status" && !names.contains(name))
            names.append(name);
    }
    return names;
}

QJsonObject restrictedTo(const QJsonObject &object, const FieldSet &fields)
{
    return fields.empty() ? QJsonObject() : cut(object, treeOf(fields)).toObject();
}

} // namespace catamaran::kube
