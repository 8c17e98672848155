// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "drill/fault.h"

namespace catamaran::drill {

/// scale {cluster, namespace, deployment | statefulSet | workload, replicas}: a Deployment or a StatefulSet (workload: whichever there is).
[[nodiscard]] const FaultKind *scaleFault();
/// deletePods {cluster, namespace, service}: all pods that the service selects there, at once. Taken back when their controllers have
/// made others that are ready.
[[nodiscard]] const FaultKind *deletePodsFault();
/// gatewayAway {cluster, namespace}: what stands behind the cluster's cross-cluster gateway goes to 0.
[[nodiscard]] const FaultKind *gatewayAwayFault();
/// controlPlaneAway {cluster, namespace, revision}: the istiods that the cluster holds go to 0 and stay there.
[[nodiscard]] const FaultKind *controlPlaneAwayFault();
/// httpFault {cluster, namespace, host, delay, abort, percent}: a VirtualService that delays or aborts requests to the host.
[[nodiscard]] const FaultKind *httpFault();
/// moveClient {namespace, from, to}: the guide's step 5, the client to 0 in one cluster and deployed in the other.
[[nodiscard]] const FaultKind *moveClientFault();

} // namespace catamaran::drill
