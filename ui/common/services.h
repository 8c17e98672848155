// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bundle/asitwas.h"
#include "findings/watch.h"
#include "observe/observedfleet.h"
#include "session/session.h"
#include "store/history.h"
#include "store/secretstore.h"
#include "truth/path.h"
#include "truth/prover.h"
#include "ui/common/objectactions.h"
#include "ui/common/traffic.h"

#include <QMap>
#include <QObject>

#include <memory>

namespace catamaran::ui {

/// The drill that runs, as the whole window tells of it.
struct RunningDrill {
    int operation = 0; ///< for requestStop(), which puts back first
    QString title;
    QString phase; ///< for people
    bool isBroken = false; ///< something is, and not back yet
    QDateTime backAt {}; ///< when it begins to be put back; invalid: not known
};

/// What the places work with; app/catamaran builds it and hands it in. Main thread. There is at most one open
/// environment; the places follow sessionChanged().
class Services : public QObject {
    Q_OBJECT
public:
    /// @p databaseFile is opened when it is first asked for something.
    Services(const QString &databaseFile, std::unique_ptr<store::SecretStore> secrets, QObject *parent = nullptr);
    ~Services() override;

    /// The journal and everything else that is kept. Whoever asks goes on while it answers.
    [[nodiscard]] store::History &history() const { return *m_history; }
    /// Looks how the history is; historySeen() follows.
    void lookAtHistory();
    [[nodiscard]] store::SecretStore &secrets() const { return *m_secrets; }
    /// What can be done with an object of the fleet.
    [[nodiscard]] ObjectActions &objectActions() { return m_objectActions; }
    /// Null while no environment is open.
    [[nodiscard]] std::shared_ptr<session::Session> session() const { return m_session; }
    [[nodiscard]] observe::LiveFleet *live() const { return m_live.get(); }
    /// What is proven of the open environment. Null while none is open; made and ended with the session.
    [[nodiscard]] truth::Prover *prover() const { return m_prover.get(); }
    /// What is judged of the facts of the open environment; as the prover.
    [[nodiscard]] findings::Watch *findings() const { return m_findings.get(); }
    /// Asks again and again, as Prover::keepProving(); kept for this environment, so that it goes on when it is opened again.
    void keepProving(bool on);
    /// Whether the environment asks its user first: production, and nobody has agreed yet. keepProving(true) is the agreement.
    [[nodiscard]] bool asksBeforeKeepProving() const;

    /// Opens an environment file; sessionChanged() or openFailed() follows.
    void openEnvironment(const QString &file);
    /// Shows a fleet as it was, without any connection: session(), live() and prover() are null, sessionChanged() follows. It goes when
    /// an environment is opened, or with closeEnvironment().
    void showBundle(const bundle::AsItWas &then);
    /// Reads the file aside, then the same; or openFailed().
    void openBundle(const QString &file);
    /// The fleet of a bundle that is shown; null: none is.
    [[nodiscard]] const bundle::AsItWas *asItWas() const { return m_asItWas.get(); }
    /// Why nothing that touches a cluster can be done; empty while no bundle is shown.
    [[nodiscard]] QString bundleObstacle() const;
    /// Writes a bundle of the open environment to @p file as an operation that can be stopped; bundleSaved() follows.
    void saveBundle(const QString &file);
    void closeEnvironment();
    /// Starts `catamaran-lab` in a temporary folder and opens it. The lab ends with the console.
    void startPracticeRange();
    [[nodiscard]] bool practiceRangeRuns() const;
    /// Something is being opened or started: sessionChanged() or openFailed() has not come yet.
    [[nodiscard]] bool isOpening() const;
    /// Why the user should know where secrets live, as of the newest look; empty when the keyring keeps them.
    [[nodiscard]] QString secretsNote() const;
    /// Somebody is being asked to unlock the keyring.
    [[nodiscard]] bool isWaitingForKeyring() const { return m_waitingForKeyring; }
    /// How catamaran-lab is found; tests set it. Default: beside the executable.
    void setRangeProgram(const QString &program);

    /// Announces a long operation to the strip at the bottom of the window: title, and how to stop it.
    /// Returns its id for reportProgress() and endOperation(). @p restores: it puts back what was broken, so that the end of
    /// the console waits for it and does not stop it.
    int beginOperation(const QString &title, std::stop_source stop, bool restores = false);
    void reportProgress(int id, const QString &note, int percent); ///< percent -1: unknown
    void endOperation(int id, const QString &result, bool ok);
    /// Asks the owner of an operation to stop: requests a stop on the source given to beginOperation().
    void requestStop(int id);
    /// Asks all of them to stop, but not those that restore; operationEnded() follows for each, when what it broke is put back.
    void stopOperations();
    [[nodiscard]] bool hasOperations() const;
    /// Says "the journal has new lines" to the Activity place.
    void announceActivity();

    /// Verify and Drills tell the maps what just answered, a few times a second: newly received answers.
    void reportTraffic(const QString &sourceCluster, const Traffic &traffic);
    /// The same answers are proofs: what a run in @p cluster has just received from @p url. @p source says who
    /// asked, "cluster/namespace/pod". The newest of each run count together, so that a run that alternates proves both.
    void reportAnswers(const QString &cluster, const QString &source, const QString &url, const QList<probe::Sample> &samples);
    /// A place wants a request explained: shows the place of findings, and asks it.
    void explainRequest(const catamaran::truth::PathQuestion &question);
    /// A drill marks what it broke: @p object is an id of the map ("workload:cluster-1/default/helloworld-v1",
    /// "cluster:cluster-1", see ui/topology/objectid.h), @p what one line for people.
    void markFault(const QString &object, const QString &what);
    void clearFaults();
    /// The one drill that runs; without a value none does. drillTold() follows.
    void tellDrill(const std::optional<RunningDrill> &drill);
    [[nodiscard]] const std::optional<RunningDrill> &drill() const { return m_drill; }

signals:
    void sessionChanged();
    void openFailed(const catamaran::core::Error &error);
    /// Null: it is written.
    void bundleSaved(const QString &file, const std::shared_ptr<catamaran::core::Error> &error);
    /// Null: it can be read and written. Otherwise why it cannot, or why it can only be read.
    void historySeen(const std::shared_ptr<catamaran::core::Error> &trouble, bool readable);
    /// It could not be read before, and can be now: what was to be read is worth another try.
    void historyBack();
    /// secretsNote() or isWaitingForKeyring() may say something else.
    void secretsChanged();
    void rangeStateChanged(const QString &note);
    void operationBegan(int id, const QString &title);
    void operationProgressed(int id, const QString &note, int percent);
    void operationEnded(int id, const QString &result, bool ok);
    void stopOperationRequested(int id);
    void activityChanged();
    /// A place asks the shell to show another one: "topology", "setup", "verify", "drills", "activity", "matrix", "findings".
    void placeRequested(const QString &place, const QString &object);
    /// Follows placeRequested("findings", "why").
    void whyRequested(const catamaran::truth::PathQuestion &question);
    /// "Keep proving" was turned on or off.
    void keepProvingChanged(bool on);
    void trafficSeen(const QString &sourceCluster, const catamaran::ui::Traffic &traffic);
    void faultMarked(const QString &object, const QString &what);
    void faultsCleared();
    void drillTold();

private:
    struct Private;
    void endSession();
    void handOverAnswers();
    ObjectActions m_objectActions;
    std::unique_ptr<store::History> m_history;
    std::optional<RunningDrill> m_drill;
    bool m_historyMissed = false; ///< the newest look failed
    bool m_waitingForKeyring = false;
    std::unique_ptr<store::SecretStore> m_secrets;
    std::shared_ptr<session::Session> m_session;
    std::unique_ptr<const bundle::AsItWas> m_asItWas; ///< instead of a session
    std::unique_ptr<observe::LiveFleet> m_live;
    std::unique_ptr<truth::Prover> m_prover; ///< looks at both above
    std::unique_ptr<findings::Watch> m_findings; ///< the same
    std::unique_ptr<Private> d;
};

} // namespace catamaran::ui
