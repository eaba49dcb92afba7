#!/usr/bin/env bash
# `run`: reports, exit codes, and where each kind of output goes.
. "$2/lib.sh"
cd "$here" || exit 1
fast="--config at_once.yaml"

check 0 run missions/quick.yaml $fast --seed 7
cp "$work/out" "$work/first"
has "$work/err" "account started by editor"
has "$work/err" "run finished"
masked "$work/out" | sed -E 's/(Critical path: ).* \(/\1PATH (/' > "$work/report"
same "$work/report" run.txt
if grep -q $'\x1b' "$work/out" "$work/err"; then
  fail "escape codes in a pipe"
fi

# The same seed gives the same answers; another one may not.
results() { sed '/^Run of/,$d' "$1"; }
check 0 run missions/quick.yaml $fast --seed 7
[ "$(results "$work/first")" = "$(results "$work/out")" ] \
  || fail "one seed, two results"

check 0 run missions/quick.yaml $fast --quiet
empty "$work/err"

check 0 run missions/quick.yaml $fast --json
empty "$work/err"
[ "$(grep -c '^{"report":' "$work/out")" = 1 ] || fail "one report line"
tail -1 "$work/out" | grep -q '"state":"done"' || fail "the report comes last"
grep -v '^{"report":' "$work/out" | grep -vq '^{"sequence":' \
  && fail "a line that is no event"

check 0 run missions/quick.yaml $fast --out "$work/results"
has "$work/results/account.md" "ferry"
[ "$(ls "$work/results")" = account.md ] || fail "final results only"
grep -q '== account ==' "$work/out" && fail "results printed and written"
check 2 run missions/quick.yaml $fast --out at_once.yaml
has "$work/err" "is not a folder"

check 0 run missions/quick.yaml $fast --quiet --record "$work/record.jsonl"
empty "$work/err"
has "$work/record.jsonl" '{"kind":"request","type":"perform_task",'
has "$work/record.jsonl" '{"kind":"response","type":"task_result",'
check 1 run missions/quick.yaml $fast --record "$work/absent/record.jsonl"
has "$work/err" "cannot be written"

echo "Another text about a bridge that was closed. Nobody was told." > "$work/note"
check 0 run missions/quick.yaml $fast --input "$work/note"
has "$work/out" "bridge"
check 0 run missions/quick.yaml $fast --input note="$work/note" --quiet
check 2 run missions/quick.yaml $fast --input nte="$work/note"
check 2 run missions/quick.yaml $fast --input "$work/absent"

check 0 run missions/quick.yaml $fast --model simulated/expert --concurrency 1
has "$work/out" "simulated/expert"
has "$work/out" "of 1 places"
check 2 run missions/quick.yaml $fast --model simulated/exprt
has "$work/err" "simulated/expert"

check 1 run missions/failing.yaml $fast
has "$work/out" "task impossible: gate_failed"
has "$work/out" "skipped"
has "$work/out" "== notes =="
check 1 run missions/failing.yaml $fast --out "$work/kept"
[ "$(ls "$work/kept")" = notes.md ] || fail "what was done before the failure"
check 0 run missions/single.yaml $fast --roster agents.yaml
check 2 run missions/single.yaml $fast
has "$work/err" "unknown agent 'reader'"
check 2 run missions/broken.yaml
check 2 run missions/absent.yaml
check 3 run missions/quick.yaml $fast --budget 0.0000001
has "$work/err" "budget_exhausted"
# Some of its tasks have budgets of their own, which are greater.
check 3 run "$root/examples/missions/crew-of-8.yaml" $fast \
  --budget 0.0000001
has "$work/err" "budget_exhausted"

check 0 run missions/cascade.yaml $fast --out "$work/cheap_first"
has "$work/out" "2 cheaper answers were not good enough; the next tier was asked"
has "$work/out" "simulated/basic"
has "$work/out" "simulated/expert"

# A key that is missing is named; nothing is started without it.
check 2 run missions/quick.yaml $fast --model anthropic/claude-haiku-4-5
has "$work/err" \
  "model 'anthropic/claude-haiku-4-5' needs a key: set ANTHROPIC_API_KEY"
echo 'providers: {openai: {api_key_env: TROUPE_TEST_KEY}}' > "$work/openai.yaml"
check 2 run missions/quick.yaml --config "$work/openai.yaml"
has "$work/err" \
  "provider_unauthorized: openai: no API key: set TROUPE_TEST_KEY"

# Nobody listens at port 1.
echo 'providers: {openai: {base_url: "http://127.0.0.1:1/v1",
  api_key_env: TROUPE_TEST_KEY}}' > "$work/openai.yaml"
TROUPE_TEST_KEY=dummy-0123456789 check 1 run missions/single.yaml \
  --roster agents.yaml --config "$work/openai.yaml"
has "$work/out" "task report: provider_unavailable: "
has "$work/out" "The provider is down or out of reach; try again later"

# A reader that leaves early is no error and no message.
timeout 60 "$troupe" run missions/quick.yaml $fast --quiet 2> "$work/err" \
  | head -1 > /dev/null
empty "$work/err"
timeout 60 "$troupe" run missions/long.yaml --json 2> "$work/err" \
  | head -2 > "$work/out"
[ "$(wc -l < "$work/out")" = 2 ] || fail "two events"
empty "$work/err"
"$troupe" models >&- 2> "$work/err" || fail "closed standard output"
finish
