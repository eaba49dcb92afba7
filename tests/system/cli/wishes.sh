#!/usr/bin/env bash
# Pausing and cancelling from another process: runs that one runs, that has died,
# that none runs.
. "$2/lib.sh"
# Children that are killed would run this trap.
trap - EXIT
cd "$here" || exit 1
journal=(--journal "$work/runs.db")
config=(--config real_pace.yaml)

# begin: a run in the background, as $run, until its first task is under way.
begin() {
  "$troupe" run missions/long.yaml "${config[@]}" "${journal[@]}" \
    > "$work/run-out" 2> "$work/run-err" < /dev/null &
  run=$!
  for _ in $(seq 1 400); do
    grep -q ' started ' "$work/run-err" && return
    sleep 0.05
  done
  fail "the run has not begun"
}

# ends CODE: the run's process ends with it.
ends() {
  ( sleep 40; kill -9 "$run" 2> /dev/null ) > /dev/null 2>&1 &
  local guard=$! code=0
  wait "$run" || code=$?
  kill "$guard" 2> /dev/null
  [ "$code" = "$1" ] || {
    fail "the run's process: exit code $code, expected $1"
    head -20 "$work/run-out" "$work/run-err"
  }
}

# Nothing to wish of yet.
check 2 cancel last "${journal[@]}"
has "$work/err" "no such file"
check 2 pause

# A process that runs it leaves it to the journal.
begin
check 0 pause last "${journal[@]}" --by ada --note "until noon"
has "$work/out" "paused; go on with 'troupe resume"
ends 4
has "$work/run-out" "Run of long: paused"
has "$work/run-err" "paused; go on with 'troupe resume"
check 0 show last "${journal[@]}" --entries
has "$work/out" "paused by ada: until noon"
check 0 pause last "${journal[@]}" --json # nobody runs it
has "$work/out" '"state":"paused","process":0'

# Another process goes on with it, and is told to end it.
"$troupe" resume last "${config[@]}" "${journal[@]}" \
  > "$work/run-out" 2> "$work/run-err" < /dev/null &
run=$!
for _ in $(seq 1 400); do
  grep -q ' started ' "$work/run-err" && break
  sleep 0.05
done
id=$(sed -nE 's/.*resume ([0-9a-f-]{36}).*/\1/p' "$work/err" | head -1)
check 0 cancel last "${journal[@]}" --by ada --note "too dear" --json
has "$work/out" '"wish":"cancel","state":"cancelled","process":'"$run"
ends 130
has "$work/run-out" "cancelled by ada: too dear"
check 0 journal verify "${journal[@]}"
check 0 replay last "${journal[@]}"
has "$work/out" "all are the same"
check 2 cancel last "${journal[@]}"
has "$work/err" "has ended: cancelled"
check 2 resume last "${config[@]}" "${journal[@]}"

# One whose process was killed is ended in the journal.
begin
kill -9 "$run"
ends 137
check 0 cancel last "${journal[@]}" --by bob
has "$work/out" ": cancelled"
check 0 journal verify "${journal[@]}"
check 0 replay last "${journal[@]}"
has "$work/out" "all are the same"
check 0 runs "${journal[@]}" --count 1
has "$work/out" "cancelled"
check 0 show last "${journal[@]}"
has "$work/out" "cancelled by bob"

# So is one that waits for a person.
check 4 run missions/release.yaml --config at_once.yaml "${journal[@]}" --quiet
check 0 cancel last "${journal[@]}"
check 2 approve last release "${journal[@]}" --by ada
check 0 replay last "${journal[@]}"
has "$work/out" "all are the same"

# A process that is stopped does not answer: nothing is done, and it is said.
begin
kill -STOP "$run"
check 1 cancel last "${journal[@]}" --wait 1
has "$work/err" "has not answered in 1 s; nothing was done"
kill -CONT "$run"
# What nobody took up in time is not done later.
check 0 pause last "${journal[@]}"
ends 4

# Bad input.
check 2 cancel 00000000-0000-7000-8000-000000000000 "${journal[@]}"
has "$work/err" "unknown_run"
check 2 cancel nothing "${journal[@]}"
check 2 cancel last "${journal[@]}" --note "$(printf 'x%.0s' {1..600})"
has "$work/err" "at most 512 bytes"
check 2 cancel last "${journal[@]}" --wait 0
echo "this is no file of wishes" > "$work/runs.db-wishes"
check 2 cancel last "${journal[@]}"
has "$work/err" "file of wishes"
# A run does without them, and says so.
check 0 run missions/quick.yaml --config at_once.yaml "${journal[@]}" --quiet
has "$work/err" "wishes-unheard"

rm -rf "$work"
finish
