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

foreach(program IN ITEMS troupe_cli troupe_daemon)
  if(TARGET ${program})
    install(TARGETS ${program} DESTINATION "${CMAKE_INSTALL_BINDIR}")
  endif()
endforeach()

# troupe_install_if_there(path folder [name]): a file, or a folder's content.
function(troupe_install_if_there path folder)
  set(source "${PROJECT_SOURCE_DIR}/${path}")
  if(IS_DIRECTORY "${source}")
    install(DIRECTORY "${source}/" DESTINATION "${folder}")
  elseif(EXISTS "${source}")
    if(ARGN)
      set(rename RENAME ${ARGN})
    endif()
    install(FILES "${source}" DESTINATION "${folder}" ${rename})
  endif()
endfunction()

set(share "${CMAKE_INSTALL_DATADIR}")
set(completions runtime/cli/completions)
troupe_install_if_there(${completions}/troupe.bash
                        ${share}/bash-completion/completions troupe)
troupe_install_if_there(${completions}/troupe.zsh ${share}/zsh/site-functions
                        _troupe)
troupe_install_if_there(${completions}/troupe.fish
                        ${share}/fish/vendor_completions.d)
troupe_install_if_there(runtime/data ${share}/troupe)
troupe_install_if_there(examples/missions ${share}/troupe/examples/missions)
troupe_install_if_there(docs ${CMAKE_INSTALL_DOCDIR})
foreach(page IN ITEMS README.md CHANGELOG.md LICENSE)
  troupe_install_if_there(${page} ${CMAKE_INSTALL_DOCDIR})
endforeach()
