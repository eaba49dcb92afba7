#!/usr/bin/env bash
# Runs that are kept in a journal: kill -9 at random moments, resume, look at it.
# SEED and ROUNDS (6) may be set for more of them.
. "$2/lib.sh"
cd "$here" || exit 1
RANDOM=${SEED:-1}
echo "SEED=${SEED:-1}"
journal=(--journal "$work/runs.db")

# Nothing is made by looking.
for command in "runs" "show last" "replay last" "resume last" "journal verify" "journal export"; do
  check 2 $command "${journal[@]}"
  has "$work/err" "no such file"
  check 2 $command
  has "$work/err" "which journal?"
done
[ ! -e "$work/runs.db" ] || fail "looking has made a journal"

# killed_after MS: a run of ten tasks of some 100 ms that is killed.
killed_after() {
  "$troupe" run missions/long.yaml --config brisk.yaml --quiet "${journal[@]}" \
    > "$work/out" 2> "$work/err" < /dev/null &
  local run=$!
  sleep "$(printf '%d.%03d' $(($1 / 1000)) $(($1 % 1000)))"
  kill -9 "$run" 2> /dev/null
  wait "$run" 2> /dev/null
}

for round in $(seq 1 "${ROUNDS:-6}"); do
  killed_after $((50 + RANDOM % 900))
  [ -e "$work/runs.db" ] || continue
  check 0 journal verify "${journal[@]}"
  has "$work/out" " 0 problems"
  check 0 runs "${journal[@]}" --json --count 1
  [ "$(cat "$work/out")" != "[]" ] || continue # killed before it had begun
  if grep -q '"state":"done"' "$work/out"; then
    check 2 resume last "${journal[@]}" --config brisk.yaml
    has "$work/err" "unknown_run"
    continue
  fi
  check 0 resume last "${journal[@]}" --config brisk.yaml --json
  grep -q '"state":"done","started"' "$work/out" || fail "round $round: not done"
  # Each task is done once over both lives.
  done=$(grep -c '"kind":"task_done"' "$work/out")
  tasks=$(grep -oE '"tasks_total":[0-9]+' "$work/out" | head -1 | cut -d: -f2)
  [ "$done" = "$tasks" ] || fail "round $round: $done of $tasks tasks"
  check 0 show last "${journal[@]}"
  has "$work/out" "Run of long: done"
  check 0 replay last "${journal[@]}"
  has "$work/out" "all are the same"
done

check 0 run missions/quick.yaml --config brisk.yaml "${journal[@]}" --quiet
check 0 runs "${journal[@]}"
has "$work/out" "quick"
has "$work/out" "done"
check 2 resume nobody "${journal[@]}"
has "$work/err" "unknown_run"
check 0 show last --entries "${journal[@]}"
has "$work/out" '"run_planned"'
has "$work/out" '"run_closed"'

# A run may go to another journal.
check 0 journal export last "${journal[@]}"
cp "$work/out" "$work/run.jsonl"
check 0 journal import "$work/run.jsonl" --journal "$work/other.db"
has "$work/out" "1 run added"
check 0 journal export --journal "$work/other.db"
cmp "$work/out" "$work/run.jsonl" || fail "an imported run is another"
check 1 journal import "$work/run.jsonl" --journal "$work/other.db"
has "$work/err" "journal_damaged"
head -c 300 "$work/run.jsonl" > "$work/cut.jsonl"
check 2 journal import "$work/cut.jsonl" --journal "$work/other.db"
has "$work/err" "line 1"
check 1 journal verify --journal "$work/other.db" --head "$(printf '%064d' 1)"

# What its models were told goes with it.
check 0 show last --calls "${journal[@]}"
has "$work/out" '"reply"'
cp "$work/out" "$work/calls.jsonl"
check 0 show last --calls --journal "$work/other.db"
cmp "$work/out" "$work/calls.jsonl" || fail "an imported run has other calls"

# Runs that have ended may be forgotten, and then they stay so.
check 2 journal forget --journal "$work/other.db"
has "$work/err" "which runs?"
check 2 journal forget --older-than soon --journal "$work/other.db"
check 0 journal forget --older-than 1d --journal "$work/other.db"
check 0 runs --journal "$work/other.db" --json
has "$work/out" '"done"'
check 0 journal forget last --dry-run --journal "$work/other.db"
check 0 journal forget last --journal "$work/other.db"
has "$work/out" "1 run forgotten"
check 2 show last --journal "$work/other.db"
check 0 journal verify --journal "$work/other.db"
check 1 journal import "$work/run.jsonl" --journal "$work/other.db"

# What is no journal is not taken for one.
head -c 100 /dev/urandom > "$work/noise.db"
check 2 runs --journal "$work/noise.db"

finish
