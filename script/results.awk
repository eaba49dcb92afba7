# Counts the results in ctest's JUnit files: prints "PASSED FAILED SKIPPED". Of a
# Catch2 program the tests in it are counted, as its last line tells them. One
# that warns "skipped: ..." and returns counts as skipped; Catch2 and ctest would
# call it passed.
function count() {
  if (status == "")
    return
  if (passes + fails == 0) { # not of Catch2, or it died
    passes = status == "run"
    fails = status == "fail"
    skipped += status != "run" && status != "fail"
  } else if (status == "fail" && fails == 0) {
    fails = 1 # of what a sanitizer found at the end, say
  }
  if (warned > passes)
    warned = passes
  passed += passes - warned
  failed += fails
  skipped += warned
  status = ""
}
# The number before a word, as in "test cases: 4 | 3 passed | 1 failed".
function number_before(word) {
  return match($0, "[0-9]+ " word) ? substr($0, RSTART) + 0 : 0
}
/^[ \t]*<testcase / {
  count()
  match($0, /status="[a-z]*"/)
  status = substr($0, RSTART + 8, RLENGTH - 9)
  passes = fails = warned = is_counted = 0
}
/All tests passed \([0-9]+ assertions? in [0-9]+ test cases?\)/ {
  passes = number_before("test case")
}
/^ *test cases: +[0-9]+ \|/ {
  passes = number_before("passed")
  fails = number_before("failed")
}
/^\.\.\.\.\.\.\.\.\.\.+$/ { is_counted = 0 } # the next test begins
/^ *skipped: / && before ~ /warning:$/ && !is_counted {
  ++warned
  is_counted = 1
}
{ before = $0 }
END {
  count()
  print passed + 0, failed + 0, skipped + 0
}
