#!/bin/sh
# The vault's long runs, with a stand-in for the filling of Argon2id's memory: see README.md beside this.
#
#   tests/long-runs/run.sh kills|crashes|bits|scars [ROUNDS] [SEED]
#
# Everything it makes lies in `target/long-runs`, and no other build meets it.
set -eu

usage() {
  echo "usage: $0 kills|crashes|bits|scars [ROUNDS] [SEED]" >&2
  exit 2
}

fail() {
  echo "$0: $*" >&2
  exit 1
}

case "${1:-}" in
  kills) name=rounds::ten_thousand_kills ;;
  crashes) name=rounds::ten_thousand_crashes ;;
  bits) name=bits::every_bit_of_every_small_file_costs_nothing_or_is_named ;;
  scars) name=scars::the_full_run_of_damages ;;
  *) usage ;;
esac
[ $# -le 3 ] || usage
for number in "${2:-0}" "${3:-0}"; do
  case "$number" in *[!0-9]*) usage ;; esac
done
if [ -n "${2:-}" ]; then
  [ "$1" != bits ] || fail "bits are all of them: there is no number of rounds"
  VAULT_ROUNDS=$2
  export VAULT_ROUNDS
fi
if [ -n "${3:-}" ]; then
  [ "$1" != bits ] || fail "bits are all of them: there is no seed"
  VAULT_SEED=$3
  export VAULT_SEED
fi

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
root=$(CDPATH='' cd -- "$here/../.." && pwd -P)
out=$root/target/long-runs
cd "$root"
command -v patch > /dev/null || fail "the program \`patch\` is needed"
mkdir -p "$out"
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
trap 'exit 1' HUP INT TERM

# Where cargo has unpacked what Cargo.lock names.
host=$(rustc -vV | sed -n 's/^host: //p')
cargo metadata --format-version 1 --locked --offline --filter-platform "$host" > "$fresh/metadata" ||
  fail "cargo has not all packages here: \`cargo fetch --locked\` first"
manifest=$(grep -o '"manifest_path":"[^"]*/argon2-[0-9][^"/]*/Cargo.toml"' "$fresh/metadata" | sort -u)
[ "$(printf '%s\n' "$manifest" | grep -c .)" = 1 ] || fail "not one argon2 is found, but: $manifest"
manifest=${manifest#'"manifest_path":"'}
source=${manifest%'/Cargo.toml"'}

cp -R "$source" "$fresh/argon2"
chmod -R u+w "$fresh/argon2"
patch --quiet --force --strip=1 --directory="$fresh/argon2" < "$here/argon2.patch" ||
  fail "the patch is not for $(basename "$source"): it has to be made anew"
# A copy that is the same stays, so that it is not built again.
if ! diff -r "$fresh/argon2" "$out/argon2" > /dev/null 2>&1; then
  rm -rf "$out/argon2"
  mv "$fresh/argon2" "$out/argon2"
fi

# The same workspace under another name, with a Cargo.lock of its own: cargo writes the stand-in into it.
mkdir -p "$out/workspace"
cp Cargo.toml Cargo.lock "$out/workspace/"
for part in src-tauri tests; do
  rm -f "$out/workspace/$part"
  ln -s "$root/$part" "$out/workspace/$part"
done
cargo test --offline --manifest-path "$out/workspace/Cargo.toml" --target-dir "$out/target" \
  --config "patch.crates-io.argon2.path='$out/argon2'" -p vault --test vault --no-run
if sed -n '/^name = "argon2"$/,/^$/p' "$out/workspace/Cargo.lock" | grep -q '^source'; then
  fail "the stand-in is not in what was built"
fi
cargo test --offline --manifest-path "$out/workspace/Cargo.toml" --target-dir "$out/target" \
  --config "patch.crates-io.argon2.path='$out/argon2'" -p vault --test vault -- --ignored --exact --nocapture "$name"
