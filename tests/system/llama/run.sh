#!/usr/bin/env bash
# run.sh TROUPE FOLDER ROOT: missions with llama.cpp's server and a model of
# 260,000 weights. Exit code 77: skipped, as one of them is not there.
. "$2/../cli/lib.sh"
server=${TROUPE_LLAMA_SERVER:-$root/build/llama/bin/llama-server}
model=${TROUPE_LLAMA_MODEL:-$root/../shared/data/stories260K/stories260K-f32.gguf}

for it in "$server" "$model"; do
  [ -r "$it" ] || {
    echo "SKIPPED: no $it; script/llama --help"
    exit 77
  }
done

"$server" -m "$model" --host 127.0.0.1 --port 0 --ctx-size 2048 --parallel 4 \
  --threads 1 > "$work/server.log" 2>&1 &
pid=$!
trap 'kill "$pid" 2>/dev/null; rm -rf "$work"' EXIT

# Its port is known once it says so; a minute at most.
port=
for ((i = 0; i < 600; ++i)); do
  port=$(sed -n 's#.*listening on http://127\.0\.0\.1:\([0-9]*\).*#\1#p' \
    "$work/server.log" | head -1)
  [ -z "$port" ] || break
  sleep 0.1
done
[ -n "$port" ] || {
  cat "$work/server.log"
  fail "the server did not start"
  finish
}

cp "$here"/*.yaml "$work"
cd "$work" || exit 1
sed -i "s/PORT/$port/" config.yaml

# Four streams at one time, each cut where it was to be, and paid.
check 0 run mission.yaml --config config.yaml --json
tail -1 out > report
has report '"state":"done"'
has report '"model":"llama/stories"'
grep -q '"simulated":true' report && fail "a real model, not a simulated one"
grep -q '"source":"estimated"' report && fail "the server tells its usage"
grep -Eq '"output":160[,}]' report || fail "4 answers of 40 tokens"
grep -Eq '"cost":"?0' report || fail "a cost"

# The same seed at temperature 0 is one answer; a recording gives it again.
check 0 run mission.yaml --config config.yaml --quiet --record-models calls.jsonl
check 0 run mission.yaml --config config.yaml --quiet --replay-models calls.jsonl

# More than its window: told as what it is, and nothing is billed.
for ((i = 0; i < 3000; ++i)); do printf 'Lily went home. '; done > long.txt
check 1 run long.yaml --config config.yaml --json
tail -1 out > report
has report 'context_too_long'

# A model that it does not have, a server that is gone.
kill "$pid"
wait "$pid" 2> /dev/null
check 1 run mission.yaml --config config.yaml --quiet
has out 'provider_unavailable'
finish
