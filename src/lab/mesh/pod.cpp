// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/mesh/pod.h"

#include "lab/kube/timestamps.h"
#include "lab/mesh/clusterview.h"
#include "lab/mesh/injection.h"
#include "lab/mesh/proxyadmin.h"

#include <boost/asio/post.hpp>

#include <algorithm>

namespace catamaran::lab {

std::string helloworldVersion(const std::string &image)
{
    const auto found = image.rfind("helloworld");
    if (found == std::string::npos)
        return {};
    std::string rest = image.substr(found + std::string_view("helloworld").size());
    rest = rest.substr(0, rest.find_first_of(":@/"));
    return rest.size() > 1 && rest.front() == '-' ? rest.substr(1) : "v1";
}

namespace {

/// What the range runs for a container: its command and arguments. Images have none here, and who only sleeps needs
/// no process.
std::vector<std::string> commandOf(const json::value &container)
{
    std::vector<std::string> words;
    for (const char *list : { "command", "args" }) {
        const auto *items = at(container, { list });
        if (!items || !items->is_array() || (words.empty() && std::string_view(list) == "args"))
            continue;
        for (const auto &item : items->as_array()) {
            if (const auto *text = item.if_string())
                words.emplace_back(text->data(), text->size());
        }
    }
    if (!words.empty() && (words.front() == "sleep" || words.front().ends_with("/sleep")))
        words.clear();
    return words;
}

} // namespace

Pod::Pod(asio::io_context &io, std::shared_ptr<Fabric> fabric, Settings settings, const json::object &object)
    : m_io(io)
    , m_fabric(std::move(fabric))
    , m_settings(std::move(settings))
    , m_network(labelIn(object, networkLabel))
    , m_serviceAccount(textIn(object, { "spec", "serviceAccountName" }))
    , m_injected(isInjected(object))
{
    if (m_serviceAccount.empty())
        m_serviceAccount = "default";
    const auto *containers = valueIn(object, { "spec", "containers" });
    if (!containers || !containers->is_array())
        return;
    for (const auto &container : containers->as_array()) {
        const std::string name = stringAt(container, { "name" });
        readEnvironment(container);
        const auto &environment = m_containers[name];
        if (m_injected && name == sidecarContainer) {
            for (const auto &[key, value] : environment) {
                if (key == "ISTIO_META_MESH_ID")
                    m_meshId = value;
                else if (key == "ISTIO_META_CLUSTER_ID")
                    m_clusterId = value;
            }
            continue;
        }
        if (m_first.empty())
            m_first = name;
        ++m_ownContainers;
        // The range is its own helloworld, whatever the container is told to run.
        if (auto words = commandOf(container); !words.empty() && helloworldVersion(stringAt(container, { "image" })).empty())
            m_commands[name].words = std::move(words);
        if (const std::string version = helloworldVersion(stringAt(container, { "image" })); !version.empty() && !m_hello) {
            m_hello = true;
            m_helloContainer = name;
            m_version = version;
            for (const auto &[key, value] : environment) {
                if (key == "SERVICE_VERSION" && !value.empty())
                    m_version = value;
            }
            m_ports.insert(HelloWorld::port);
        }
        if (const auto *ports = at(container, { "ports" }); ports && ports->is_array()) {
            for (const auto &port : ports->as_array()) {
                if (const auto *number = at(port, { "containerPort" }); number && number->is_number()) {
                    const auto value = number->to_number<double>();
                    if (value > 0 && value < 65536)
                        m_ports.insert(static_cast<unsigned short>(value));
                }
            }
        }
    }
}

void Pod::readEnvironment(const json::value &container)
{
    auto &environment = m_containers[stringAt(container, { "name" })];
    if (const auto *variables = at(container, { "env" }); variables && variables->is_array()) {
        for (const auto &variable : variables->as_array()) {
            const std::string key = stringAt(variable, { "name" });
            if (!key.empty() && key.find('=') == std::string::npos)
                environment.emplace_back(key, stringAt(variable, { "value" }));
        }
    }
}

bool Pod::addEphemeral(const json::value &container)
{
    const std::string name = stringAt(container, { "name" });
    if (name.empty() || m_containers.contains(name))
        return false;
    readEnvironment(container);
    m_ephemeral[name].startedAt = timestampNow();
    return true;
}

void Pod::endEphemeral(const std::string &container)
{
    const auto found = m_ephemeral.find(container);
    if (found == m_ephemeral.end() || found->second.ended)
        return;
    found->second.ended = true;
    found->second.finishedAt = timestampNow();
}

const Pod::Ephemeral *Pod::ephemeral(const std::string &container) const
{
    const auto found = m_ephemeral.find(container);
    return found == m_ephemeral.end() ? nullptr : &found->second;
}

Pod::~Pod()
{
    stop();
}

bool Pod::hasContainer(const std::string &container) const
{
    return m_containers.contains(container);
}

bool Pod::isContainerReady(const std::string &container) const
{
    if (!m_running)
        return false;
    if (const auto *command = commandState(container); command && command->ended)
        return false;
    if (m_injected && container == sidecarContainer)
        return m_sidecar && m_sidecar->isReady();
    return container != m_helloContainer || m_applicationUp;
}

void Pod::start()
{
    if (m_running)
        return;
    m_running = true;
    if (m_startedBefore)
        ++m_restarts;
    m_startedBefore = true;
    m_applicationUp = true;
    if (m_hello) {
        m_application = std::make_shared<HelloWorld>(m_io, m_version, m_settings.name);
        const std::string address = m_injected ? m_settings.behind : m_settings.ip;
        const ErrorCode error = m_application->start(address);
        m_applicationUp = !error;
        auto &own = log(m_helloContainer);
        if (error) {
            own.append("[ERROR] cannot listen at " + address + ":5000: " + error.message());
        } else {
            own.append(" * Serving Flask app 'app'");
            own.append(" * Running on http://0.0.0.0:5000 (version " + m_version + ")");
        }
    }
    if (m_injected) {
        SidecarOptions options;
        options.ns = m_settings.ns;
        options.pod = m_settings.name;
        options.serviceAccount = m_serviceAccount;
        options.node = m_settings.node;
        options.clusterId = m_clusterId;
        options.meshId = m_meshId;
        options.network = m_network;
        options.ip = m_settings.ip;
        options.applicationIp = m_settings.behind;
        options.log = [own = sharedLog(sidecarContainer)](const std::string &line) { own->append(line); };
        m_sidecar = std::make_shared<Sidecar>(m_io, m_fabric, std::move(options));
        m_sidecar->openPorts(m_ports);
        m_admin = serveProxyAdmin(m_io, m_sidecar);
    }
}

void Pod::stop()
{
    if (!m_running)
        return;
    m_running = false;
    for (const auto &child : m_children)
        PodShell::kill(child);
    m_children.clear();
    for (auto &[name, command] : m_commands)
        command.process.reset();
    if (m_application)
        m_application->stop();
    m_application.reset();
    m_admin.reset();
    if (m_sidecar)
        m_sidecar->stop();
    m_sidecar.reset();
}

std::vector<std::pair<std::string, std::string>> Pod::environmentOf(const std::string &container) const
{
    const auto found = m_containers.find(container);
    auto environment = found == m_containers.end() ? std::vector<std::pair<std::string, std::string>>() : found->second;
    environment.emplace_back("KUBERNETES_SERVICE_PORT", "443");
    return environment;
}

PodSurroundings Pod::surroundings(const std::string &container) const
{
    PodSurroundings around;
    around.ns = m_settings.ns;
    around.pod = m_settings.name;
    around.ip = m_settings.ip;
    around.localhost = m_injected ? m_settings.behind : m_settings.ip;
    around.hostsFolder = m_settings.hostsFolder;
    around.environment = environmentOf(container);
    const AddressPlan &plan = m_fabric->plan();
    around.environment.emplace_back("CATAMARAN_POD_RANGE", std::to_string(plan.block) + "-" + std::to_string(plan.block + plan.blocks - 1));
    // The proxy's own container speaks for itself, as its user's packets are not turned to it.
    if (m_injected && container != sidecarContainer)
        around.environment.emplace_back("CATAMARAN_POD_PROXIED", "1");
    return around;
}

void Pod::runCommands(PodShell &shell, std::function<void(const std::string &)> onEnd)
{
    m_onCommandEnd = std::move(onEnd);
    for (const auto &[name, command] : m_commands) {
        if (!command.process)
            runCommand(shell, name);
    }
}

void Pod::runAgain(PodShell &shell, const std::string &container)
{
    auto &command = m_commands[container];
    command.previousLog = log(container).text();
    log(container).clear();
    ++command.state.restarts;
    runCommand(shell, container);
}

void Pod::runCommand(PodShell &shell, const std::string &container)
{
    auto &command = m_commands[container];
    ExecRequest request;
    request.ns = m_settings.ns;
    request.pod = m_settings.name;
    request.container = container;
    request.command = command.words;
    auto own = sharedLog(container);
    auto partial = std::make_shared<std::string>();
    request.onStdout = [own, partial](std::string_view bytes) {
        *partial += bytes;
        for (auto end = partial->find('\n'); end != std::string::npos; end = partial->find('\n')) {
            own->append(partial->substr(0, end));
            partial->erase(0, end + 1);
        }
    };
    request.onStderr = request.onStdout;
    const auto ends = [this, container, own, partial](int exitCode) {
        if (!partial->empty())
            own->append(*partial);
        auto &state = m_commands[container].state;
        state.ended = true;
        state.exitCode = exitCode;
        state.finishedAt = timestampNow();
        // The process is told to go from within its own call otherwise.
        asio::post(m_io, [process = std::shared_ptr<ExecProcess>(std::move(m_commands[container].process))] {});
        if (m_onCommandEnd)
            m_onCommandEnd(container);
    };
    request.onExit = ends;
    command.state.ended = false;
    command.state.startedAt = timestampNow();
    std::string error;
    std::weak_ptr<PodChild> child;
    const PodSurroundings around = surroundings(container);
    command.process = shell.run(std::move(request), around, child, error);
    if (command.process) {
        m_children.push_back(std::move(child));
        return;
    }
    own->append(error);
    ends(128);
}

const Pod::CommandState *Pod::commandState(const std::string &container) const
{
    const auto found = m_commands.find(container);
    return found == m_commands.end() ? nullptr : &found->second.state;
}

bool Pod::allCommandsEnded() const
{
    return m_commands.size() == m_ownContainers && m_ownContainers > 0
        && std::all_of(m_commands.begin(), m_commands.end(), [](const auto &entry) { return entry.second.state.ended; });
}

std::vector<std::string> Pod::commandContainers() const
{
    std::vector<std::string> names;
    for (const auto &[name, command] : m_commands)
        names.push_back(name);
    return names;
}

bool Pod::hasEndedCommand() const
{
    return std::any_of(m_commands.begin(), m_commands.end(), [](const auto &entry) { return entry.second.state.ended; });
}

std::string Pod::previousLog(const std::string &container) const
{
    const auto found = m_commands.find(container);
    return found == m_commands.end() ? std::string() : found->second.previousLog;
}

std::unique_ptr<ExecProcess> Pod::exec(PodShell &shell, ExecRequest request, std::string &error)
{
    if (m_sidecar && request.container == sidecarContainer && !request.command.empty() && request.command.front() == "pilot-agent")
        return askProxy(m_io, *m_sidecar, std::move(request));
    std::erase_if(m_children, [](const auto &child) { return child.expired(); });
    const PodSurroundings around = surroundings(request.container);
    std::weak_ptr<PodChild> child;
    auto process = shell.run(std::move(request), around, child, error);
    if (process)
        m_children.push_back(std::move(child));
    return process;
}

} // namespace catamaran::lab
