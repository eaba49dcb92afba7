#!/usr/bin/env bash
# `run --record-models` and `--replay-models`: record, replay, edit a prompt.
. "$2/lib.sh"
cd "$here" || exit 1
fast="--config at_once.yaml"
tape=$work/models.jsonl
mission=$work/quick.yaml
cp missions/quick.yaml "$mission"
results() { sed '/^Run of/,$d' "$work/out"; }

check 0 run "$mission" $fast --record-models "$tape"
has "$work/err" "recorded 3 calls in $tape"
[ "$(stat -c %a "$tape")" = 600 ] || fail "others may read the recording"
[ "$(wc -l < "$tape")" = 4 ] || fail "a head and a line for each call"
results > "$work/first"

# The same again, without the seed that the answers came from.
check 0 run "$mission" $fast --replay-models "$tape" --quiet
empty "$work/err"
[ "$(results)" = "$(cat "$work/first")" ] || fail "one recording, two results"
has "$work/out" "SIMULATED: no model was asked"

# Nothing is overwritten.
cp "$tape" "$work/copy"
check 2 run "$mission" $fast --record-models "$tape"
has "$work/err" "nothing is overwritten"
cmp -s "$tape" "$work/copy" || fail "the recording has changed"

# A prompt that has changed.
sed -i '0,/prompt: */s//prompt: Briefly. /' "$mission"
cmp -s "$mission" missions/quick.yaml && fail "the prompt is as it was"
check 1 run "$mission" $fast --replay-models "$tape" --quiet
has "$work/out" "was not recorded; the nearest is exchange"
has "$work/out" "/messages/0/content/0/text/text: from byte "
has "$work/out" "Briefly. "
has "$work/err" "not in the recording"
has "$work/err" "troupe: replay: recorded, but not asked for: exchange "
check 0 run "$mission" $fast --replay-models "$tape" --replay-mode lenient
has "$work/err" "answered by what was recorded for another"
[ "$(results)" = "$(cat "$work/first")" ] || fail "lenient, but other results"

# Files that are no recordings.
check 2 run "$mission" $fast --replay-models "$work/absent"
has "$work/err" "file_unreadable"
echo "hello" > "$work/bad"
check 2 run "$mission" $fast --replay-models "$work/bad"
has "$work/err" "line 1: this is no recording of models"
head -c -20 "$tape" > "$work/cut"
check 2 run missions/quick.yaml $fast --replay-models "$work/cut"
has "$work/err" "line 4: the line has no end"
check 0 run missions/quick.yaml $fast --replay-models "$work/cut" \
  --replay-mode lenient
check 2 run "$mission" $fast --record-models "$work/absent/x"
has "$work/err" "cannot be written"
check 2 run "$mission" --replay-models a --record-models b
check 2 run "$mission" --replay-models a --replay-mode strictly

# A full disk: the run is paid for and goes on, the exit code tells.
code=0
(
  trap '' XFSZ
  ulimit -f 1
  exec timeout 60 "$troupe" run missions/quick.yaml $fast --quiet \
    --record-models "$work/small" > /dev/null 2> "$work/err"
) || code=$?
[ "$code" = 1 ] || fail "exit code $code after a full disk"
has "$work/err" "the recording ends after 0 calls"
[ -s "$work/small" ] || fail "nothing was recorded"
tail -c 1 "$work/small" | grep -q . && fail "half a line was left"
finish
