// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "kube/configdata.h"

#include "core/wholepattern.h"
#include "core/yamldocuments.h"
#include "kube/say.h"

#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QUrl>

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <initializer_list>
#include <string_view>
#include <vector>

namespace catamaran::kube {

using core::ErrorKind;
using core::Result;

namespace {

constexpr int maxJsonNodes = 10000;
constexpr int maxJsonDepth = 100;
constexpr int maxMergedEntries = 200000; ///< of all maps of a file, over merge keys: aliases make much of little
constexpr int maxMergeDepth = 50;

enum class Scalar { Text, Bool, Number, Null };

/// What a plain scalar is under the YAML 1.1 rules of Go's reader. Dates stay text there.
Scalar scalarKind(const YAML::Node &node)
{
    if (node.Tag() == "!" || node.Tag() == "tag:yaml.org,2002:str")
        return Scalar::Text; // quoted
    const QString text = core::yamlText(node.Scalar());
    static const QRegularExpression boolean
        = core::wholePattern(QStringLiteral("y|Y|yes|Yes|YES|n|N|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF"));
    static const QRegularExpression number = core::wholePattern(QStringLiteral(
        "[-+]?([0-9][0-9_]*|0b[01_]+|0o[0-7_]+|0x[0-9a-fA-F_]+|(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?|\\.(inf|Inf|INF))|\\.(nan|NaN|NAN)"));
    if (text.isEmpty() || text == u"~" || text == u"null" || text == u"Null" || text == u"NULL")
        return Scalar::Null;
    if (boolean.match(text).hasMatch())
        return Scalar::Bool;
    return number.match(text).hasMatch() ? Scalar::Number : Scalar::Text;
}

bool isTrue(const std::string &text)
{
    return !text.empty()
        && (text[0] == 'y' || text[0] == 'Y' || text[0] == 't' || text[0] == 'T' || text == "on" || text == "On" || text == "ON");
}

/// Thrown inside this file only: reading is a descent through maps, and every step may find something wrong.
struct Wrong {
    int line;
    QString what;
};

QString kindText(const YAML::Node &node)
{
    if (node.IsMap())
        return Say::tr("a map");
    if (node.IsSequence())
        return Say::tr("a list");
    switch (scalarKind(node)) {
    case Scalar::Bool: return Say::tr("a true/false value");
    case Scalar::Number: return Say::tr("a number");
    case Scalar::Null: return Say::tr("empty");
    case Scalar::Text: break;
    }
    return Say::tr("text");
}

int line(const YAML::Node &node)
{
    return node.IsDefined() && !node.Mark().is_null() ? node.Mark().line + 1 : 0;
}

bool isNull(const YAML::Node &node)
{
    return node.IsNull() || (node.IsScalar() && scalarKind(node) == Scalar::Null);
}

using Entries = std::vector<std::pair<YAML::Node, YAML::Node>>;

/// The entries of a map in the order in which Go's reader sets them, so that of equal keys the last counts: a merge key
/// (“<<”) stands for what it names, where it is named; of a list of maps the first counts, so it is set last.
class MergedMap {
public:
    /// @p budget: how many more entries may come out of merge keys; shared by all maps of a file.
    MergedMap(const YAML::Node &map, int &budget)
        : m_budget(budget)
    {
        add(map, 0);
    }
    [[nodiscard]] const Entries &entries() const { return m_entries; }

private:
    static bool isMergeKey(const YAML::Node &key)
    {
        return key.IsScalar() && key.Scalar() == "<<" && (key.Tag() == "?" || key.Tag().empty() || key.Tag() == "tag:yaml.org,2002:merge");
    }

    void add(const YAML::Node &map, int depth)
    {
        for (const auto &pair : map) {
            if (isMergeKey(pair.first)) // an alias is where its anchor is; Go's reader takes one of a map, not of a list
                merge(pair.second, depth + 1, pair.second.Mark().pos > pair.first.Mark().pos);
            else if (depth > 0 && --m_budget < 0)
                throw tooMuch(map);
            else
                m_entries.emplace_back(pair.first, pair.second);
        }
    }

    void merge(const YAML::Node &what, int depth, bool mayBeList)
    {
        if (depth > maxMergeDepth || --m_budget < 0)
            throw tooMuch(what);
        if (what.IsMap()) {
            add(what, depth);
        } else if (what.IsSequence() && mayBeList) {
            for (std::size_t i = what.size(); i > 0; --i)
                merge(what[i - 1], depth, false);
        } else {
            throw Wrong { line(what), Say::tr("the merge key “<<” needs a map or a list of maps, but has %1").arg(kindText(what)) };
        }
    }

    static Wrong tooMuch(const YAML::Node &node)
    {
        return { line(node), Say::tr("its merge keys (“<<”) are nested too deeply, or give too many entries") };
    }

    int &m_budget;
    Entries m_entries;
};

/// One map of the document with its place in it.
class Map {
public:
    Map(YAML::Node node, QString path, int &budget)
        : m_node(std::move(node))
        , m_path(std::move(path))
        , m_budget(&budget)
    {
        if (m_node.IsMap())
            m_entries = MergedMap(m_node, budget).entries();
        else if (m_node.IsDefined() && !isNull(m_node))
            throw Wrong { line(m_node), Say::tr("%1 must be a map, but is %2").arg(shownPath(), kindText(m_node)) };
    }

    [[nodiscard]] YAML::Node find(const char *key) const
    {
        YAML::Node found(YAML::NodeType::Undefined);
        for (const auto &[name, value] : m_entries) {
            if (name.IsScalar() && name.Scalar() == key)
                found.reset(value);
        }
        return found;
    }

    [[nodiscard]] QString text(const char *key) const
    {
        const YAML::Node node = find(key);
        return node.IsDefined() ? textOf(node, pathOf(key)) : QString();
    }

    [[nodiscard]] bool flag(const char *key) const
    {
        const YAML::Node node = find(key);
        if (!node.IsDefined() || isNull(node))
            return false;
        if (!node.IsScalar() || scalarKind(node) != Scalar::Bool)
            throw Wrong { line(node), Say::tr("%1 must be true or false, but is %2").arg(pathOf(key), kindText(node)) };
        return isTrue(node.Scalar());
    }

    [[nodiscard]] QByteArray base64(const char *key) const
    {
        QByteArray encoded = text(key).toLatin1();
        encoded.replace('\n', "").replace('\r', "");
        const auto decoded = QByteArray::fromBase64Encoding(encoded, QByteArray::Base64Encoding | QByteArray::AbortOnBase64DecodingErrors);
        if (!decoded || encoded.size() % 4 != 0)
            throw Wrong { line(find(key)), Say::tr("%1 is not valid base64").arg(pathOf(key)) };
        return decoded.decoded;
    }

    [[nodiscard]] QStringList texts(const char *key) const
    {
        QStringList result;
        for (const YAML::Node &item : list(key))
            result.append(textOf(item, pathOf(key)));
        return result;
    }

    [[nodiscard]] QList<YAML::Node> list(const char *key) const
    {
        QList<YAML::Node> result;
        const YAML::Node node = find(key);
        if (!node.IsDefined() || isNull(node))
            return result;
        if (!node.IsSequence())
            throw Wrong { line(node), Say::tr("%1 must be a list, but is %2").arg(pathOf(key), kindText(node)) };
        for (const auto &item : node)
            result.append(item);
        return result;
    }

    [[nodiscard]] Map map(const char *key) const { return { find(key), pathOf(key), *m_budget }; }
    [[nodiscard]] Map map(const YAML::Node &item, const char *key) const { return { item, pathOf(key), *m_budget }; } ///< of list(key)
    [[nodiscard]] bool has(const char *key) const
    {
        const YAML::Node node = find(key);
        return node.IsDefined() && !isNull(node);
    }
    [[nodiscard]] QString pathOf(const char *key) const
    {
        return m_path.isEmpty() ? QString::fromUtf8(key) : m_path + u'.' + QString::fromUtf8(key);
    }
    [[nodiscard]] const Entries &entries() const { return m_entries; }

    [[nodiscard]] static QString textOf(const YAML::Node &node, const QString &path)
    {
        if (isNull(node))
            return {};
        if (!node.IsScalar() || scalarKind(node) != Scalar::Text) {
            throw Wrong { line(node),
                Say::tr("%1 must be text, but is %2").arg(path, kindText(node))
                    + (node.IsScalar() ? Say::tr("; put it in quotes") : QString()) };
        }
        return core::yamlText(node.Scalar());
    }

private:
    [[nodiscard]] QString shownPath() const { return m_path.isEmpty() ? Say::tr("the file") : m_path; }

    YAML::Node m_node;
    QString m_path;
    int *m_budget;
    Entries m_entries;
};

QJsonValue toJson(const YAML::Node &node, int &budget, int depth = 0)
{
    if (--budget < 0 || depth > maxJsonDepth) // an alias may contain itself
        throw Wrong { line(node), Say::tr("the cluster's exec extension is too large") };
    if (node.IsMap()) {
        QJsonObject object;
        const MergedMap map(node, budget);
        for (const auto &[key, value] : map.entries())
            object.insert(core::yamlText(key.IsScalar() ? key.Scalar() : std::string()), toJson(value, budget, depth + 1));
        return object;
    }
    if (node.IsSequence()) {
        QJsonArray array;
        for (const auto &item : node)
            array.append(toJson(item, budget, depth + 1));
        return array;
    }
    if (!node.IsScalar())
        return QJsonValue::Null;
    const QString text = core::yamlText(node.Scalar());
    switch (scalarKind(node)) {
    case Scalar::Null: return QJsonValue::Null;
    case Scalar::Bool: return isTrue(node.Scalar());
    case Scalar::Number: {
        bool ok = false;
        const double value = text.toDouble(&ok);
        return ok ? QJsonValue(value) : QJsonValue(text);
    }
    case Scalar::Text: break;
    }
    return text;
}

class Reader {
public:
    using Data = Kubeconfig::Data;

    Reader(QString file, QString folder, Origin origin)
        : m_file(std::move(file))
        , m_folder(std::move(folder))
        , m_origin(origin)
    {
    }

    Data read(const YAML::Node &root)
    {
        Data data;
        data.origin = m_origin;
        data.files = { m_file };
        if (!root.IsDefined() || isNull(root))
            return data; // an empty file is an empty configuration
        const Map top(root, {}, m_budget);
        const QString kind = top.text("kind");
        const QString apiVersion = top.text("apiVersion");
        if ((!kind.isEmpty() && kind != u"Config") || (!apiVersion.isEmpty() && apiVersion != u"v1"))
            throw Wrong { line(root), Say::tr("this is a %1 of %2, not a kubeconfig (Config of v1)").arg(kind, apiVersion) };
        data.currentContext = top.text("current-context");
        forEach(top, "clusters", "cluster", [&](const QString &name, const Map &body, int line) {
            once(data.clusters.contains(name), Say::tr("cluster"), name, line);
            data.clusters.insert(name, cluster(body));
        });
        forEach(top, "users", "user", [&](const QString &name, const Map &body, int line) {
            once(data.users.contains(name), Say::tr("user"), name, line);
            data.users.insert(name, user(name, body));
        });
        forEach(top, "contexts", "context", [&](const QString &name, const Map &body, int line) {
            once(std::any_of(data.contexts.cbegin(), data.contexts.cend(), [&](const KubeContext &c) { return c.name == name; }),
                Say::tr("context"), name, line);
            data.contexts.append({ name, body.text("cluster"), body.text("user"), body.text("namespace"), m_file });
        });
        return data;
    }

private:
    template <typename Function> void forEach(const Map &top, const char *listName, const char *member, Function function)
    {
        int index = 0;
        for (const YAML::Node &item : top.list(listName)) {
            const Map entry(item, QStringLiteral("%1[%2]").arg(QString::fromLatin1(listName)).arg(index++), m_budget);
            const QString name = entry.text("name");
            function(name, entry.map(member), line(item));
        }
    }

    static void once(bool again, const QString &what, const QString &name, int line)
    {
        if (again)
            throw Wrong { line, Say::tr("%1 “%2” is there twice").arg(what, name) };
    }

    static bool saysSomething(const YAML::Node &node)
    {
        if (!node.IsDefined() || isNull(node))
            return false;
        if (node.IsScalar())
            return !node.Scalar().empty() && !(scalarKind(node) == Scalar::Bool && !isTrue(node.Scalar()));
        return node.size() > 0;
    }

    static QString dangerOf(const std::string &key)
    {
        if (key == "exec" || key == "auth-provider")
            return Say::tr("names a program");
        if (key == "certificate-authority" || key == "client-certificate" || key == "client-key" || key == "tokenFile")
            return Say::tr("names a file of this machine");
        if (key == "proxy-url")
            return Say::tr("names a proxy");
        if (key == "insecure-skip-tls-verify")
            return Say::tr("turns verification off");
        return Say::tr("asks for something else than an address and credentials");
    }

    /// In an answer over the network, whatever says something beside @p allowed is refused with its name: also what comes
    /// by a merge key, and what another entry of the same name hides.
    void refuse(const Map &body, std::initializer_list<std::string_view> allowed) const
    {
        if (m_origin == Origin::User)
            return;
        for (const auto &[key, value] : body.entries()) {
            const std::string name = key.IsScalar() ? key.Scalar() : std::string();
            if (std::find(allowed.begin(), allowed.end(), name) != allowed.end() || !saysSomething(value))
                continue;
            throw Wrong { line(key),
                Say::tr("%1 %2, which a kubeconfig that came over the network may not do")
                    .arg(body.pathOf(name.c_str()).left(200), dangerOf(name)) };
        }
    }

    QString path(const Map &body, const char *key) const
    {
        const QString text = body.text(key);
        if (text.isEmpty() || QDir::isAbsolutePath(text))
            return text;
        if (m_folder.isEmpty())
            throw Wrong { line(body.find(key)),
                Say::tr("%1 is a relative path, but this configuration is not a file").arg(body.pathOf(key)) };
        return QDir::cleanPath(m_folder + u'/' + text);
    }

    ClusterEntry cluster(const Map &body)
    {
        refuse(body, { "server", "tls-server-name", "certificate-authority-data", "extensions" });
        ClusterEntry entry;
        entry.file = m_file;
        entry.server = body.text("server");
        if (const QUrl server(entry.server, QUrl::StrictMode);
            m_origin == Origin::Network && !entry.server.isEmpty() && (server.scheme() != u"https" || !server.userInfo().isEmpty())) {
            throw Wrong { line(body.find("server")),
                Say::tr("%1 must be an https address without a user name in a kubeconfig that came over the network")
                    .arg(body.pathOf("server")) };
        }
        entry.tlsServerName = body.text("tls-server-name");
        entry.proxyUrl = body.text("proxy-url");
        entry.authorityFile = path(body, "certificate-authority");
        entry.authorityData = body.base64("certificate-authority-data");
        entry.skipVerification = body.flag("insecure-skip-tls-verify");
        entry.disableCompression = body.flag("disable-compression");
        for (const YAML::Node &item : m_origin == Origin::User ? body.list("extensions") : QList<YAML::Node>()) { // they speak to plugins
            const Map extension = body.map(item, "extensions");
            if (extension.text("name") != u"client.authentication.k8s.io/exec")
                continue;
            int budget = maxJsonNodes;
            const QJsonValue json = toJson(extension.find("extension"), budget);
            entry.execConfig = QJsonDocument(QJsonArray { json }).toJson(QJsonDocument::Compact); // an array of one: any value fits
        }
        return entry;
    }

    UserEntry user(const QString &name, const Map &body)
    {
        refuse(body, { "client-certificate-data", "client-key-data", "token", "extensions" });
        UserEntry entry;
        entry.file = m_file;
        entry.certificateFile = path(body, "client-certificate");
        entry.certificateData = body.base64("client-certificate-data");
        entry.keyFile = path(body, "client-key");
        entry.keyData = core::Secret(body.base64("client-key-data"));
        entry.token = core::Secret(body.text("token").toUtf8());
        entry.tokenFile = path(body, "tokenFile");
        entry.username = body.text("username");
        entry.password = core::Secret(body.text("password").toUtf8());
        entry.impersonateUser = body.text("as");
        entry.impersonateUid = body.text("as-uid");
        entry.impersonateGroups = body.texts("as-groups");
        if (body.has("as-user-extra")) {
            const Map extra = body.map("as-user-extra");
            for (const auto &pair : extra.entries()) {
                const QString key = Map::textOf(pair.first, body.pathOf("as-user-extra"));
                entry.impersonateExtra.append({ key, extra.texts(key.toUtf8().constData()) });
            }
        }
        if (body.has("auth-provider"))
            entry.authProvider = body.map("auth-provider").text("name");
        if (body.has("auth-provider") && entry.authProvider.isEmpty())
            entry.authProvider = QStringLiteral("?");
        if (body.has("exec"))
            entry.exec = plugin(name, body.map("exec"));
        return entry;
    }

    ExecPlugin plugin(const QString &user, const Map &body)
    {
        ExecPlugin exec;
        exec.file = m_file;
        exec.origin = Say::tr("user %1 in %2").arg(user, m_file);
        exec.apiVersion = body.text("apiVersion");
        exec.command = body.text("command");
        if (exec.command.contains(u'/') && !QDir::isAbsolutePath(exec.command))
            exec.command = path(body, "command");
        exec.arguments = body.texts("args");
        for (const YAML::Node &item : body.list("env")) {
            const Map variable = body.map(item, "env");
            exec.environment.append({ variable.text("name"), variable.text("value") });
        }
        exec.installHint = body.text("installHint");
        exec.interactiveMode = body.text("interactiveMode");
        exec.provideClusterInfo = body.flag("provideClusterInfo");
        return exec;
    }

    QString m_file, m_folder;
    Origin m_origin;
    int m_budget = maxMergedEntries;
};

} // namespace

Result<Kubeconfig::Data> readConfigText(const QByteArray &yaml, const QString &file, const QString &folder, Origin origin)
{
    const auto wrong = [&file, origin](int line, const QString &what) {
        return core::fail(ErrorKind::InvalidInput, Say::tr("read the kubeconfig"),
            line > 0 ? QStringLiteral("%1:%2").arg(file).arg(line) : file, what,
            origin == Origin::User
                ? Say::tr("Correct the file, or take another one.")
                : Say::tr(
                    "It was not used. Find out who changed it; where it is right, save it in a file of yours and name that file in the environment."));
    };
    try {
        return Reader(file, folder, origin).read(YAML::Load(std::string(yaml.constData(), static_cast<size_t>(yaml.size()))));
    } catch (const Wrong &error) {
        return wrong(error.line, error.what);
    } catch (const YAML::Exception &error) {
        return wrong(
            error.mark.is_null() ? 0 : error.mark.line + 1, Say::tr("it is not valid YAML: %1").arg(QString::fromStdString(error.msg)));
    }
}

void mergeConfig(Kubeconfig::Data &merged, const Kubeconfig::Data &next)
{
    for (auto it = next.clusters.cbegin(); it != next.clusters.cend(); ++it) {
        if (merged.clusters.contains(it.key()))
            merged.shadowed[QStringLiteral("cluster ") + it.key()].append(it->file);
        else
            merged.clusters.insert(it.key(), *it);
    }
    for (auto it = next.users.cbegin(); it != next.users.cend(); ++it) {
        if (merged.users.contains(it.key()))
            merged.shadowed[QStringLiteral("user ") + it.key()].append(it->file);
        else
            merged.users.insert(it.key(), *it);
    }
    for (const KubeContext &context : next.contexts) {
        const bool known
            = std::any_of(merged.contexts.cbegin(), merged.contexts.cend(), [&](const KubeContext &c) { return c.name == context.name; });
        if (known)
            merged.shadowed[QStringLiteral("context ") + context.name].append(context.file);
        else
            merged.contexts.append(context);
    }
    if (merged.currentContext.isEmpty())
        merged.currentContext = next.currentContext;
    merged.files += next.files;
    merged.issues += next.issues;
}

} // namespace catamaran::kube
