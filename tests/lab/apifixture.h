// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/kube/apiserver.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include <QTemporaryDir>
#include <QTest>

#include <future>
#include <thread>

#include <csignal>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

/// A PodRuntime of the machine itself: commands run by execvp in their own process group, watched by threads whose news
/// come back on the io_context.
class LocalRuntime final : public catamaran::lab::PodRuntime {
public:
    explicit LocalRuntime(boost::asio::io_context &context)
        : m_io(context)
    {
    }
    ~LocalRuntime() override
    {
        for (auto &watcher : m_watchers)
            watcher.join();
    }

    std::unique_ptr<catamaran::lab::ExecProcess> exec(catamaran::lab::ExecRequest request, std::string &error) override
    {
        int in[2], out[2], err[2];
        if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0 || pipe2(err, O_CLOEXEC) != 0) {
            error = "no pipes";
            return nullptr;
        }
        std::vector<char *> arguments;
        for (auto &word : request.command)
            arguments.push_back(word.data());
        arguments.push_back(nullptr);
        const pid_t child = fork();
        if (child == 0) {
            setpgid(0, 0);
            dup2(in[0], 0);
            dup2(out[1], 1);
            dup2(err[1], 2);
            execvp(arguments[0], arguments.data());
            _exit(127);
        }
        close(in[0]);
        close(out[1]);
        close(err[1]);
        if (!request.stdinOpen) {
            close(in[1]);
            in[1] = -1;
        }
        auto shared = std::make_shared<catamaran::lab::ExecRequest>(std::move(request));
        auto &io = m_io;
        m_watchers.emplace_back([&io, shared, child, fdOut = out[0], fdErr = err[0]] {
            const auto pump = [&io, shared](int fd, bool isError) {
                char buffer[8192];
                for (ssize_t got = 0; (got = read(fd, buffer, sizeof buffer)) > 0;) {
                    std::string bytes(buffer, static_cast<std::size_t>(got));
                    boost::asio::post(io, [shared, bytes, isError] { (isError ? shared->onStderr : shared->onStdout)(bytes); });
                }
                close(fd);
            };
            std::thread errors(pump, fdErr, true);
            pump(fdOut, false);
            errors.join();
            int status = 0;
            waitpid(child, &status, 0);
            const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
            boost::asio::post(io, [shared, code] { shared->onExit(code); });
        });
        return std::make_unique<Process>(child, in[1]);
    }
    std::string logs(const std::string &, const std::string &pod, const std::string &) override
    {
        return "one of " + pod + "\ntwo\nthree\n";
    }
    std::vector<std::int64_t> logMoments(const std::string &, const std::string &, const std::string &) override
    {
        return { 1000000000, 2000000000, 3000000000 };
    }
    std::shared_ptr<void> followLogs(
        const std::string &, const std::string &, const std::string &, std::function<void(std::string_view)> onLine) override
    {
        auto handle = std::make_shared<std::function<void(std::string_view)>>(std::move(onLine));
        boost::asio::post(m_io, [weak = std::weak_ptr(handle)] {
            if (const auto alive = weak.lock())
                (*alive)("later\n");
        });
        return handle;
    }

private:
    struct Process final : catamaran::lab::ExecProcess {
        Process(pid_t child, int fd)
            : pid(child)
            , input(fd)
        {
        }
        ~Process() override
        {
            closeStdin();
            if (!detached)
                kill(-pid, SIGKILL);
        }
        void writeStdin(std::string_view bytes) override
        {
            if (input >= 0 && write(input, bytes.data(), bytes.size()) < 0)
                closeStdin();
        }
        void closeStdin() override
        {
            if (input >= 0)
                close(input);
            input = -1;
        }
        void resize(int, int) override { }
        void detach() override { detached = true; }
        pid_t pid;
        int input;
        bool detached = false;
    };

    boost::asio::io_context &m_io;
    std::vector<std::thread> m_watchers;
};

/// A running API server on its own thread, with its CA, certificates, objects and (if asked for) controllers.
class ApiFixture {
public:
    explicit ApiFixture(bool withControllers = false)
        : work(boost::asio::make_work_guard(io))
    {
        using namespace catamaran;
        std::signal(SIGPIPE, SIG_IGN);
        ca = pki::makeRoot(QStringLiteral("cluster CA"), pki::KeyType::EcP256).value();
        admin = leaf(ca, QStringLiteral("admin"), { QStringLiteral("system:masters") });
        jane = leaf(ca, QStringLiteral("jane"), { QStringLiteral("developers") });
        const auto stranger = pki::makeRoot(QStringLiteral("another CA"), pki::KeyType::EcP256).value();
        mallory = leaf(stranger, QStringLiteral("admin"), { QStringLiteral("system:masters") });
        lab::ApiServerOptions options;
        options.address = "127.0.0.1";
        options.port = 0;
        options.serving = leaf(ca, QStringLiteral("kube-apiserver"), {});
        options.clientCa = ca.certificate;
        options.types = lab::clusterResourceTypes();
        options.tokens = { { "secret-token", "bot", { "system:masters" } } };
        options.grants = { { "jane", { "get", "list", "watch" }, { "" }, { "pods", "pods/log" }, "team" } };
        store = std::make_shared<lab::ObjectStore>(200);
        runtime = std::make_unique<LocalRuntime>(io);
        server = std::make_unique<lab::ApiServer>(io, store, options);
        server->setRuntime(runtime.get());
        for (const char *name : { "default", "kube-system", "team" })
            store->create("namespaces",
                { { "apiVersion", "v1" }, { "kind", "Namespace" }, { "metadata", { { "name", name } } },
                    { "status", { { "phase", "Active" } } } });
        if (withControllers)
            controllers
                = std::make_unique<lab::Controllers>(io, store, "node-1", [this] { return "127.20.101." + std::to_string(++m_address); });
        failure = server->start();
        thread = std::thread([this] { io.run(); });
    }
    ~ApiFixture()
    {
        onThread([this] {
            server.reset();
            controllers.reset();
        });
        // Every connection must end by itself now.
        work.reset();
        thread.join();
    }

    /// Runs @p action on the server's thread and gives its result.
    template <typename Action> auto onThread(Action action) -> decltype(action())
    {
        std::packaged_task<decltype(action())()> task(std::move(action));
        auto result = task.get_future();
        boost::asio::post(io, [&task] { task(); });
        return result.get();
    }

    static catamaran::pki::Identity leaf(const catamaran::pki::Identity &issuer, const QString &name, const QStringList &groups)
    {
        catamaran::pki::LeafRequest request;
        request.commonName = name;
        request.organizations = groups;
        request.ipAddresses = { QStringLiteral("127.0.0.1") };
        return catamaran::pki::makeLeaf(issuer, request).value();
    }

    /// A pod that runs on the node without a data plane.
    void addRunningPod(const std::string &ns, const std::string &name, const std::vector<std::string> &containers = { "app" })
    {
        namespace json = boost::json;
        json::array specs, statuses;
        for (const auto &container : containers) {
            specs.push_back(json::object { { "name", container }, { "image", "local/app:1" } });
            statuses.push_back(json::object { { "name", container }, { "ready", true }, { "restartCount", 0 },
                { "state", json::object { { "running", json::object() } } } });
        }
        json::object pod { { "apiVersion", "v1" }, { "kind", "Pod" } };
        pod["metadata"] = json::object { { "name", name }, { "namespace", ns }, { "labels", json::object { { "app", name } } } };
        pod["spec"] = json::object { { "nodeName", "node-1" }, { "containers", specs } };
        pod["status"] = json::object { { "phase", "Running" }, { "podIP", "127.20.10.1" }, { "containerStatuses", statuses } };
        onThread([&] { return store->create("pods", pod); });
    }

    boost::asio::io_context io;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work;
    catamaran::pki::Identity ca, admin, jane, mallory;
    std::shared_ptr<catamaran::lab::ObjectStore> store;
    std::unique_ptr<LocalRuntime> runtime;
    std::unique_ptr<catamaran::lab::ApiServer> server;
    std::unique_ptr<catamaran::lab::Controllers> controllers;
    std::string failure;
    std::thread thread;

private:
    int m_address = 0;
};
