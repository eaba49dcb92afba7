# Everything troupe stands on, in one place. cmake/troupeConfig.cmake.in repeats
# what a user of the installed package must find again.
find_package(Boost 1.81 REQUIRED COMPONENTS json)
find_package(CAF 0.17.6 REQUIRED COMPONENTS core)
find_package(LibXml2 2.9 REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(spdlog REQUIRED)
find_package(SQLite3 3.37 REQUIRED)
find_package(Threads REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(PCRE2 REQUIRED IMPORTED_TARGET libpcre2-8)
# The durable store on PostgreSQL is built where libpq is, 14 or later.
pkg_check_modules(LIBPQ QUIET IMPORTED_TARGET libpq>=14)
if(LIBPQ_FOUND)
  message(STATUS "PostgreSQL: libpq ${LIBPQ_VERSION}, troupe::postgres is built")
else()
  message(STATUS "PostgreSQL: no libpq 14 or later (Debian: libpq-dev), "
                 "troupe::postgres is left out")
endif()
find_package(CLI11 QUIET)
if(NOT CLI11_FOUND)
  # Debian's libcli11-dev is headers only, without a CMake package.
  find_path(CLI11_INCLUDE_DIR CLI/CLI.hpp REQUIRED)
  add_library(CLI11::CLI11 INTERFACE IMPORTED)
  target_include_directories(CLI11::CLI11 SYSTEM
                             INTERFACE "${CLI11_INCLUDE_DIR}")
endif()
if(NOT TARGET yaml-cpp::yaml-cpp) # yaml-cpp 0.7 exports a plain name
  add_library(yaml-cpp::yaml-cpp ALIAS yaml-cpp)
endif()

find_program(TROUPE_CCACHE ccache)
if(TROUPE_CCACHE AND PROJECT_IS_TOP_LEVEL AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Sloppiness: without it ccache never hits beside precompiled headers.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      "${CMAKE_COMMAND};-E;env;CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime;${TROUPE_CCACHE}")
endif()
