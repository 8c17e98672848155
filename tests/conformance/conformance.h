// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "place.h"
#include "support/labprocess.h"

#include <array>

/// What our client and an API server owe each other. Every function runs against both clusters: those that
/// $CATAMARAN_CLUSTER_1 and $CATAMARAN_CLUSTER_2 name, else those of a practice range of its own. Where a real server
/// and the range differ, the range is wrong. What needs pods is skipped where there is no node.
class Conformance : public QObject {
    Q_OBJECT

    using Place = catamaran::conformance::Place;

    [[nodiscard]] const Place &place() const;
    /// The name of a pod with sh and curl that every function may use; empty when it does not get ready.
    [[nodiscard]] QString worker();
    /// A token of a new service account without any rights.
    [[nodiscard]] catamaran::core::Result<catamaran::core::Secret> tokenWithoutRights(const QString &account) const;

    catamaran::tests::LabProcess m_lab;
    std::array<Place, 2> m_places;
    std::array<QString, 2> m_workers;
    catamaran::conformance::Images m_images;
    bool m_isReal = false;

private slots:
    void initTestCase_data();
    void initTestCase();
    void cleanupTestCase();

    // objects.cpp
    void theVersionIsTold();
    void discoveryTellsKindsNamesAndVerbs();
    void anObjectIsMadeReadAndListed();
    void aListLongerThanAChunkComesWhole();
    void aChunkGoesOnWhereTheLastEnded();
    void aMergePatchSetsAndRemoves();
    void deletingTwiceIsNoError();
    void applyingOwnsItsFieldsAndTakesThemAway();
    void applyingTheSameAgainChangesNothing();
    void aConflictNamesOwnerAndField();
    void forceTakesOver();
    void aDryRunStoresNothing();
    void replicasAreSetAndReadBack();
    void selectors_data();
    void selectors();

    // refusals.cpp
    void refusals_data();
    void refusals();
    void anOldVersionIsAConflict();
    void aTokenWithoutRightsIsForbidden();
    void aTokenNobodyIssuedIsUnauthorized();
    void accessIsReviewed();

    // watches.cpp
    void aWatchTellsAddedModifiedDeleted();
    void aWatchGoesOnFromAVersion();
    void aWatchWithALabelLosesWhatLosesTheLabel();
    void aWatchEndsAfterItsTime();
    void bookmarksCarryAVersion();
    void aVersionOfLongAgoIsGone();
    void aMadeUpVersionIsRefused();

    // changes.cpp
    void aDeletionKeepsItsPreconditions_data();
    void aDeletionKeepsItsPreconditions();
    void aChangeOfAnOldStateIsAConflict_data();
    void aChangeOfAnOldStateIsAConflict();
    void applyingToWhatIsGoneIsAConflict();
    void whetherAnApplyMadeItIsTold();
    void aWaitSeesWhatHappens();
    void aWaitThatMayNotSeeIsRefused();
    void whatIsAppliedIsTakenBack_data();
    void whatIsAppliedIsTakenBack();
    void whatIsDeletedComesBack();
    void somebodysObjectStays();
    void aNamespaceGoesWithWhatIsOurs();
    void replicasAreScaledAndScaledBack_data();
    void replicasAreScaledAndScaledBack();
    void aPatchIsTakenBack();

    // commands.cpp
    void commands_data();
    void commands();
    void outputAndErrorsComeApart();
    void aTerminalHasASizeThatChanges();
    void aTerminalWithoutInputShowsAll();
    void inputArrives();
    void aCommandIsCancelled();
    void aMegabyteArrivesIntact();
    void impossibleCommands_data();
    void impossibleCommands();
    void aCommandWithoutTheVerbIsExplained();
    void aCommandEndsWhenItsPodGoes();
    void logsAreReadAndFollowed();
    void logsOfNobody();

    // sample.cpp
    void theSampleIsSetUpAnswersAndGoes();
    void aNameThatDoesNotResolveSaysSo();
};
