# Runs TIDY on TREE; fails unless it prints EXPECTED and exits with 1.
execute_process(
  COMMAND "${TIDY}" "${TREE}"
  OUTPUT_VARIABLE printed
  RESULT_VARIABLE exit_code)
file(READ "${EXPECTED}" expected)
if(NOT exit_code EQUAL 1)
  message(FATAL_ERROR "exit code ${exit_code}, expected 1")
endif()
if(NOT printed STREQUAL expected)
  message(FATAL_ERROR "expected:\n${expected}\nprinted:\n${printed}")
endif()
