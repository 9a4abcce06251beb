# Fresh Debian systems in directories, for the scripts of packages and systems, which source this file.
#
# The base systems and the packages that are fetched are kept in EMOSER_CACHE for the next time.  The
# systems themselves are in a directory that goes when the script ends.
MIRROR=${DEBIAN_MIRROR:-http://deb.debian.org}
CACHE=${EMOSER_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/emoser/systems}
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

passed=0
failed=0
check() {
    local name=$1 start=$SECONDS
    shift
    if "$@" >"$work/log" 2>&1; then
        passed=$((passed + 1))
        echo "ok - $name ($((SECONDS - start)) s)"
    else
        failed=$((failed + 1))
        echo "not ok - $name ($((SECONDS - start)) s)"
        tail -n 60 "$work/log"
        return 1
    fi
}
finish() {
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}
skip() {
    echo "$(basename "$0"): skipped: $*"
    exit 0
}

# Which of what is needed this machine lacks; a container of a CI may lack several.
need_systems() {
    [ "$(id -u)" -eq 0 ] || skip "only root makes chroots"
    command -v debootstrap >/dev/null || skip "debootstrap is not installed"
    command -v curl >/dev/null || skip "curl is not installed"
    command -v ip >/dev/null || skip "iproute2 is not installed"
    unshare --mount --pid --net --fork mount -t proc proc /proc 2>/dev/null ||
        skip "mount, pid and network namespaces are not permitted here"
    curl --silent --fail --head --max-time 20 --output /dev/null "$MIRROR/debian/dists/bookworm/Release" ||
        skip "$MIRROR/debian can't be reached"
    work=$(mktemp -d "${TMPDIR:-/tmp}/emoser-systems-XXXXXX")
    chmod 755 "$work"
    trap clean_up EXIT
    trap 'exit 130' INT TERM
    mkdir -p "$CACHE/archives"
}

# unshare heeds nothing but SIGKILL while it waits. It takes its system with it, but for one whose first
# process has become another user since.
running=()
network=
clean_up() {
    local each
    for each in "${running[@]}"; do
        kill -KILL $(pgrep -P "$each") "$each" 2>/dev/null
    done
    [ -z "$network" ] || kill "$network" 2>/dev/null
    wait 2>/dev/null
    rm -rf --one-file-system "$work"
}

make_base() {
    local suite=$1 base=$work/base.$1
    echo "making the base system of $suite (some minutes, once)"
    debootstrap --variant=minbase "$suite" "$base" "$MIRROR/debian" >"$work/log" 2>&1 || {
        tail -n 20 "$work/log"
        skip "debootstrap failed, as it does where devices can't be made"
    }
    echo "deb $MIRROR/debian $suite main" >"$base/etc/apt/sources.list"
    [ "$suite" = sid ] || cat >>"$base/etc/apt/sources.list" <<EOF
deb $MIRROR/debian $suite-updates main
deb $MIRROR/debian-security $suite-security main
EOF
    # A mirror may be as old here as it may be on this machine.
    apt-config dump Acquire::Check-Valid-Until >"$base/etc/apt/apt.conf.d/mirror"
    # As in Debian's images of containers: what is thrown away need not be flushed to disk, and what is
    # installed must not start services.
    echo force-unsafe-io >"$base/etc/dpkg/dpkg.cfg.d/unsafe-io"
    printf '#!/bin/sh\nexit 101\n' >"$base/usr/sbin/policy-rc.d"
    chmod 755 "$base/usr/sbin/policy-rc.d"
    tar -C "$base" -cf "$CACHE/$suite.tar.new" .
    mv "$CACHE/$suite.tar.new" "$CACHE/$suite.tar"
    rm -rf --one-file-system "$base"
}

# new_system NAME [SUITE]: a fresh one, in $work/NAME
new_system() {
    local suite=${2:-bookworm}
    [ -f "$CACHE/$suite.tar" ] || make_base "$suite"
    mkdir "$work/$1"
    tar -C "$work/$1" -xf "$CACHE/$suite.tar"
    cp /etc/resolv.conf "$work/$1/etc/resolv.conf"
}

# A network of its own, in which all ports are free; the systems of a script share it.
make_network() {
    unshare --net sleep infinity &
    network=$!
    until [ "$(readlink "/proc/$network/ns/net")" != "$(readlink /proc/self/ns/net)" ]; do
        sleep 0.1
    done
    in_network ip link set lo up
}
in_network() {
    nsenter --net --target "$network" "$@"
}

# inside NAME COMMAND ...: run in a system, as its root; what it leaves running ends with it.
# private=yes: in the network of its own. archives=directory: where packages that are fetched are kept.
inside() {
    local system=$work/$1 prefix=
    shift
    [ -z "${private:-}" ] || prefix=in_network
    system=$system archives=${archives:-$CACHE/archives} $prefix unshare --mount --pid --fork --kill-child bash -euc '
        mount -t proc proc "$system/proc"
        mount -t devpts -o newinstance,ptmxmode=0666 devpts "$system/dev/pts"
        mount -t tmpfs tmpfs "$system/dev/shm"
        mount --bind "$archives" "$system/var/cache/apt/archives"
        exec chroot "$system" env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
            HOME=/root LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"' inside "$@"
}

# What git would take of the working tree, without its history.
copy_sources() {
    mkdir -p "$1"
    (cd "$ROOT" && git ls-files -z --cached --others --exclude-standard |
        tar --null --files-from=- --ignore-failed-read -c) | tar -C "$1" -x --no-same-owner
}
