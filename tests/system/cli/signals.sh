#!/usr/bin/env bash
# SIGINT and SIGTERM at random moments, the first instants included: the run
# always ends, says so, and returns 130. SEED and ROUNDS (10) may be set for more
# of them.
. "$2/lib.sh"
# A child that is signalled right after its fork would still run this trap.
trap - EXIT
cd "$here" || exit 1
RANDOM=${SEED:-1}
echo "SEED=${SEED:-1}"

# stop_after SIGNAL SECONDS: starts a run, signals it, leaves its code in $code
stop_after() {
  # A shell starts its background children with SIGINT ignored; env undoes it.
  env --default-signal=INT,TERM "$troupe" run missions/long.yaml \
    --config real_pace.yaml > "$work/out" 2> "$work/err" < /dev/null &
  local run=$! program
  # Until then it is the shell or env, where SIGINT is still ignored.
  program=$(readlink -f "$troupe")
  for _ in $(seq 2000); do
    [ "$(readlink "/proc/$run/exe")" != "$program" ] || break
  done
  [ "$2" = 0 ] || sleep "$2"
  kill -s "$1" "$run" 2> /dev/null
  ( sleep 20; kill -9 "$run" 2> /dev/null ) > /dev/null 2>&1 &
  local guard=$!
  code=0
  wait "$run" || code=$?
  kill "$guard" 2> /dev/null
}

for round in $(seq 1 "${ROUNDS:-10}"); do
  for signal in INT TERM; do
    ms=$((round % 2 == 0 ? RANDOM % 30 : RANDOM % 1500))
    stop_after $signal "$(printf '%d.%03d' $((ms / 1000)) $((ms % 1000)))"
    # Before the program has come to its first line, which may take a while on
    # a busy machine, the system itself ends it, and nothing is said.
    if [ ! -s "$work/err" ] && [ ! -s "$work/out" ] && [ "$ms" -lt 1000 ]; then
      case $code in 130 | 143) continue ;; esac
    fi
    [ "$code" = 130 ] || {
      fail "$signal after $ms ms: code $code"
      cat "$work/out" "$work/err"
    }
    [ -s "$work/err" ] || fail "$signal after $ms ms: no word"
  done
done

# A run that was under way still reports.
stop_after INT 1.2
[ "$code" = 130 ] || fail "code $code"
has "$work/out" "Run of long: cancelled"
has "$work/out" "cancelled: interrupted by Ctrl-C"
has "$work/err" "stopping"

# What was paid for before the signal is kept, though nothing was made of it.
# On a machine that is busy it may end before that is seen: then once more.
for _ in 1 2 3; do
  rm -rf "$work/kept"
  env --default-signal=INT "$troupe" run missions/long.yaml \
    --config real_pace.yaml --out "$work/kept" > "$work/out" 2> "$work/err" \
    < /dev/null &
  run=$!
  for _ in $(seq 1 400); do
    grep -q ' done by ' "$work/err" && break
    sleep 0.05
  done
  kill -s INT $run
  code=0
  wait $run || code=$?
  [ "$code" = 0 ] || break
done
[ "$code" = 130 ] || fail "interrupted with --out: code $code"
has "$work/err" " done by "
sed -nE 's/^.* (read#[0-9]+) done by .*/\1/p' "$work/err" > "$work/done"
while read -r task; do
  [ -s "$work/kept/${task/\#/_}.md" ] || fail "the result of $task is lost"
done < "$work/done"

# Two signals at one time are one Ctrl-C, as when a wrapper passes it on: the
# run still reports.
env --default-signal=INT "$troupe" run missions/long.yaml \
  --config real_pace.yaml --json 2> "$work/err" > "$work/out" < /dev/null &
run=$!
sleep 0.5
kill -s INT $run
kill -s INT $run
code=0
wait $run || code=$?
[ "$code" = 130 ] || fail "two signals: code $code"
has "$work/out" '"kind":"run_finished"'
has "$work/out" '{"report":'
rm -rf "$work"
finish
