# troupe_add_component(name PUBLIC targets... PRIVATE targets... PCH headers...)
# makes the library troupe_<name> and its alias troupe::<name> from
# include/troupe/<name> (what users see) and src (not installed).
include(GNUInstallDirs)

add_library(troupe_internal INTERFACE)
target_compile_features(troupe_internal INTERFACE cxx_std_20)
target_compile_options(
  troupe_internal INTERFACE -Wall -Wextra -Wpedantic -Wnon-virtual-dtor
                            -Wold-style-cast)
if(TROUPE_BATCH LESS_EQUAL 1) # else a local name may be one of another source
  target_compile_options(troupe_internal INTERFACE -Wshadow)
elseif(CMAKE_CXX_COMPILER_ID STREQUAL "GNU") # it thinks them headers
  target_compile_options(troupe_internal INTERFACE -Wno-subobject-linkage)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 reports these inside its own std::string and std::variant once
  # inlined at -O2 (GCC bugs 105329, 105651, 105562); Clang checks us instead.
  target_compile_options(
    troupe_internal INTERFACE -Wno-restrict -Wno-maybe-uninitialized
                              -Wno-stringop-overflow -Wno-array-bounds
                              -Wno-stringop-overread)
endif()
if(TROUPE_DEV)
  target_compile_options(troupe_internal INTERFACE -Werror)
  target_compile_definitions(troupe_internal INTERFACE TROUPE_DEV)
  # Links a test program in a seventh of the time that GNU ld takes.
  find_program(TROUPE_LLD ld.lld)
  if(TROUPE_LLD)
    add_link_options(-fuse-ld=lld)
  endif()
endif()
if(TROUPE_SANITIZE)
  # Without the checks before each access: a null pointer ends the program
  # anyway, and the rest is a third of the time that a compiler takes.
  add_compile_options(
    -fsanitize=${TROUPE_SANITIZE} -fno-sanitize=null,alignment,vptr
    -fno-omit-frame-pointer -fno-sanitize-recover=undefined)
  add_link_options(-fsanitize=${TROUPE_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    add_compile_options(
      "-fsanitize-ignorelist=${CMAKE_CURRENT_LIST_DIR}/sanitize.ignore")
  endif()
endif()

function(troupe_add_component name)
  cmake_parse_arguments(ARG "" "" "PUBLIC;PRIVATE;PCH" ${ARGN})
  set(target troupe_${name})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS
       "${CMAKE_CURRENT_SOURCE_DIR}/src/*.cpp")
  file(GLOB_RECURSE headers CONFIGURE_DEPENDS
       "${CMAKE_CURRENT_SOURCE_DIR}/include/*.hpp")
  add_library(${target} STATIC ${sources})
  troupe_batch_sources(${target} ${sources})
  add_library(troupe::${name} ALIAS ${target})
  set_target_properties(
    ${target}
    PROPERTIES EXPORT_NAME ${name}
               POSITION_INDEPENDENT_CODE ON
               VERIFY_INTERFACE_HEADER_SETS ${TROUPE_DEV})
  target_compile_features(${target} PUBLIC cxx_std_20)
  target_sources(
    ${target} PUBLIC FILE_SET HEADERS BASE_DIRS include FILES ${headers})
  target_include_directories(${target}
                             PRIVATE "${CMAKE_CURRENT_SOURCE_DIR}/src")
  target_link_libraries(
    ${target}
    PUBLIC ${ARG_PUBLIC}
    PRIVATE ${ARG_PRIVATE} $<BUILD_INTERFACE:troupe_internal>)
  if(ARG_PCH)
    target_precompile_headers(${target} PRIVATE ${ARG_PCH})
  endif()
  set_property(GLOBAL APPEND PROPERTY TROUPE_COMPONENTS ${target})
endfunction()
