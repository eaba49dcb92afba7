#!/usr/bin/env bash
# `run` on a real terminal: what a person sees of the live view and the report,
# at several sizes, without colours, and after Ctrl-C.
. "$2/lib.sh"
cd "$here" || exit 1
mission=$root/examples/missions/crew-of-8.yaml
brisk="--config brisk.yaml"
mkfifo "$work/keys" "$work/screen"

# start COLUMNS ROWS COMMAND...: what is typed goes to 3, what is shown to 4.
# A shell starts its background children with SIGINT ignored; env undoes it.
start() {
  local line
  printf -v line '%q ' sh "$here/session.sh" "$@"
  : > "$work/bytes"
  env --default-signal=INT,TERM SHELL=/bin/bash TERM=xterm-256color \
    timeout 60 script -qefc "$line" /dev/null \
    < "$work/keys" > "$work/screen" 2> "$work/err" &
  session=$!
  exec 3> "$work/keys" 4< "$work/screen"
}

# Reads up to the line in which the text appears.
wait_for() {
  local line
  while IFS= read -r -t 30 line <&4; do
    printf '%s\n' "$line" >> "$work/bytes"
    case $line in *"$1"*) return 0 ;; esac
  done
  fail "'$1' did not appear"
}

# see CODE COLUMNS ROWS: reads the rest, compares the exit code; leaves what was
# seen in $work/seen, $work/frames and $work/facts.
see() {
  local code=0
  cat <&4 >> "$work/bytes"
  exec 3>&- 4<&-
  wait "$session" || code=$?
  [ "$code" = "$1" ] || fail "exit code $code, expected $1"
  rm -f "$work/frames" "$work/facts"
  LC_ALL=C awk -v cols="$2" -v rows="$3" -v frames="$work/frames" \
    -v facts="$work/facts" -f screen.awk "$work/bytes" > "$work/seen"
  [ -s "$work/frames" ] || fail "nothing was painted over"
  has "$work/facts" "cursor shown"
  lacks "$work/facts" unknown
  lacks "$work/seen" "ANOTHER MODE"
  sed -n '/^Run of /,$p' "$work/seen" > "$work/report"
  whole_lines "$work/frames"
  whole_lines "$work/report"
}

# on_terminal CODE COLUMNS ROWS COMMAND...
on_terminal() {
  start "$2" "$3" "${@:4}"
  see "$1" "$2" "$3"
}

lacks() {
  ! grep -F -- "$2" "$1" || fail "'$2' is in the output"
}

whole_lines() {
  ! grep '^~' "$1" || fail "lines wider than the terminal"
}

# count NUMBER FILE REGULAR_EXPRESSION
count() {
  local found
  found=$(grep -cE -- "$3" "$2")
  [ "$found" = "$1" ] || {
    fail "$found lines match '$3', expected $1:"
    cat "$2"
  }
}

# Each screen shows the view once, however often it was painted over.
views_stand_alone() {
  awk '/^crew-of-8: / { ++heads } /^--$/ { bad += heads != 1; heads = 0 }
    END { exit bad != 0 }' "$work/frames" || fail "a screen without one view"
}

on_terminal 0 80 24 "$troupe" run "$mission" $brisk
views_stand_alone
has "$work/frames" "crew-of-8: 0 of 8 done  |  \$0.00 of \$2.50"
has "$work/frames" "TASK             STATE    MODEL               PROGRESS"
grep -qE '^[a-z-]+ +running +simulated/[a-z]+ +[#.]{10} ' "$work/frames" \
  || fail "no task was seen running"
count 0 "$work/seen" '^crew-of-8: ' # the report takes the view's place
count 1 "$work/seen" '^== documentation ==$'
has "$work/report" "Run of crew-of-8: done in "
count 9 "$work/report" '^[a-z-]+ +done ' # eight tasks and the total
has "$work/report" "Critical path: strategy > design > "
count 0 "$work/facts" '^colours 0$'

on_terminal 0 80 24 env NO_COLOR=1 "$troupe" run "$mission" $brisk
views_stand_alone
count 1 "$work/facts" '^colours 0$'
count 9 "$work/report" '^[a-z-]+ +done '

# Fewer lines than tasks, and a table that must leave columns out.
on_terminal 0 40 8 "$troupe" run "$mission" $brisk
views_stand_alone
has "$work/frames" "not shown: "
count 9 "$work/report" '^[a-z…-]+ +done '

# With the report elsewhere the last picture stays, and shows the end.
on_terminal 0 80 24 sh -c '"$0" "$@" > '"$work/elsewhere" \
  "$troupe" run "$mission" $brisk
has "$work/seen" "crew-of-8: 8 of 8 done"
count 8 "$work/seen" '^[a-z-]+ +done '
has "$work/elsewhere" "Run of crew-of-8: done in "
if grep -q $'\x1b' "$work/elsewhere"; then
  fail "escape codes in a file"
fi

# Ctrl-C, typed while the first task runs.
start 80 24 "$troupe" run "$mission" --config real_pace.yaml
wait_for running
printf '\003' >&3
see 130 80 24
has "$work/report" "Run of crew-of-8: cancelled in "
has "$work/report" "run: cancelled: interrupted by Ctrl-C"
count 9 "$work/report" '^[a-z-]+ +(cancelled|skipped) '
count 0 "$work/seen" '^crew-of-8: '

# A second one ends it at once, wherever it is; the terminal is itself again.
start 80 24 "$troupe" run "$mission" --config real_pace.yaml
wait_for running
printf '\003\003' >&3
see 130 80 24
finish
