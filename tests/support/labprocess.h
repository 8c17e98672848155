// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QJsonObject>
#include <QProcess>
#include <QString>
#include <QStringList>
#include <QTemporaryDir>

#include <memory>

namespace catamaran::tests {

/// A practice range of a test's own: `catamaran-lab` in a temporary folder. It ends with this object. The program is
/// $CATAMARAN_LAB, else the one beside the test's own build.
class LabProcess {
public:
    LabProcess();
    ~LabProcess();
    LabProcess(const LabProcess &) = delete;
    LabProcess &operator=(const LabProcess &) = delete;

    /// The program; empty when there is none: QSKIP then.
    [[nodiscard]] static QString program();

    /// Starts it and waits until it says that it is ready. False: see errorText(). Ends an earlier one first.
    bool start(const QStringList &extraArguments = {}, int timeoutMs = 20000);
    /// SIGTERM, then waits; its exit code, or -1 when it had to be killed (or did not run).
    int stop(int timeoutMs = 10000);

    [[nodiscard]] bool isRunning() const;
    [[nodiscard]] const QString &errorText() const { return m_error; }
    /// What it printed in its ready line.
    [[nodiscard]] const QJsonObject &ready() const { return m_ready; }
    [[nodiscard]] QString directory() const;
    [[nodiscard]] QString environmentFile() const; ///< env.yaml
    [[nodiscard]] QString caFile() const; ///< ca.pem
    [[nodiscard]] QString kubeconfig(int cluster) const; ///< 1 or 2

    struct Output {
        int exitCode = -1;
        QByteArray standardOutput, standardError;
        [[nodiscard]] bool ok() const { return exitCode == 0; }
    };
    /// `catamaran-lab ctl --dir DIR <arguments>`
    [[nodiscard]] Output ctl(const QStringList &arguments, int timeoutMs = 10000) const;
    /// Any other program, with the range's folder as its own.
    [[nodiscard]] Output run(const QString &program, const QStringList &arguments, int timeoutMs = 30000) const;

private:
    std::unique_ptr<QTemporaryDir> m_directory;
    std::unique_ptr<QProcess> m_process;
    QJsonObject m_ready;
    QString m_error;
};

} // namespace catamaran::tests
