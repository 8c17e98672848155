// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/mesh/hostsfile.h"

#include "lab/mesh/clusterview.h"

#include <filesystem>
#include <fstream>
#include <set>

namespace catamaran::lab {

HostsFile::HostsFile(asio::io_context &io, std::shared_ptr<ObjectStore> store, std::string folder)
    : m_store(std::move(store))
    , m_folder(std::move(folder))
    , m_timer(io)
{
}

HostsFile::~HostsFile()
{
    m_timer.cancel();
    std::error_code ignored;
    std::filesystem::remove_all(m_folder, ignored);
}

void HostsFile::start()
{
    std::error_code ignored;
    std::filesystem::create_directories(m_folder, ignored);
    write();
    m_subscription = m_store->subscribe([this](const ObjectEvent &event) {
        if ((event.typeKey != "services" && event.typeKey != "discovery.k8s.io/endpointslices") || m_pending)
            return;
        m_pending = true;
        m_timer.expires_after(std::chrono::milliseconds(5));
        m_timer.async_wait([this, alive = std::weak_ptr<int>(m_alive)](const ErrorCode &cancelled) {
            if (cancelled || alive.expired())
                return;
            m_pending = false;
            write();
        });
    });
}

std::string HostsFile::textFor(const ObjectStore &store)
{
    std::string text;
    for (const auto &service : store.list("services")) {
        const std::string name = nameOf(*service) + "." + namespaceOf(*service) + ".svc.cluster.local\n";
        const std::string ip = textIn(*service, { "spec", "clusterIP" });
        if (!ip.empty() && ip != "None") {
            text += ip + " " + name;
            continue;
        }
        if (ip != "None")
            continue;
        std::set<std::string> addresses;
        const auto *ports = valueIn(*service, { "spec", "ports" });
        if (ports && ports->is_array()) {
            for (const auto &port : ports->as_array()) {
                for (const auto &endpoint : readLocalEndpoints(store, namespaceOf(*service), nameOf(*service), stringAt(port, { "name" })))
                    addresses.insert(endpoint.address);
            }
        }
        for (const auto &address : addresses)
            text += address + " " + name;
    }
    return text;
}

void HostsFile::write()
{
    const std::string path = m_folder + "/hosts";
    const std::string fresh = path + ".new";
    {
        std::ofstream file(fresh, std::ios::binary | std::ios::trunc);
        file << textFor(*m_store);
    }
    std::error_code ignored;
    std::filesystem::rename(fresh, path, ignored);
}

} // namespace catamaran::lab
