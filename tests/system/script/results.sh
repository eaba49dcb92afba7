#!/usr/bin/env bash
# How script/test and script/check count what ctest has written.
. "$1/script/steps.sh"
failures=0

# expect WHAT EXPECTED COMMAND...
expect() {
  local what=$1 expected=$2 found
  found=$("${@:3}")
  [ "$found" = "$expected" ] || {
    printf '%s: expected\n%s\nfound\n%s\n' "$what" "$expected" "$found"
    failures=$((failures + 1))
  }
}

expect "one test a program" "2 2 3" counts "$2/apart.xml"
expect "many tests a program" "11 4 3" counts "$2/together.xml"
expect "both files" "13 6 6" counts "$2/apart.xml" "$2/together.xml"
expect "suites" "blns: 515 of 515 as expected
jsontestsuite: not present" suites "$2/apart.xml" "$2/together.xml"
[ "$failures" = 0 ] && echo ok
