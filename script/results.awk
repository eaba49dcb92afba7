# Counts the results in ctest's JUnit files: prints "PASSED FAILED SKIPPED". A
# Catch2 test that warns "skipped: ..." and returns counts as skipped if it has
# not failed; ctest itself would call it passed.
function count() {
  if (status == "run" && !warned)
    ++passed
  else if (status == "fail")
    ++failed
  else if (status != "")
    ++skipped
  status = ""
}
/^[ \t]*<testcase / {
  count()
  match($0, /status="[a-z]*"/)
  status = substr($0, RSTART + 8, RLENGTH - 9)
  warned = 0
}
/^ *skipped: / && before ~ /warning:$/ { warned = 1 }
{ before = $0 }
END {
  count()
  print passed + 0, failed + 0, skipped + 0
}
