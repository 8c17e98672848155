// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/mesh/pod.h"

#include "lab/mesh/clusterview.h"
#include "lab/mesh/injection.h"
#include "lab/mesh/proxyadmin.h"

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
        auto &environment = m_containers[name];
        if (const auto *variables = at(container, { "env" }); variables && variables->is_array()) {
            for (const auto &variable : variables->as_array()) {
                const std::string key = stringAt(variable, { "name" });
                if (!key.empty() && key.find('=') == std::string::npos)
                    environment.emplace_back(key, stringAt(variable, { "value" }));
            }
        }
        if (m_injected && name == sidecarContainer)
            continue;
        if (m_first.empty())
            m_first = name;
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

Pod::~Pod()
{
    stop();
}

bool Pod::hasContainer(const std::string &container) const { return m_containers.contains(container); }

bool Pod::isContainerReady(const std::string &container) const
{
    if (!m_running)
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
        options.ip = m_settings.ip;
        options.applicationIp = m_settings.behind;
        options.log = [own = sharedLog(sidecarContainer)](const std::string &line) { own->append(line); };
        m_sidecar = std::make_shared<Sidecar>(m_io, m_fabric, std::move(options));
        m_sidecar->openPorts(m_ports);
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
    if (m_application)
        m_application->stop();
    m_application.reset();
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

std::unique_ptr<ExecProcess> Pod::exec(PodShell &shell, ExecRequest request, std::string &error)
{
    if (m_sidecar && request.container == sidecarContainer && !request.command.empty() && request.command.front() == "pilot-agent")
        return askProxy(m_io, *m_sidecar, std::move(request));
    std::erase_if(m_children, [](const auto &child) { return child.expired(); });
    PodSurroundings around;
    around.ns = m_settings.ns;
    around.pod = m_settings.name;
    around.ip = m_settings.ip;
    around.localhost = m_injected ? m_settings.behind : m_settings.ip;
    around.hostsFolder = m_settings.hostsFolder;
    around.environment = environmentOf(request.container);
    std::weak_ptr<PodChild> child;
    auto process = shell.run(std::move(request), around, child, error);
    if (process)
        m_children.push_back(std::move(child));
    return process;
}

} // namespace catamaran::lab
