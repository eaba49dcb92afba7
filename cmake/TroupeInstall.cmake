# Install rules: libraries with headers, the command, the CMake package, and the
# data and pages that exist in the tree.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(troupe_package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/troupe")

get_property(troupe_components GLOBAL PROPERTY TROUPE_COMPONENTS)
install(
  TARGETS ${troupe_components}
  EXPORT troupeTargets
  ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}"
  FILE_SET HEADERS DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
install(
  EXPORT troupeTargets
  NAMESPACE troupe::
  DESTINATION "${troupe_package_dir}")

configure_package_config_file(
  "${PROJECT_SOURCE_DIR}/cmake/troupeConfig.cmake.in"
  "${PROJECT_BINARY_DIR}/cmake/troupeConfig.cmake"
  INSTALL_DESTINATION "${troupe_package_dir}")
# Before 1.0 a minor version may break its users.
write_basic_package_version_file(
  "${PROJECT_BINARY_DIR}/cmake/troupeConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion)
install(
  FILES "${PROJECT_BINARY_DIR}/cmake/troupeConfig.cmake"
        "${PROJECT_BINARY_DIR}/cmake/troupeConfigVersion.cmake"
        "${PROJECT_SOURCE_DIR}/cmake/FindCAF.cmake"
  DESTINATION "${troupe_package_dir}")

foreach(program IN ITEMS troupe_cli trouped)
  if(TARGET ${program})
    install(TARGETS ${program} DESTINATION "${CMAKE_INSTALL_BINDIR}")
  endif()
endforeach()

install(FILES "${PROJECT_SOURCE_DIR}/runtime/daemon/trouped.service"
        DESTINATION "${CMAKE_INSTALL_DATADIR}/troupe")

# The command prints its own completions, so it is run once built.
if(NOT CMAKE_CROSSCOMPILING)
  set(share "${CMAKE_INSTALL_DATADIR}")
  foreach(completion IN ITEMS "bash:${share}/bash-completion/completions:troupe"
                              "zsh:${share}/zsh/site-functions:_troupe"
                              "fish:${share}/fish/vendor_completions.d:troupe.fish")
    string(REPLACE ":" ";" completion "${completion}")
    list(GET completion 0 shell)
    list(GET completion 1 folder)
    list(GET completion 2 name)
    set(file "${PROJECT_BINARY_DIR}/completions/${name}")
    install(
      CODE "file(MAKE_DIRECTORY \"${PROJECT_BINARY_DIR}/completions\")
            execute_process(
              COMMAND \"$<TARGET_FILE:troupe_cli>\" completion ${shell}
              OUTPUT_FILE \"${file}\"
              RESULT_VARIABLE code)
            if(NOT code EQUAL 0)
              message(FATAL_ERROR \"troupe completion ${shell}: \${code}\")
            endif()")
    install(FILES "${file}" DESTINATION "${folder}")
  endforeach()
endif()

install(FILES "${PROJECT_SOURCE_DIR}/runtime/catalogue/models.yaml"
        DESTINATION "${CMAKE_INSTALL_DATADIR}/troupe")
install(DIRECTORY "${PROJECT_SOURCE_DIR}/examples/missions"
                  "${PROJECT_SOURCE_DIR}/examples/messages"
                  "${PROJECT_SOURCE_DIR}/examples/roster"
        DESTINATION "${CMAKE_INSTALL_DATADIR}/troupe/examples" OPTIONAL)
install(DIRECTORY "${PROJECT_SOURCE_DIR}/docs/"
        DESTINATION "${CMAKE_INSTALL_DOCDIR}")
foreach(page IN ITEMS README.md CHANGELOG.md LICENSE)
  install(FILES "${PROJECT_SOURCE_DIR}/${page}"
          DESTINATION "${CMAKE_INSTALL_DOCDIR}" OPTIONAL)
endforeach()
