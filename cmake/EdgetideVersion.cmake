# What `edgetide version` tells of the build: its commit with the date, and the libraries that it was
# built with.

set(EDGETIDE_REVISION "" CACHE STRING "The commit that is built; asked of git where it is not given")
set(EDGETIDE_REVISION_DATE "" CACHE STRING "When it was committed, in UTC: 2026-12-05T20:00:00Z")

set(revision ${EDGETIDE_REVISION})
set(revision_date ${EDGETIDE_REVISION_DATE})
if(NOT revision AND EXISTS ${PROJECT_SOURCE_DIR}/.git)
  execute_process(COMMAND git rev-parse HEAD --git-path logs/HEAD
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR} OUTPUT_VARIABLE told RESULT_VARIABLE failed ERROR_QUIET)
  if(NOT failed)
    string(REGEX MATCHALL "[^\n]+" told "${told}")
    list(GET told 0 revision)
    list(GET told 1 commits)
    cmake_path(ABSOLUTE_PATH commits BASE_DIRECTORY ${PROJECT_SOURCE_DIR})
    if(EXISTS ${commits})
      set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${commits})
    endif()
    execute_process(COMMAND ${CMAKE_COMMAND} -E env TZ=UTC
      git log -1 --format=%cd --date=format-local:%Y-%m-%dT%H:%M:%SZ ${revision}
      WORKING_DIRECTORY ${PROJECT_SOURCE_DIR} OUTPUT_VARIABLE revision_date
      OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  endif()
endif()
if(NOT revision)
  set(revision unknown)  # as in an archive of the sources
endif()
if(NOT revision_date AND DEFINED ENV{SOURCE_DATE_EPOCH})
  string(TIMESTAMP revision_date "%Y-%m-%dT%H:%M:%SZ" UTC)  # of that moment
endif()
if(NOT revision_date)
  set(revision_date unknown)
endif()

set(libraries)
foreach(of IN ITEMS boost=${Boost_VERSION_STRING} cpprestsdk=${cpprestsdk_VERSION} date=${date_VERSION}
    fmt=${fmt_VERSION} nlohmann-json=${nlohmann_json_VERSION} openssl=${OPENSSL_VERSION}
    prometheus-cpp=${prometheus-cpp_VERSION} simdjson=${simdjson_VERSION} spdlog=${spdlog_VERSION}
    sqlite=${SQLite3_VERSION} yaml-cpp=${yaml-cpp_VERSION} zlib=${ZLIB_VERSION_STRING})
  string(APPEND libraries "${of},")
endforeach()

set_source_files_properties(${PROJECT_SOURCE_DIR}/src/cli/version_command.cpp PROPERTIES
  COMPILE_DEFINITIONS "EDGETIDE_REVISION=\"${revision}\";EDGETIDE_REVISION_DATE=\"${revision_date}\";EDGETIDE_LIBRARIES=\"${libraries}\"")
