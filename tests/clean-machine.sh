#!/usr/bin/env bash
# Shows that the two commands do everything on a machine that has only Rust and Node: makes a fresh
# Debian root, puts this machine's Rust and Node into it and a clean clone of this project, and runs
#   cargo xtask run (for some seconds, without a display), then cargo xtask test.
# Needs root, debootstrap and the network. Takes about as long as a first build and all tests; `--only setup` stops where
# every tool is there and the interface is built.
#
#   tests/clean-machine.sh [--keep] [--only setup|run|test] [--release SUITE] [FOLDER]
#
# Whatever happens, the log is FOLDER.log; the root is removed afterwards unless --keep is given.
set -euo pipefail

keep=false
only=""
suite=""
root=""
while [ $# -gt 0 ]; do
  case "$1" in
    --keep) keep=true ;;
    --only) only="$2"; shift ;;
    --release) suite="$2"; shift ;;
    -*) echo "unknown option $1" >&2; exit 2 ;;
    *) root="$1" ;;
  esac
  shift
done

say() { printf '\n== %s\n' "$*"; }
fail() { printf 'clean-machine: %s\n' "$*" >&2; exit 1; }

[ "$(id -u)" = 0 ] || fail "needs root, to make a root of its own"
for program in debootstrap unshare git node npm rustc cargo apt-get; do
  command -v "$program" > /dev/null || fail "$program is missing"
done

project=$(git -C "$(dirname "$0")" rev-parse --show-toplevel)
root=$(realpath -m "${root:-$(mktemp -d -t clean-machine-XXXXXX)}")
log="$root.log"
mkdir -p "$root"
[ -z "$(ls -A "$root")" ] || fail "$root is not empty"

# The same distribution and the same mirror as this machine, whatever they are.
suite=${suite:-$(. /etc/os-release && echo "$VERSION_CODENAME")}
mirror=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' \
  | awk -v suite="$suite" '$2 == suite && $3 == "main" { print $1; exit }')
[ -n "$mirror" ] || fail "no mirror for $suite in this machine's apt sources"
sources=$(apt-get indextargets --format 'deb $(REPO_URI) $(RELEASE) $(COMPONENT)' \
  | awk -v suite="$suite" '$4 == "main" && index($3, suite) == 1' | sort -u)

clean_up() {
  status=$?
  # What was cut off in the middle goes on otherwise, and keeps the machine busy.
  for process in /proc/[0-9]*; do
    if [ "$(readlink "$process/root" 2> /dev/null)" = "$root" ]; then
      kill -KILL "${process#/proc/}" 2> /dev/null || true
    fi
  done
  if $keep; then
    say "kept: $root"
  else
    # Mounts live in a namespace that has ended; nothing of this machine is below the root.
    rm -rf --one-file-system "$root"
  fi
  echo "log: $log"
  exit "$status"
}
trap clean_up EXIT
exec > >(tee "$log") 2>&1

say "a fresh $suite root from $mirror"
begun=$SECONDS
debootstrap --variant=minbase --include=ca-certificates "$suite" "$root" "$mirror" > "$root.debootstrap.log" 2>&1 \
  || { tail -n 20 "$root.debootstrap.log"; fail "debootstrap failed"; }
rm -f "$root.debootstrap.log"
printf '%s\n' "$sources" > "$root/etc/apt/sources.list"
cp /etc/resolv.conf /etc/hosts "$root/etc/"
echo "done in $((SECONDS - begun)) s, $(chroot "$root" dpkg-query -f '.\n' -W | wc -l) packages"

say "only Rust and Node"
# Certificates that this machine trusts: it may reach the registries through a proxy of its own.
trusted=/usr/local/share/trusted.crt
cp /etc/ssl/certs/ca-certificates.crt "$root$trusted"
cp "$(readlink -f "$(command -v node)")" "$root/usr/local/bin/node"
mkdir -p "$root/usr/local/lib/node_modules" "$root/usr/local/rust"
cp -a "$(dirname "$(dirname "$(readlink -f "$(command -v npm)")")")" "$root/usr/local/lib/node_modules/npm"
ln -s ../lib/node_modules/npm/bin/npm-cli.js "$root/usr/local/bin/npm"
sysroot=$(rustc --print sysroot)

say "a clean clone of $(git -C "$project" rev-parse --short HEAD)"
git clone --quiet --no-hardlinks "$project" "$root/root/confidant"

cat > "$root/root/go" <<GO
#!/bin/bash
set -euo pipefail
export HOME=/root PATH=/usr/local/rust/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export SSL_CERT_FILE=$trusted NODE_EXTRA_CA_CERTS=$trusted PIP_CERT=$trusted CARGO_HTTP_CAINFO=$trusted
export LANG=C.UTF-8 TERM=dumb CI=true
cd /root/confidant
rustc --version; node --version; echo "npm \$(npm --version)"
for absent in cc pkg-config Xvfb python3 git; do
  if command -v \$absent > /dev/null; then echo "already there: \$absent"; fi
done
exec cargo xtask "\$@"
GO
chmod +x "$root/root/go"

# Runs a command in the root, with processes and mounts of its own that end with it.
inside() {
  unshare --mount --pid --ipc --fork --kill-child bash -euo pipefail -c '
    root=$1 sysroot=$2; shift 2
    mount --make-rprivate /
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
    mount --bind "$sysroot" "$root/usr/local/rust"
    mount -o remount,bind,ro "$root/usr/local/rust"
    exec chroot "$root" /usr/bin/env -i /root/go "$@"
  ' inside "$root" "$sysroot" "$@" < /dev/null
}

result=0
attempt() {
  say "cargo xtask $*"
  local begun=$SECONDS status=0
  inside "$@" || status=$?
  local took=$((SECONDS - begun))
  say "cargo xtask $* ended with $status after $((took / 60)) min $((took % 60)) s"
  summary+="cargo xtask $*: $([ $status = 0 ] && echo succeeded || echo "FAILED ($status)"), $((took / 60)) min $((took % 60)) s"$'\n'
  [ $status = 0 ] || result=1
}

summary=""
if [ "$only" = setup ]; then
  attempt setup
fi
if [ "$only" = run ] || [ -z "$only" ]; then
  attempt run --seconds 15 -- --demo
  screen="$root/root/confidant/target/run/first-screen.png"
  if [ -f "$screen" ]; then
    cp "$screen" "$root.first-screen.png"
    summary+="first screen: $root.first-screen.png"$'\n'
  else
    summary+="NO first screen was saved"$'\n'
    result=1
  fi
fi
if [ "$only" = test ] || [ -z "$only" ]; then
  attempt test
fi
say "what happened ($(nproc) cores)"
printf '%s' "$summary"
exit "$result"
