// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "core/childenvironment.h"
#include "core/shellquoted.h"
#include "core/trustedfile.h"

#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

using namespace catamaran;

namespace {

constexpr uid_t somebodyElse = 65534;
constexpr gid_t crowd = 65534; ///< a group that is not this user's own

enum class File { Regular, Folder, Pipe, Link, Missing, Large };

struct Way {
    File file = File::Regular;
    mode_t mode = 0600, folderMode = 0700, aboveMode = 0700;
    uid_t owner = 0, linkOwner = 0; ///< 0: us
    gid_t group = 0; ///< 0: ours
    bool list = false; ///< with an access control list that lets another user write
};

} // namespace

/// What comes from outside this program as a file or goes out of it as a command line.
class TestTrustedFile : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_dir = std::make_unique<QTemporaryDir>();
    }

    void filesAreOursOrNotBelieved_data()
    {
        QTest::addColumn<Way>("way");
        QTest::addColumn<QString>("refusal"); ///< empty: it is read
        const auto row
            = [](const char *name, const Way &way, const char *refusal = "") { QTest::newRow(name) << way << QString::fromUtf8(refusal); };
        row("ours", {});
        row("ours, and others may read it", { .mode = 0644 });
        row("ours in a folder that all may read", { .mode = 0644, .folderMode = 0755 });
        row("a link of ours to it", { .file = File::Link });
        row("ours in a folder like /tmp", { .folderMode = 01777 });
        row("our own group may write it", { .mode = 0664, .folderMode = 0775 });
        row("another group may read it", { .mode = 0640, .group = crowd });
        row("all may write it", { .mode = 0666 }, "other users of this machine may change it (mode 0666)");
        row("another group may write it", { .mode = 0660, .group = crowd }, "other users of this machine may change it");
        row("a list lets another user write it", { .mode = 0660, .list = true }, "other users of this machine may change it");
        row("somebody else's", { .mode = 0644, .owner = somebodyElse }, "it belongs to the user");
        row("a link of somebody else to it", { .file = File::Link, .folderMode = 01777, .linkOwner = somebodyElse },
            "it is a link that belongs to the user");
        row("a link of ours to somebody else's", { .file = File::Link, .mode = 0644, .owner = somebodyElse }, "it belongs to the user");
        row("others may exchange it", { .folderMode = 0777 }, "may exchange files in its folder");
        row("others may exchange its folder", { .aboveMode = 0777 }, "may exchange files in its folder");
        row("others may exchange the folder of what a link leads to", { .file = File::Link, .aboveMode = 0777 },
            "may exchange files in its folder");
        row("a folder like /tmp above its own", { .aboveMode = 01777 });
        row("our own group may write above it", { .aboveMode = 0775 });
        row("a pipe that nobody writes to", { .file = File::Pipe }, "it is not a regular file");
        row("a folder", { .file = File::Folder, .mode = 0700 }, "it is a folder");
        row("nothing", { .file = File::Missing }, "No such file");
        row("too large", { .file = File::Large }, "larger than 1 KiB");
    }
    void filesAreOursOrNotBelieved()
    {
        QFETCH(Way, way);
        QFETCH(QString, refusal);
        if (::geteuid() != 0 && (way.owner || way.linkOwner || way.group))
            QSKIP("only root can make files of others");
        const QString path = make(way);
        if (QTest::currentTestFailed() || path.isEmpty())
            return;
        const auto read = core::readTrusted(path, 1024, QStringLiteral("read it"));
        if (refusal.isEmpty()) {
            QVERIFY2(read, read ? "" : qPrintable(read.error().text()));
            QCOMPARE(read->content, QByteArray("said"));
            QCOMPARE(read->othersMayRead, (way.mode & 0044) != 0);
            return;
        }
        QVERIFY(!read);
        QVERIFY(read.error().kind == core::ErrorKind::InvalidInput);
        QCOMPARE(read.error().target, path);
        QVERIFY2(read.error().answer.contains(refusal), qPrintable(read.error().text()));
        QVERIFY(!read.error().remedy.isEmpty());
        // What is only data may be anybody's; but it does not hold us up, and has an end.
        const bool isOnlyTrust = way.file == File::Regular || way.file == File::Link;
        QCOMPARE(core::readBounded(path, 1024, {}).has_value(), isOnlyTrust);
    }

    void theWayOutIsTheCommandThatIsShown()
    {
        if (::geteuid() != 0)
            QSKIP("only root can make files of others");
        const QTemporaryDir home;
        const QByteArray before = qgetenv("HOME");
        qputenv("HOME", home.path().toUtf8());
        const QString path = make({ .mode = 0666, .owner = somebodyElse });
        const auto read = core::readTrusted(path, 1024, {});
        QVERIFY(!read);
        QCOMPARE(
            QProcess::execute(QStringLiteral("sh"), { QStringLiteral("-c"), read.error().remedy.section(QStringLiteral(": "), -1) }), 0);
        QVERIFY(core::readTrusted(home.filePath(QStringLiteral("it's a file")), 1024, {}).has_value());
        qputenv("HOME", before);
    }

    void whatIsHandedOverIsRead()
    {
        int ends[2];
        QCOMPARE(::pipe(ends), 0);
        QCOMPARE(::write(ends[1], "said", 4), ssize_t(4));
        ::close(ends[1]);
        const auto read = core::readTrusted(QStringLiteral("/dev/fd/%1").arg(ends[0]), 1024, {});
        ::close(ends[0]);
        QVERIFY2(read, read ? "" : qPrintable(read.error().text()));
        QCOMPARE(read->content, QByteArray("said"));
    }

    void sudoKeepsTheCallersFiles()
    {
        if (::geteuid() != 0)
            QSKIP("only root is called by sudo");
        const QString path = make({ .mode = 0600, .owner = somebodyElse });
        QVERIFY(!core::readTrusted(path, 1024, {}));
        qputenv("SUDO_UID", QByteArray::number(somebodyElse));
        QVERIFY(core::readTrusted(path, 1024, {}).has_value());
        qputenv("SUDO_UID", "1234");
        QVERIFY(!core::readTrusted(path, 1024, {}));
        qunsetenv("SUDO_UID");
    }

    void words_data()
    {
        QTest::addColumn<QString>("word");
        QTest::newRow("plain") << QStringLiteral("/home/a/.kube/config");
        QTest::newRow("empty") << QString();
        QTest::newRow("spaces") << QStringLiteral("a b  c");
        QTest::newRow("quotes") << QStringLiteral("it's \"both\"");
        QTest::newRow("only quotes") << QStringLiteral("'''");
        QTest::newRow("a command in it") << QStringLiteral("$(touch /tmp/owned)`id`;id|id&id>x<y");
        QTest::newRow("variables and patterns") << QStringLiteral("$HOME ~ * ? [a] {a,b} !! #x \\n");
        QTest::newRow("a tilde first") << QStringLiteral("~root");
        QTest::newRow("an equals sign first") << QStringLiteral("=ls");
        QTest::newRow("a hash first") << QStringLiteral("#not-a-comment");
        QTest::newRow("several lines") << QStringLiteral("a\nEOF\n\n");
        QTest::newRow("an escape sequence") << QStringLiteral("\x1b[2Jcleared\x1b]0;title\x07");
        QTest::newRow("one byte that is a sequence") << QString(QChar(0x9b)) + QStringLiteral("31mred");
        QTest::newRow("a carriage return that hides") << QStringLiteral("rm -rf /\rls");
        QTest::newRow("text that is turned round") << QString(QChar(0x202e)) + QStringLiteral("gpj.exe");
        QTest::newRow("per cent and backslashes beside controls") << QStringLiteral("%s\\101\x01%%\\");
        QTest::newRow("other alphabets") << QStringLiteral("集群-ü-\U0001F6A2");
    }
    void words()
    {
        QFETCH(QString, word);
        const QString quoted = core::shellQuoted(word);
        for (const QChar c : quoted)
            QVERIFY2(c.isPrint() || c.isSurrogate() || c == u'\n' || c == u'\t', qPrintable(QString::number(c.unicode(), 16)));
        for (const char *name : { "sh", "bash", "zsh", "ksh" }) {
            const QString shell = QStandardPaths::findExecutable(QLatin1String(name));
            if (shell.isEmpty())
                continue;
            QProcess process;
            process.start(shell,
                { QStringLiteral("-c"),
                    QStringLiteral("printf '<%s>' ") + core::shellQuoted(QStringList { word, QStringLiteral("next") }) });
            QVERIFY(process.waitForFinished(20000));
            QCOMPARE(process.readAllStandardOutput(), '<' + word.toUtf8() + "><next>");
        }
    }

    void startedProgramsDoNotGetSecrets()
    {
        qputenv("TST_SECRET", "hidden");
        qputenv("TST_OTHER", "shown");
        core::withholdFromChildren(QStringLiteral("TST_SECRET"));
        core::withholdFromChildren(QStringLiteral("TST_NOT_SET"));
        QProcess process;
        process.setProcessEnvironment(core::childEnvironment());
        process.start(QStringLiteral("env"), QStringList {});
        QVERIFY(process.waitForFinished(20000));
        const QByteArray told = process.readAllStandardOutput();
        QVERIFY(told.contains("TST_OTHER=shown") && !told.contains("hidden"));
        QCOMPARE(core::withheldVariables(), QStringList { QStringLiteral("TST_SECRET") });
        QCOMPARE(qgetenv("TST_SECRET"), QByteArray("hidden")); // we read it again when the environment is opened again
    }

private:
    /// The file of @p way; empty when it cannot be made here.
    QString make(const Way &way)
    {
        const QString above = m_dir->filePath(QStringLiteral("above")), folder = above + QStringLiteral("/folder"),
                      path = folder + QStringLiteral("/it's a file");
        const QByteArray name = path.toUtf8(),
                         target = way.file == File::Link ? (above + QStringLiteral("/elsewhere/target")).toUtf8() : name;
        [&] {
            for (const QString &made : { above, folder, above + QStringLiteral("/elsewhere") })
                QCOMPARE(::mkdir(made.toUtf8().constData(), 0700), 0);
            if (way.file == File::Missing)
                return;
            if (way.file == File::Pipe)
                QCOMPARE(::mkfifo(name.constData(), 0600), 0);
            else if (way.file == File::Folder)
                QCOMPARE(::mkdir(name.constData(), 0700), 0);
            else {
                QFile file(QString::fromUtf8(target));
                QVERIFY(file.open(QIODevice::WriteOnly));
                file.write(way.file == File::Large ? QByteArray(1025, 'x') : QByteArray("said"));
            }
            if (way.file == File::Link) {
                QCOMPARE(::symlink(target.constData(), name.constData()), 0);
                if (way.linkOwner)
                    QCOMPARE(::lchown(name.constData(), way.linkOwner, gid_t(-1)), 0);
            }
            if (way.owner || way.group)
                QCOMPARE(::chown(target.constData(), way.owner ? way.owner : uid_t(-1), way.group ? way.group : gid_t(-1)), 0);
            QCOMPARE(::chmod(target.constData(), way.mode), 0);
            if (way.list) { // version 2: user::rw-, user:65534:rw-, group::---, mask::rw-, other::---
                const unsigned char list[] = { 2, 0, 0, 0, 1, 0, 6, 0, 255, 255, 255, 255, 2, 0, 6, 0, 254, 255, 0, 0, 4, 0, 0, 0, 255, 255,
                    255, 255, 16, 0, 6, 0, 255, 255, 255, 255, 32, 0, 0, 0, 255, 255, 255, 255 };
                if (::setxattr(target.constData(), "system.posix_acl_access", list, sizeof list, 0) != 0)
                    QSKIP("this file system has no access control lists");
            }
            QCOMPARE(::chmod(folder.toUtf8().constData(), way.folderMode), 0);
            QCOMPARE(::chmod(above.toUtf8().constData(), way.aboveMode), 0);
        }();
        return path;
    }

    std::unique_ptr<QTemporaryDir> m_dir;
};

QTEST_GUILESS_MAIN(TestTrustedFile)
#include "tst_trustedfile.moc"
