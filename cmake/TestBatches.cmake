# troupe_test_batches(out target files...): the files as they are to be compiled,
# up to TROUPE_BATCH of them joined into one, which takes a third of the
# time. Files that put something into a named namespace stay alone.
function(troupe_test_batches out target)
  if(TROUPE_BATCH LESS_EQUAL 1)
    set(${out} "${ARGN}" PARENT_SCOPE)
    return()
  endif()
  set(join "${PROJECT_SOURCE_DIR}/cmake/JoinTests.cmake")
  set(sources "")
  set(batch "")
  set(number 0)
  foreach(file IN LISTS ARGN ITEMS end)
    set(has_namespace FALSE)
    if(NOT file STREQUAL end)
      file(STRINGS "${file}" has_namespace REGEX "^(namespace [a-z_:]+ {|CAF_)")
    endif()
    if(has_namespace)
      list(APPEND sources "${file}")
    elseif(NOT file STREQUAL end)
      list(APPEND batch "${file}")
    endif()
    list(LENGTH batch size)
    if(size GREATER 0
       AND (file STREQUAL end OR size EQUAL TROUPE_BATCH))
      set(joined "${CMAKE_CURRENT_BINARY_DIR}/${target}_batch_${number}.cpp")
      add_custom_command(
        OUTPUT "${joined}"
        COMMAND "${CMAKE_COMMAND}" -D "OUT=${joined}" -D "FILES=${batch}" -P
                "${join}"
        DEPENDS ${batch} "${join}"
        VERBATIM)
      list(APPEND sources "${joined}")
      set(batch "")
      math(EXPR number "${number} + 1")
    endif()
  endforeach()
  set(${out} "${sources}" PARENT_SCOPE)
endfunction()
