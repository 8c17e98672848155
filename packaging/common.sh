# SPDX-FileCopyrightText: 2026 The Catamaran authors
# SPDX-License-Identifier: Apache-2.0
# What packaging/run and packaging/test share. Source it; it changes to the top of the checkout.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf '\n\033[1m== %s\033[0m\n' "$*" >&2; }
die() { printf '%s\n' "$*" >&2; exit 1; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif command -v sudo >/dev/null; then sudo "$@"
    else die "Packages are missing and neither root nor sudo is at hand: $*"
    fi
}

# install_packages LIST…: installs what is missing of packaging/packages-LIST.txt (Debian and Ubuntu).
install_packages() {
    local missing=() package list
    if ! command -v apt-get >/dev/null; then
        say "This is not a Debian system: please install what packaging/packages-*.txt name yourself"
        return
    fi
    for list in "$@"; do
        while read -r package; do
            dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q '^install ok installed$' || missing+=("$package")
        done < <(sed 's/#.*//; s/[[:space:]]//g; /^$/d' "packaging/packages-$list.txt")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    say "Installing ${#missing[@]} packages"
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# fetch_debian_kubectl: Debian 12's own kubectl (1.20) for the tests, without installing it over another one: unpacked
# into build/kubectl-1.20. Without a package archive the tests that want it are skipped.
fetch_debian_kubectl() {
    local folder=$PWD/build/kubectl-1.20 download
    [ ! -x "$folder/usr/bin/kubectl" ] || return 0
    command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || { say "No Debian: the tests with kubectl 1.20 will be skipped"; return 0; }
    download=$(mktemp -d)
    if ( cd "$download" && apt-get download -qq kubernetes-client >/dev/null 2>&1 ) && mkdir -p "$folder" && dpkg-deb -x "$download"/kubernetes-client_*.deb "$folder"; then
        say "Debian's kubectl is in build/kubectl-1.20"
    else
        say "Debian's kubectl could not be fetched; the tests with it will be skipped"
    fi
    rm -rf "$download"
}

# build PRESET [TARGET…]: configures and builds into build/PRESET; without targets everything, the tests too.
build() {
    local preset=$1
    shift
    say "Building (preset $preset)"
    cmake --preset "$preset" -DCATAMARAN_UNITY=ON >/dev/null
    cmake --build --preset "$preset" --parallel "$(nproc)" ${1:+--target "$@"}
}

# run_headless DIR: the whole setup and the drills without a display; leaves report.html, the answers as JSON and a
# picture of every screen in DIR.
run_headless() {
    local bin=$PWD/build/release/bin out=$1 lab pid ctl status=0
    rm -rf "$out"
    mkdir -p "$out/screens"
    lab=$(mktemp -d)
    export CATAMARAN_KEYRING=none # the range is gone soon: its keys are nothing for a person's keyring
    "$bin/catamaran-lab" --dir "$lab" >"$lab/ready.json" 2>"$lab/lab.log" &
    pid=$!
    # shellcheck disable=SC2064  # the values of now
    trap "kill $pid 2>/dev/null || true; wait $pid 2>/dev/null || true; rm -rf '$lab'" EXIT
    for _ in $(seq 100); do
        grep -q '"ready"' "$lab/ready.json" && break
        kill -0 "$pid" 2>/dev/null || die "The practice range ended: $(cat "$lab/lab.log")"
        sleep 0.1
    done
    ctl() { "$bin/catamaranctl" --env "$lab/env.yaml" --database "$lab/catamaran.db" "$@"; }

    say "Setting the fleet up (resources/fleets/two-meshes.yaml)"
    ctl apply resources/fleets/two-meshes.yaml
    ctl status
    say "Asking from cluster-1"
    ctl verify --from cluster-1/default/sleep --url http://helloworld:5000/hello --count 200
    ctl -o json verify --from cluster-1/default/sleep --url http://helloworld:5000/hello --count 200 2>/dev/null >"$out/verify-cluster-1.json"
    say "Rehearsing failures"
    for drill in workload-failover move-client; do
        ctl -o json drill run "resources/drills/$drill.yaml" >"$out/drill-$drill.json" || status=$?
    done
    say "Moving the client to cluster-2, asking from there, moving it back"
    ctl move-client cluster-1 cluster-2
    ctl verify --from cluster-2/default/sleep --url http://helloworld:5000/hello --count 200
    ctl -o json verify --from cluster-2/default/sleep --url http://helloworld:5000/hello --count 200 2>/dev/null >"$out/verify-cluster-2.json"
    ctl move-client cluster-2 cluster-1
    say "Taking pictures of every screen"
    QT_QPA_PLATFORM=offscreen "$bin/catamaran" --env "$lab/env.yaml" --database "$lab/catamaran.db" --tour "$out/screens"
    ctl report --out "$out/report.html" --screens "$out/screens" --verify "$out/verify-cluster-1.json" --verify "$out/verify-cluster-2.json" \
        --drill "$out/drill-workload-failover.json" --drill "$out/drill-move-client.json"
    say "The report is $out/report.html"
    return "$status"
}
