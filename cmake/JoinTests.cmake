# Joins sources of tests into one, each in a namespace of its own, with their
# includes before them: what they share is compiled once. Run by TestBatches:
#   cmake -D OUT=... -D FILES="a.cpp;b.cpp" -P JoinTests.cmake
set(includes "")
set(bodies "")
set(number 0)
foreach(file IN LISTS FILES)
  file(READ "${file}" text)
  string(REGEX MATCHALL "#include [<\"][^>\"]+[>\"]" found "${text}")
  list(APPEND includes ${found})
  # The lines stay, so that messages name the right ones.
  string(REGEX REPLACE "#include [<\"][^>\"]+[>\"]" "" text "${text}")
  string(APPEND bodies
         "namespace batch_${number} {\n#line 1 \"${file}\"\n${text}\n}\n")
  math(EXPR number "${number} + 1")
endforeach()
list(REMOVE_DUPLICATES includes)
list(JOIN includes "\n" includes)
file(WRITE "${OUT}" "${includes}\n${bodies}")
