#!/usr/bin/env bash
# Whatever is kept when a runtime falls is whole, and another process goes on.
. "$2/lib.sh"
fallen=$4
cd "$here" || exit 1
journal=(--journal "$work/runs.db")

code=0
timeout 60 "$fallen" "$work/runs.db" > "$work/fallen" 2> "$work/err" || code=$?
[ "$code" = 5 ] || fail "exit code $code, expected 5"
has "$work/fallen" "paused"
run=$(grep -oE '^[0-9a-f-]{36}' "$work/fallen")

check 0 journal verify "${journal[@]}"
has "$work/out" " 0 problems"
check 0 replay "$run" "${journal[@]}"
has "$work/out" "all are the same"
check 0 resume "$run" "${journal[@]}" --config brisk.yaml --json
grep -q '"state":"done","started"' "$work/out" || fail "it was not done"
check 0 journal verify "${journal[@]}"
has "$work/out" " 0 problems"
check 0 account --ledger "$work/runs.db-ledger" --all

finish
