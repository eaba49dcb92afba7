#!/usr/bin/env bash
# Runs that wait for people, runs from earlier results, goals in words.
. "$2/lib.sh"
cd "$here" || exit 1
journal=(--journal "$work/runs.db")
config=(--config at_once.yaml)

# Nobody is at a terminal here: the run waits in its journal.
check 4 run missions/release.yaml "${config[@]}" "${journal[@]}" --quiet
has "$work/err" "release asks ada: May it go out?"
has "$work/err" "troupe approve"
check 0 runs "${journal[@]}"
has "$work/out" "paused"
check 2 approve last release "${journal[@]}" --by eve
has "$work/err" "not 'eve'"
check 2 approve last write "${journal[@]}" --by ada
has "$work/err" "waits for no approval"
check 2 approve last nothing "${journal[@]}" --by ada
check 4 resume last "${config[@]}" "${journal[@]}" --quiet # it waits on
check 0 approve last release "${journal[@]}" --by ada --note "as agreed"
check 2 approve last release "${journal[@]}" --by ada
check 0 journal verify "${journal[@]}"
check 0 resume last "${config[@]}" "${journal[@]}" --quiet
has "$work/out" "Run of release: done"
check 0 replay last "${journal[@]}"
has "$work/out" "all are the same"
check 2 refuse last release "${journal[@]}" --by ada # it has ended

check 4 run missions/release.yaml "${config[@]}" "${journal[@]}" --quiet
check 0 refuse last release "${journal[@]}" --by ada --note "too dear"
check 1 resume last "${config[@]}" "${journal[@]}" --quiet
has "$work/out" "approval_refused"
has "$work/out" "too dear"

# What is the same is not done again.
check 0 run missions/quick.yaml "${config[@]}" "${journal[@]}" --quiet
first=$("$troupe" runs "${journal[@]}" --count 1 --json | grep -oE '[0-9a-f-]{36}' | head -1)
check 0 run missions/quick.yaml "${config[@]}" "${journal[@]}" --quiet --reuse --explain
has "$work/out" "people taken from run $first"
has "$work/out" "account taken from run $first"
check 0 fork "$first" --again causes --explain "${config[@]}" "${journal[@]}" --quiet
has "$work/out" "causes ran: it was asked for"
has "$work/out" "people taken from run $first"
check 0 fork "$first" --prompt account='Write it in one line.' --explain \
  "${config[@]}" "${journal[@]}" --quiet
has "$work/out" "account ran: prompt has changed"
echo "A quiet day at sea." > "$work/note.txt"
check 0 fork "$first" --input note="$work/note.txt" --explain "${config[@]}" "${journal[@]}" --quiet
has "$work/out" "people ran: input note has changed"
has "$work/out" "account ran: result of people has changed"
check 2 fork "$first" --prompt nothing=x "${config[@]}" "${journal[@]}"
has "$work/err" "no task 'nothing'"
check 2 fork "$first" --input nothing="$work/note.txt" "${config[@]}" "${journal[@]}"
has "$work/err" "no input 'nothing'"
check 2 run missions/quick.yaml "${config[@]}" --reuse --quiet
has "$work/err" "journal"
check 0 replay last "${journal[@]}"

# A goal becomes a mission; without a real model by rules.
echo "Offer one costs ten." > "$work/a.txt"
echo "Offer two costs twelve." > "$work/b.txt"
check 0 do "Compare the two offers" --input "$work/a.txt" --input "$work/b.txt" "${config[@]}"
has "$work/err" "planned 4 tasks by rules"
has "$work/out" "Run of goal: done"
check 0 do Compare the offers --input "$work/a.txt" --plan-only "${config[@]}"
has "$work/out" '"read-1"'
check 2 do " " "${config[@]}"
has "$work/err" "a goal needs words"
check 2 do "Compare" --input "$work/none.txt" "${config[@]}"
has "$work/err" "file_unreadable"

finish
