#!/usr/bin/env bash
# Reports of kept runs and of files, in all their forms.
. "$2/lib.sh"
cd "$here" || exit 1
journal=(--journal "$work/runs.db")

# exactly FILE NAME: compares with expected/NAME; UPDATE=1 writes it anew.
exactly() {
  if [ -n "${UPDATE:-}" ]; then
    cp "$1" "$here/expected/$2"
  elif ! diff -u "$here/expected/$2" "$1"; then
    fail "output differs from expected/$2"
  fi
}

# alone FILE: nothing in the page is fetched or run.
alone() {
  ! grep -qiE '<script|<img|<link|<iframe|src=|href|https?:|url\(|@import' "$1" \
    || fail "$1 is not a page that stands alone"
  has "$1" "default-src 'none'"
}

check 0 report --help
has "$work/out" "Usage: troupe report"
has "$work/out" "Examples:"

# A file of which all is known.
check 0 report ./small_run.json
exactly "$work/out" report.txt
check 0 report ./small_run.json --format markdown
exactly "$work/out" report.md
check 0 report ./small_run.json --format html
exactly "$work/out" report.html
alone "$work/out"
check 0 report ./small_run.json --format json
cp "$work/out" "$work/again.json"
check 0 report "$work/again.json" --format json
cmp "$work/out" "$work/again.json" || fail "a report as JSON is read as another"

# The ending of the file says which form; a format that is named wins.
for ending in html md json txt; do
  check 0 report ./small_run.json --output "$work/run.$ending"
  has "$work/err" "wrote $work/run.$ending"
  empty "$work/out"
done
cmp "$work/run.html" expected/report.html || fail "run.html"
cmp "$work/run.md" expected/report.md || fail "run.md"
cmp "$work/run.txt" expected/report.txt || fail "run.txt"
cmp "$work/run.json" "$work/again.json" || fail "run.json"
check 0 report ./small_run.json --output "$work/run.html" --format markdown
cmp "$work/run.html" expected/report.md || fail "--format is not heeded"

# A run of now, its journal, and its events tell the same.
check 0 run missions/quick.yaml --config brisk.yaml "${journal[@]}" --json \
  --report "$work/now.html"
has "$work/err" "wrote $work/now.html"
cp "$work/out" "$work/events.jsonl"
alone "$work/now.html"
check 0 report last "${journal[@]}" --output "$work/kept.html"
alone "$work/kept.html"
check 0 report "$work/events.jsonl" --output "$work/told.html"
alone "$work/told.html"
check 0 report "$work/events.jsonl"
masked "$work/out" > "$work/told"
check 0 report last "${journal[@]}"
masked "$work/out" > "$work/kept"
diff -u "$work/told" "$work/kept" || fail "a kept run is told otherwise"
check 0 report last "${journal[@]}"
cp "$work/out" "$work/report"
check 0 show last "${journal[@]}"
cmp "$work/out" "$work/report" || fail "'report' and 'show' differ"

# A run that was killed is reported as it stands.
"$troupe" run missions/long.yaml --config brisk.yaml --quiet "${journal[@]}" \
  > "$work/out" 2> "$work/err" < /dev/null &
run=$!
for _ in $(seq 100); do
  "$troupe" show last --entries "${journal[@]}" 2> /dev/null \
    | grep -q '"task_begun"\|"attempt' && break
  sleep 0.05
done
kill -9 "$run" 2> /dev/null
wait "$run" 2> /dev/null
check 0 report last "${journal[@]}" --format html
has "$work/out" ">Timeline</h2>"
alone "$work/out"

# What is wrong is told, and nothing is written.
check 2 report
check 2 report last
has "$work/err" "which journal?"
check 2 report last --journal "$work/none.db"
check 2 report nobody "${journal[@]}"
has "$work/err" "unknown_run"
check 2 report ./small_run.json --format pdf
has "$work/err" "pdf"
check 2 report "$work/absent.json"
has "$work/err" "file_unreadable"
check 2 report "$work/."
echo '{"report":{"tasks":7}}' > "$work/bad.json"
echo '{"kind":"run_started"}' > "$work/other.json"
head -c 200 small_run.json > "$work/cut.json"
: > "$work/void.json"
for file in bad other cut void; do
  check 2 report "$work/$file.json" --output "$work/$file.html"
  has "$work/err" "malformed_message"
  [ ! -e "$work/$file.html" ] || fail "$file.html was written"
done
sed 's/1970-01-01T00:16:44Z/2261-01-01T00:00:00Z/' small_run.json \
  > "$work/far.json"
check 2 report "$work/far.json"
has "$work/err" "times out of range"
sed -E 's/("finished":")[^"]*/\12169-01-01T00:00:00Z/g' small_run.json \
  > "$work/long.json"
check 2 report "$work/long.json"
has "$work/err" "times out of range"
check 2 report ./small_run.json --output "$work/absent/run.html"
has "$work/err" "cannot be written"

finish
