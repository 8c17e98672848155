// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "support/labprocess.h"
#include "support/paths.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

#include <algorithm>
#include <csignal>

using namespace catamaran::tests;

namespace {

struct Outcome {
    int exitCode = -1;
    QByteArray standardOutput, standardError;
    QJsonObject json;

    [[nodiscard]] QByteArray text() const { return standardError + standardOutput.left(4000); }
};

const QString image = QStringLiteral("registry.example.com/tools/curl:8");
const QString deployment = QStringLiteral("deployment/catamaran-probe");

/// What is told of the request layer of one direction.
QJsonObject request(const Outcome &matrix, const QString &from)
{
    const QJsonArray directions = matrix.json[u"directions"].toArray();
    for (const QJsonValue &one : directions) {
        if (one[u"from"].toString() != from)
            continue;
        const QJsonArray layers = one[u"layers"].toArray();
        for (const QJsonValue &layer : layers)
            if (layer[u"layer"].toString() == u"request")
                return layer.toObject();
    }
    return {};
}

} // namespace

/// Probes against a practice range whose second cluster has no client.
class ProbesTest : public QObject {
    Q_OBJECT

    LabProcess m_lab;
    QTemporaryDir m_home;

    [[nodiscard]] QString database(const QString &name = QStringLiteral("catamaran")) const
    {
        return m_home.filePath(name + QStringLiteral(".db"));
    }

    void prepare(QProcess &process) const
    {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("XDG_DATA_HOME"), m_home.path());
        environment.insert(
            QStringLiteral("DBUS_SESSION_BUS_ADDRESS"), QStringLiteral("unix:path=/nonexistent")); // no keyring of the person who tests
        environment.remove(QStringLiteral("CATAMARAN_ENV"));
        process.setProcessEnvironment(environment);
        process.setWorkingDirectory(m_home.path());
    }
    static Outcome finished(QProcess &process)
    {
        Outcome outcome;
        if (!process.waitForFinished(180000)) {
            process.kill();
            process.waitForFinished(60000);
            outcome.standardError = "(did not end in time) ";
        } else if (process.exitStatus() == QProcess::NormalExit) {
            outcome.exitCode = process.exitCode();
        }
        outcome.standardOutput = process.readAllStandardOutput();
        outcome.standardError += process.readAllStandardError();
        outcome.json = QJsonDocument::fromJson(outcome.standardOutput).object();
        return outcome;
    }
    void start(QProcess &process, const QStringList &arguments, const QString &journal = QStringLiteral("catamaran"),
        const QString &environment = {}) const
    {
        prepare(process);
        process.start(program(QStringLiteral("catamaranctl")),
            QStringList { QStringLiteral("--database"), database(journal), QStringLiteral("--env"),
                environment.isEmpty() ? m_lab.environmentFile() : environment, QStringLiteral("-o"), QStringLiteral("json") }
                + arguments);
    }
    Outcome ctl(const QStringList &arguments, const QString &journal = QStringLiteral("catamaran"), const QString &environment = {}) const
    {
        QProcess process;
        start(process, arguments, journal, environment);
        return finished(process);
    }
    /// As a console on another machine: another journal.
    Outcome ctlElsewhere(const QStringList &arguments) const { return ctl(arguments, QStringLiteral("elsewhere")); }

    static QStringList matrix(const QStringList &more = {}) { return QStringList { QStringLiteral("matrix") } + more; }
    static QStringList withProbes(const QStringList &more = {})
    {
        return matrix({ QStringLiteral("--with-probes"), QStringLiteral("--probe-image"), image, QStringLiteral("--probe-namespace"),
                   QStringLiteral("default") })
            + more;
    }
    QByteArray kubectl(int cluster, const QStringList &words, bool *ok = nullptr) const
    {
        const auto output
            = m_lab.run(QStringLiteral("kubectl"), QStringList { QStringLiteral("--kubeconfig"), m_lab.kubeconfig(cluster) } + words);
        if (ok)
            *ok = output.ok();
        return output.ok() ? output.standardOutput : output.standardError;
    }
    [[nodiscard]] bool stands(int cluster = 2) const
    {
        bool ok = false;
        (void)kubectl(cluster, { QStringLiteral("get"), deployment }, &ok);
        return ok;
    }
    QJsonObject object(int cluster, const QString &what) const
    {
        return QJsonDocument::fromJson(kubectl(cluster, { QStringLiteral("get"), what, QStringLiteral("-o"), QStringLiteral("json") }))
            .object();
    }
    /// A matrix that sends from its probe when this returns, and does so for long.
    void stand(QProcess &process)
    {
        start(process, withProbes({ QStringLiteral("--count"), QStringLiteral("2000") }));
        process.setReadChannel(QProcess::StandardError);
        QByteArray said;
        while (!said.contains("requests from the probe in cluster-2") && process.waitForReadyRead(120000))
            said += process.readAllStandardError();
        QVERIFY2(process.state() == QProcess::Running, said);
        QVERIFY(stands());
    }
    void standAndKill()
    {
        QProcess process;
        stand(process);
        if (QTest::currentTestFailed())
            return;
        ::kill(pid_t(process.processId()), SIGKILL);
        QVERIFY(process.waitForFinished(60000));
        QVERIFY(stands());
    }

private slots:
    void initTestCase()
    {
        if (LabProcess::program().isEmpty())
            QSKIP("there is no catamaran-lab");
        QVERIFY2(m_lab.start(
                     { QStringLiteral("--create-delay"), QStringLiteral("100"), QStringLiteral("--update-delay"), QStringLiteral("50") }),
            qPrintable(m_lab.errorText()));
        const Outcome applied = ctl({ QStringLiteral("apply"), sourceFile(QStringLiteral("resources/fleets/two-meshes.yaml")) });
        QVERIFY2(applied.exitCode == 0, applied.text());
    }

    void init() { QVERIFY(!stands()); }

    void withoutThemItIsSaidWhatItTakes()
    {
        const Outcome bare = ctl(matrix());
        QCOMPARE(bare.exitCode, 1);
        QCOMPARE(request(bare, QStringLiteral("cluster-1"))[u"health"].toString(), QStringLiteral("ok"));
        const QJsonObject other = request(bare, QStringLiteral("cluster-2"));
        QCOMPARE(other[u"health"].toString(), QStringLiteral("unknown"));
        QVERIFY2(QJsonDocument(other).toJson().contains("--with-probes"), bare.text());
        QVERIFY2(bare.json[u"sentence"].toString().contains(QStringLiteral("--with-probes")), bare.text());
        // With the wish, and nowhere said where: nothing is done.
        const Outcome placeless = ctl(matrix({ QStringLiteral("--with-probes") }));
        QCOMPARE(placeless.exitCode, 2);
        QVERIFY2(placeless.standardError.contains("probe: { image: IMAGE, namespace: NAMESPACE }"), placeless.text());
    }

    void badWishesAreBadInput_data()
    {
        QTest::addColumn<QStringList>("more");
        QTest::newRow("no image") << QStringList { QStringLiteral("--probe-namespace"), QStringLiteral("default") };
        QTest::newRow("no place") << QStringList { QStringLiteral("--probe-image"), image };
        QTest::newRow("no namespace") << QStringList { QStringLiteral("--probe-image"), image, QStringLiteral("--probe-namespace"),
            QStringLiteral("Not A Name") };
        QTest::newRow("no pod") << QStringList { QStringLiteral("--probe-image"), image, QStringLiteral("--probe-pod"),
            QStringLiteral("orders") };
        QTest::newRow("both") << QStringList { QStringLiteral("--probe-image"), image, QStringLiteral("--probe-namespace"),
            QStringLiteral("default"), QStringLiteral("--probe-pod"), QStringLiteral("cluster-2/default/helloworld-v2") };
    }

    void badWishesAreBadInput()
    {
        QFETCH(QStringList, more);
        const Outcome refused = ctl(matrix(QStringList { QStringLiteral("--with-probes") } + more));
        QVERIFY2(refused.exitCode == 2, refused.text());
    }

    void planIsShownAndDoesNothing()
    {
        const Outcome shown = ctl({ QStringLiteral("probes"), QStringLiteral("plan"), QStringLiteral("cluster-2"),
            QStringLiteral("--probe-image"), image, QStringLiteral("--probe-namespace"), QStringLiteral("default") });
        QVERIFY2(shown.exitCode == 0, shown.text());
        const QJsonObject step = shown.json[u"steps"][0].toObject();
        const QString call = step[u"calls"][0].toString();
        for (const char *part : { "runAsNonRoot", "\"limits\"", "automountServiceAccountToken", "registry.example.com/tools/curl:8" })
            QVERIFY2(call.contains(QLatin1String(part)), qPrintable(call));
        QVERIFY(step[u"undo"].toString().contains(QStringLiteral("delete")));
        QVERIFY2(shown.json[u"notes"][0].toString().contains(QStringLiteral("sidecar")), shown.text());
    }

    void completesTheMatrix_data()
    {
        QTest::addColumn<QStringList>("place");
        QTest::addColumn<bool>("isAdded");
        QTest::newRow("a Deployment") << QStringList { QStringLiteral("--probe-namespace"), QStringLiteral("default") } << false;
        QTest::newRow("a container in a Deployment's pod")
            << QStringList { QStringLiteral("--probe-pod"), QStringLiteral("cluster-2/default/helloworld-v2") } << true;
        QTest::newRow("as the environment says") << QStringList() << false;
    }

    void completesTheMatrix()
    {
        QFETCH(QStringList, place);
        QFETCH(bool, isAdded);
        QString environment;
        if (place.isEmpty()) {
            QFile own(m_lab.environmentFile()), kept(QDir(m_lab.directory()).filePath(QStringLiteral("probing.yaml")));
            QVERIFY(own.open(QIODevice::ReadOnly) && kept.open(QIODevice::WriteOnly));
            kept.write(own.readAll().replace("\nspec:\n", "\nspec:\n  probe: { image: \"" + image.toUtf8() + "\", namespace: default }\n"));
            QVERIFY(kept.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner));
            environment = kept.fileName();
        } else {
            place += { QStringLiteral("--probe-image"), image };
        }
        const Outcome made = ctl(matrix(QStringList { QStringLiteral("--with-probes") } + place), QStringLiteral("catamaran"), environment);
        QVERIFY2(made.exitCode == 0, made.text());
        QCOMPARE(made.json[u"proven"].toBool(), true);
        const QJsonObject asked = request(made, QStringLiteral("cluster-2"));
        QCOMPARE(asked[u"health"].toString(), QStringLiteral("ok"));
        const QString from
            = isAdded ? QStringLiteral("cluster-2/default/helloworld-v2-") : QStringLiteral("cluster-2/default/catamaran-probe-");
        QVERIFY2(asked[u"source"].toString().startsWith(from), qPrintable(asked[u"source"].toString()));
        const QJsonObject probe = made.json[u"probes"][0].toObject();
        QCOMPARE(made.json[u"probes"].toArray().size(), 1);
        QCOMPARE(probe[u"removed"].toBool(), !isAdded);
        QCOMPARE(probe[u"ends_by_itself"].toBool(), isAdded);
        QVERIFY(!stands());
        if (isAdded) {
            // It is there, as the API has it, sleeps for minutes and no longer, and the pod was not restarted.
            const QJsonObject pods
                = QJsonDocument::fromJson(kubectl(2,
                                              { QStringLiteral("get"), QStringLiteral("pods"), QStringLiteral("-l"),
                                                  QStringLiteral("app=helloworld"), QStringLiteral("-o"), QStringLiteral("json") }))
                      .object();
            const QJsonObject pod = pods[u"items"][0].toObject(), added = pod[u"spec"][u"ephemeralContainers"][0].toObject();
            QVERIFY(added[u"name"].toString().startsWith(QStringLiteral("catamaran-probe-")));
            QCOMPARE(added[u"command"].toArray(), (QJsonArray { QStringLiteral("sleep"), QStringLiteral("300") }));
            QCOMPARE(added[u"securityContext"][u"runAsNonRoot"].toBool(), true);
            QCOMPARE(pod[u"status"][u"containerStatuses"][0][u"restartCount"].toInt(-1), 0);
            QVERIFY2(made.standardError.contains("cannot be removed"), made.text());
        }
        // The journal says that it is taken back, and nothing is due.
        const QJsonArray executions = ctl({ QStringLiteral("history") }).json[u"executions"].toArray();
        const auto own = std::find_if(
            executions.begin(), executions.end(), [](const QJsonValue &one) { return one[u"purpose"].toString() == u"probe"; });
        QVERIFY(own != executions.end());
        QCOMPARE((*own)[u"state"].toString(), QStringLiteral("undone"));
    }

    /// The range does as Kubernetes does with what kubectl adds.
    void aContainerIsAddedByHandAsWell()
    {
        const auto pods = [&] {
            return QJsonDocument::fromJson(kubectl(2,
                                               { QStringLiteral("get"), QStringLiteral("pods"), QStringLiteral("-l"),
                                                   QStringLiteral("app=helloworld"), QStringLiteral("-o"), QStringLiteral("json") }))
                .object()[u"items"]
                .toArray();
        };
        const QString pod = pods()[0][u"metadata"][u"name"].toString();
        bool ok = false;
        const auto add = [&](const char *name, const char *seconds) {
            return kubectl(2,
                { QStringLiteral("debug"), pod, QStringLiteral("--profile=restricted"), QStringLiteral("--image=curl:8"),
                    QStringLiteral("--container=") + QLatin1String(name), QStringLiteral("--"), QStringLiteral("sleep"),
                    QLatin1String(seconds) },
                &ok);
        };
        const auto state = [&](const char *name) {
            const QJsonArray statuses = pods()[0][u"status"][u"ephemeralContainerStatuses"].toArray();
            for (const QJsonValue &one : statuses)
                if (one[u"name"].toString() == QLatin1String(name))
                    return one[u"state"].toObject();
            return QJsonObject();
        };
        const auto ask = [&](const char *name) {
            return kubectl(2,
                { QStringLiteral("exec"), pod, QStringLiteral("-c"), QLatin1String(name), QStringLiteral("--"), QStringLiteral("sh"),
                    QStringLiteral("-c"), QStringLiteral("curl -s http://helloworld:5000/hello") },
                &ok);
        };
        const QByteArray added = add("by-hand", "600");
        QVERIFY2(ok, added);
        QTRY_VERIFY(state("by-hand").contains(u"running"));
        const QByteArray answer = ask("by-hand");
        QVERIFY2(ok && answer.startsWith("Hello version"), answer);
        (void)add("short", "1");
        QVERIFY(ok);
        QTRY_VERIFY(state("short").contains(u"terminated"));
        const QByteArray late = ask("short");
        QVERIFY2(!ok && late.contains("container not found"), late);
        QVERIFY(pods()[0][u"status"][u"phase"].toString() == u"Running");
        // It is added, and never taken away or changed; and not by another way than its own.
        const auto patch = [&](const QString &body, bool bySubresource) {
            return kubectl(2,
                QStringList {
                    QStringLiteral("patch"), QStringLiteral("pod"), pod, QStringLiteral("--type=merge"), QStringLiteral("-p"), body }
                    + (bySubresource ? QStringList { QStringLiteral("--subresource=ephemeralcontainers") } : QStringList()),
                &ok);
        };
        const QByteArray removed = patch(QStringLiteral(R"({"spec":{"ephemeralContainers":[]}})"), true);
        QVERIFY2(!ok && removed.contains("may not be removed"), removed);
        const QByteArray other = patch(QStringLiteral(R"({"spec":{"ephemeralContainers":[{"name":"x","image":"y"}]}})"), false);
        QVERIFY2(!ok && other.contains("may not change fields other than"), other);
        QCOMPARE(pods()[0][u"spec"][u"containers"].toArray().size(), 2); // the application and its sidecar
    }

    void whatOthersMadeIsNotTouched()
    {
        bool ok = false;
        (void)kubectl(2,
            { QStringLiteral("create"), QStringLiteral("deployment"), QStringLiteral("catamaran-probe"),
                QStringLiteral("--image=theirs:1") },
            &ok);
        QVERIFY(ok);
        const QJsonObject before = object(2, deployment);
        const Outcome refused = ctl(withProbes());
        QVERIFY2(refused.exitCode == 1, refused.text());
        QCOMPARE(request(refused, QStringLiteral("cluster-2"))[u"health"].toString(), QStringLiteral("unknown"));
        QVERIFY2(refused.json[u"probes"][0][u"error"].toString().contains(QStringLiteral("not applied by Catamaran")), refused.text());
        QVERIFY(ctl({ QStringLiteral("probes"), QStringLiteral("remove"), QStringLiteral("--yes") }).exitCode == 0);
        const QJsonObject after = object(2, deployment);
        QCOMPARE(after[u"metadata"][u"uid"].toString(), before[u"metadata"][u"uid"].toString());
        QCOMPARE(after[u"spec"].toObject(), before[u"spec"].toObject());
        (void)kubectl(2, { QStringLiteral("delete"), deployment }, &ok);
        QVERIFY(ok);
    }

    void anImageThatIsNotThereIsSaid()
    {
        const Outcome failed = ctl(matrix({ QStringLiteral("--with-probes"), QStringLiteral("--probe-image"),
            QStringLiteral("registry.invalid/curl:8"), QStringLiteral("--probe-namespace"), QStringLiteral("default") }));
        QVERIFY2(failed.exitCode == 1, failed.text());
        QVERIFY2(failed.json[u"probes"][0][u"error"].toString().contains(QStringLiteral("pull")), failed.text());
        QVERIFY(!stands());
    }

    void stoppedTheyAreTakenAway()
    {
        QProcess process;
        stand(process);
        if (QTest::currentTestFailed())
            return;
        ::kill(pid_t(process.processId()), SIGINT);
        const Outcome stopped = finished(process);
        QVERIFY2(stopped.exitCode == 4, stopped.text());
        QVERIFY(!stands());
    }

    void killedTheyAreTakenAwayLater_data()
    {
        QTest::addColumn<QStringList>("command");
        QTest::addColumn<bool>("isElsewhere");
        QTest::newRow("by the undo of the execution") << QStringList { QStringLiteral("undo") } << false;
        QTest::newRow("by the command for it") << QStringList { QStringLiteral("probes"), QStringLiteral("remove") } << false;
        QTest::newRow("by the next matrix") << withProbes() << false;
        QTest::newRow("from elsewhere") << QStringList { QStringLiteral("probes"), QStringLiteral("remove") } << true;
        QTest::newRow("by the next matrix elsewhere") << withProbes() << true;
    }

    void killedTheyAreTakenAwayLater()
    {
        QFETCH(QStringList, command);
        QFETCH(bool, isElsewhere);
        standAndKill();
        if (QTest::currentTestFailed())
            return;
        const auto run = [&](const QStringList &words) { return isElsewhere ? ctlElsewhere(words) : ctl(words); };
        // It is seen, and whose it was; and nobody calls it a drill.
        const Outcome listed = run({ QStringLiteral("probes") });
        QVERIFY2(listed.exitCode == 0, listed.text());
        QCOMPARE(listed.json[u"probes"].toArray().size(), 1);
        QCOMPARE(listed.json[u"probes"][0][u"owner"].toString(), QStringLiteral("gone"));
        if (!isElsewhere)
            QVERIFY2(listed.standardError.contains("A probe was left here"), listed.text());
        const Outcome drills = run({ QStringLiteral("drill"), QStringLiteral("restore"), QStringLiteral("--yes") });
        QVERIFY2(drills.exitCode == 0 && stands(), drills.text());
        if (command.first() == u"undo") {
            const QJsonArray executions = ctl({ QStringLiteral("history") }).json[u"executions"].toArray();
            command << QString::number(executions[0][u"id"].toInt());
        }
        const Outcome removed = run(command);
        QVERIFY2(removed.exitCode == 0, removed.text());
        QVERIFY(!stands());
        const Outcome again = run({ QStringLiteral("probes"), QStringLiteral("remove") });
        QVERIFY2(again.exitCode == 0 && again.json[u"outcomes"].toArray().isEmpty(), again.text());
    }

    void anotherMachinesIsAskedAbout()
    {
        standAndKill();
        if (QTest::currentTestFailed())
            return;
        QJsonObject mark
            = QJsonDocument::fromJson(object(2, deployment)[u"metadata"][u"annotations"][u"catamaran.io/fault"].toString().toUtf8())
                  .object();
        QJsonObject by = mark[u"by"].toObject();
        by[u"host"] = QStringLiteral("atlas");
        mark[u"by"] = by;
        bool ok = false;
        (void)kubectl(2,
            { QStringLiteral("annotate"), QStringLiteral("--overwrite"), deployment,
                QStringLiteral("catamaran.io/fault=") + QString::fromUtf8(QJsonDocument(mark).toJson(QJsonDocument::Compact)) },
            &ok);
        QVERIFY(ok);
        const Outcome asked = ctlElsewhere({ QStringLiteral("probes"), QStringLiteral("remove") });
        QVERIFY2(asked.exitCode == 1 && stands(), asked.text());
        QVERIFY2(asked.standardError.contains("on atlas") && asked.standardError.contains("--yes"), asked.text());
        // Nor does a matrix there take it, or use it for its own.
        const Outcome other = ctlElsewhere(withProbes());
        QVERIFY2(other.exitCode == 1 && stands(), other.text());
        QVERIFY2(other.standardError.contains("atlas"), other.text());
        const Outcome removed = ctlElsewhere({ QStringLiteral("probes"), QStringLiteral("remove"), QStringLiteral("--yes") });
        QVERIFY2(removed.exitCode == 0 && !stands(), removed.text());
        QVERIFY(ctl({ QStringLiteral("probes"), QStringLiteral("remove") }).exitCode == 0); // the journal of its maker sees that it is gone
    }

    void whatCannotBeTakenAwayIsSaid()
    {
        QProcess process;
        stand(process);
        if (QTest::currentTestFailed())
            return;
        const QStringList server { QStringLiteral("api-server"), QStringLiteral("cluster-2") };
        QVERIFY(m_lab.ctl(QStringList { QStringLiteral("stop") } + server).ok());
        ::kill(pid_t(process.processId()), SIGINT);
        const Outcome stopped = finished(process);
        QVERIFY(m_lab.ctl(QStringList { QStringLiteral("start") } + server).ok());
        QVERIFY2(stopped.exitCode == 1, stopped.text()); // not 4: nothing was put back
        QVERIFY2(stopped.standardError.contains("NOT TAKEN AWAY") && stopped.standardError.contains("probes remove"), stopped.text());
        QVERIFY(stands());
        const Outcome removed = ctl({ QStringLiteral("probes"), QStringLiteral("remove") });
        QVERIFY2(removed.exitCode == 0 && !stands(), removed.text());
    }

    void aLivingOnesIsNobodyElses()
    {
        QProcess process;
        stand(process);
        if (QTest::currentTestFailed())
            return;
        for (const bool isElsewhere : { false, true }) {
            const QStringList words { QStringLiteral("probes"), QStringLiteral("remove"), QStringLiteral("--yes") };
            const Outcome refused = isElsewhere ? ctlElsewhere(words) : ctl(words);
            QVERIFY2(refused.exitCode == 1 && stands(), refused.text());
            QVERIFY2(refused.text().contains("process " + QByteArray::number(process.processId())), refused.text());
        }
        ::kill(pid_t(process.processId()), SIGTERM);
        const Outcome stopped = finished(process);
        QVERIFY2(stopped.exitCode == 4 && !stands(), stopped.text());
    }

    void whoMayNotIsToldBefore()
    {
        const QDir folder(m_lab.directory());
        const auto changed = [&](const QString &from, const QString &to, const QByteArray &before, const QByteArray &after) {
            QFile source(folder.filePath(from)), target(folder.filePath(to));
            if (!source.open(QIODevice::ReadOnly) || !target.open(QIODevice::WriteOnly))
                qFatal("cannot write %s", qPrintable(target.fileName()));
            target.write(source.readAll().replace(before, after));
            target.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
            return target.fileName();
        };
        (void)changed(QStringLiteral("cluster-2.kubeconfig"), QStringLiteral("viewer-2.kubeconfig"), "  user:\n",
            "  user:\n    as: viewer\n    as-groups: [\"range:viewers\"]\n");
        const QString environment = changed(
            QFileInfo(m_lab.environmentFile()).fileName(), QStringLiteral("viewer.yaml"), "cluster-2.kubeconfig", "viewer-2.kubeconfig");
        const Outcome refused = ctl(withProbes(), QStringLiteral("viewer"), environment);
        QVERIFY2(refused.exitCode == 3 || refused.exitCode == 1, refused.text());
        QVERIFY2(refused.standardError.contains("deployments.apps") && refused.standardError.contains("pods/exec"), refused.text());
        QVERIFY(!stands());
        const Outcome added = ctl(matrix({ QStringLiteral("--with-probes"), QStringLiteral("--probe-image"), image,
                                      QStringLiteral("--probe-pod"), QStringLiteral("cluster-2/default/helloworld-v2") }),
            QStringLiteral("viewer"), environment);
        QVERIFY2(added.standardError.contains("pods/ephemeralcontainers"), added.text());
    }

    void severalSourcesAtOnce()
    {
        bool ok = false;
        (void)kubectl(2,
            { QStringLiteral("create"), QStringLiteral("deployment"), QStringLiteral("asker"), QStringLiteral("--image=tools:1"),
                QStringLiteral("--"), QStringLiteral("sleep"), QStringLiteral("100000") },
            &ok);
        QVERIFY(ok);
        (void)kubectl(2,
            { QStringLiteral("rollout"), QStringLiteral("status"), QStringLiteral("deployment/asker"), QStringLiteral("--timeout=60s") },
            &ok);
        QVERIFY(ok);
        const QStringList both { QStringLiteral("verify"), QStringLiteral("--from"), QStringLiteral("cluster-1/default/sleep"),
            QStringLiteral("--from"), QStringLiteral("cluster-2/default/asker"), QStringLiteral("--count"), QStringLiteral("40") };
        const Outcome verified = ctl(both + QStringList { QStringLiteral("--expect"), QStringLiteral("v1,v2") });
        QVERIFY2(verified.exitCode == 0, verified.text());
        QCOMPARE(verified.json[u"requests"].toInt(), 80);
        QCOMPARE(verified.json[u"ok"].toInt(), 80);
        QCOMPARE(verified.json[u"samples"].toArray().size(), 80);
        QCOMPARE(verified.json[u"source"].toString(), QStringLiteral("cluster-1/default/sleep, cluster-2/default/asker"));
        const QJsonArray sources = verified.json[u"sources"].toArray();
        QCOMPARE(sources.size(), 2);
        int v1 = 0;
        for (const QJsonValue &one : sources) {
            QCOMPARE(one[u"requests"].toInt(), 40);
            v1 += one[u"versions"][u"v1"].toInt();
        }
        QCOMPARE(verified.json[u"versions"][u"v1"].toInt(), v1);
        // One that cannot send does not keep the others from it, and is not passed over.
        const Outcome partly = ctl(both + QStringList { QStringLiteral("--from"), QStringLiteral("cluster-2/default/nobody") });
        QCOMPARE(partly.exitCode, 1);
        QCOMPARE(partly.json[u"requests"].toInt(), 80);
        QVERIFY2(partly.json[u"sources"][2][u"error"][u"text"].toString().contains(QStringLiteral("nobody")), partly.text());
        QCOMPARE(ctl(both + QStringList { QStringLiteral("--from"), QStringLiteral("cluster-2/default/asker") }).exitCode, 2);
        (void)kubectl(2, { QStringLiteral("delete"), QStringLiteral("deployment/asker") }, &ok);
        QVERIFY(ok);
    }

    // Last: it stops an API server.
    void aClusterThatIsAwayHidesNothing()
    {
        QVERIFY(m_lab.ctl({ QStringLiteral("stop"), QStringLiteral("api-server"), QStringLiteral("cluster-1") }).ok());
        const Outcome half = ctl(withProbes());
        QVERIFY2(half.exitCode == 3, half.text());
        QCOMPARE(half.json[u"probes"].toArray().size(), 1);
        QCOMPARE(half.json[u"probes"][0][u"cluster"].toString(), QStringLiteral("cluster-2"));
        QCOMPARE(request(half, QStringLiteral("cluster-1"))[u"health"].toString(), QStringLiteral("unknown"));
        QVERIFY(!stands());
        const Outcome listed = ctl({ QStringLiteral("probes") });
        QVERIFY2(listed.exitCode == 3 && listed.json[u"unseen"].toArray().size() == 1, listed.text());
        const Outcome removed = ctl({ QStringLiteral("probes"), QStringLiteral("remove") });
        QVERIFY2(removed.exitCode == 3, removed.text());
    }
};

QTEST_GUILESS_MAIN(ProbesTest)
#include "tst_probes.moc"
