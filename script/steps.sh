# Sourced by the scripts beside it: how to configure, build and test a preset.
# Leaves the caller in the root of the tree.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

say() { printf '%s\n' "$*"; }

# Runs a command with its output in a log; shows the log's end on failure.
logged() {
  local log=$1
  shift
  mkdir -p "$(dirname "$log")"
  if "$@" >"$log" 2>&1 </dev/null; then return 0; fi
  say "FAILED: $*" >&2
  tail -n "${TROUPE_LOG_LINES:-60}" "$log" >&2
  say "The whole log: $log" >&2
  return 1
}

# configure PRESET [CMAKE ARGUMENTS...]
configure() {
  logged "build/$1.configure.log" cmake --preset "$@"
}

# build_preset PRESET [TARGET...]: ninja's one line on a terminal, else a log.
# One compiler a core: ninja's own two more only take the caches from them.
build_preset() {
  local preset=$1
  shift
  local targets=()
  [ $# -eq 0 ] || targets=(--target "$@")
  if [ -t 1 ]; then
    NINJA_STATUS="[%f of %t, %e s] " \
      cmake --build --preset "$preset" -j "$(nproc)" "${targets[@]}"
  else
    logged "build/$preset.build.log" \
      cmake --build --preset "$preset" -j "$(nproc)" "${targets[@]}"
  fi
}

# test_preset PRESET [CTEST ARGUMENTS...]: the results go to build/PRESET.xml.
test_preset() {
  local preset=$1
  shift
  rm -f "build/$preset.xml"
  # Some tests wait most of their time, so there is one more than cores.
  ctest --preset "$preset" -j $(($(nproc) + 1)) --output-junit "$root/build/$preset.xml" \
    --test-output-size-passed 1048576 "$@" </dev/null
}

# counts FILES...: prints "PASSED FAILED SKIPPED" of test_preset's results.
counts() {
  awk -f script/results.awk "$@" /dev/null
}

# suites FILES...: a line for each suite of others' data that those tests ran,
# with its counts: "blns: 515 of 515 as expected", or "blns: not present".
suites() {
  sed -nE 's/^ *suite ([a-z-]+: .*)$/\1/p' "$@" | sort -u
}
