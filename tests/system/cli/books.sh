#!/usr/bin/env bash
# The commands that read a ledger and a learning file.
. "$2/lib.sh"
cd "$here" || exit 1

cat > "$work/troupe.yaml" <<'END'
simulated: {latency_scale_permille: 0}
ledger: books/troupe.ledger
routing: {learning: {enabled: true, file: books/learned.db}}
END
config=(--config "$work/troupe.yaml")

# Nothing is made by looking.
for command in account choices; do
  check 2 $command "${config[@]}"
  has "$work/err" "no such file"
  check 2 $command
  has "$work/err" "troupe $command: which "
done
[ ! -e "$work/books" ] || fail "looking has made a folder"
mkdir "$work/books"
check 2 account --ledger "$work/books/none.ledger"
[ ! -e "$work/books/none.ledger" ] || fail "looking has made a ledger"
check 2 judge 0192d3c4-5e6f-7abc-8def-0123456789ab 50 "${config[@]}"
[ ! -e "$work/books/learned.db" ] || fail "judging has made a learning file"

check 0 run missions/quick.yaml "${config[@]}" --json
grep -oE '"last_call":"[0-9a-f-]{36}"' "$work/out" | tail -1 | cut -d'"' -f4 > "$work/call"
call=$(cat "$work/call")
[ -n "$call" ] || fail "no report names a call"

check 0 account "${config[@]}"
has "$work/out" "default"
has "$work/out" "closed accounts are left out"
check 0 account --all "${config[@]}"
has "$work/out" "default/quick-"
check 0 account default "${config[@]}"
has "$work/out" "limit: no limit"
has "$work/out" "per hour: "
check 0 account default "${config[@]}" --json
has "$work/out" '{"account":{"path":"default"'
has "$work/out" '"forecast":{"path":"default"'
check 2 account nobody "${config[@]}"
has "$work/err" "no account 'nobody'"
check 0 account unknown "${config[@]}"
has "$work/out" "no reservation is unknown"
check 2 account reconcile "$call" 0.1 "${config[@]}"
has "$work/err" "no unknown reservation $call"
for words in "x 0.1" "$call much" "$call -1" "$call"; do
  check 2 account reconcile $words "${config[@]}"
  empty "$work/out"
done
echo "no ledger at all" > "$work/books/bad.ledger"
check 2 account --ledger "$work/books/bad.ledger"
has "$work/err" "bad.ledger"

check 0 choices "${config[@]}"
has "$work/out" "$call"
has "$work/out" "simulated/"
check 0 choices --count 1 --json "${config[@]}"
has "$work/out" '"propensity_ppm":'
has "$work/out" '"type":"'
check 2 choices --count 0 "${config[@]}"
check 2 choices --file "$work/books/bad.ledger"
has "$work/err" "bad.ledger"
check 0 judge "$call" 80 "${config[@]}"
has "$work/out" ": 80 of 100"
check 2 judge "$call" 80 --file "$work/books/learned.db"
has "$work/err" "was judged already"
check 2 judge 0192d3c4-5e6f-7abc-8def-0123456789ab 80 "${config[@]}"
has "$work/err" "no call 0192d3c4"
for words in "$call 101" "$call -1" "$call much" "call 50" "$call"; do
  check 2 judge $words "${config[@]}"
  empty "$work/out"
done
check 0 choices --json "${config[@]}"
has "$work/out" '"quality_permille":800'

# A ledger that is in use, as a run has it.
echo 'ledger: books/troupe.ledger' > "$work/slow.yaml"
"$troupe" run missions/long.yaml --config "$work/slow.yaml" > "$work/run" 2>&1 &
runner=$!
for _ in $(seq 200); do
  "$troupe" account "${config[@]}" > "$work/out" 2> "$work/err" || break
done
has "$work/err" "in use by another process"
kill -INT $runner
wait $runner
finish
