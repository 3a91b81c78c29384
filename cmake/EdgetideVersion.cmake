# What `edgetide version` tells of the build: its commit, and the libraries that it was built with.

set(EDGETIDE_REVISION "" CACHE STRING "The commit that is built; asked of git where it is not given")

set(revision ${EDGETIDE_REVISION})
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
  endif()
endif()
if(NOT revision)
  set(revision unknown)  # as in an archive of the sources
endif()

set(libraries)
foreach(of IN ITEMS boost=${Boost_VERSION_STRING} cpprestsdk=${cpprestsdk_VERSION} date=${date_VERSION}
    fmt=${fmt_VERSION} nlohmann-json=${nlohmann_json_VERSION} openssl=${OPENSSL_VERSION}
    prometheus-cpp=${prometheus-cpp_VERSION} simdjson=${simdjson_VERSION} spdlog=${spdlog_VERSION}
    sqlite=${SQLite3_VERSION} yaml-cpp=${yaml-cpp_VERSION} zlib=${ZLIB_VERSION_STRING})
  string(APPEND libraries "${of},")
endforeach()

set_source_files_properties(${PROJECT_SOURCE_DIR}/src/cli/version_command.cpp PROPERTIES
  COMPILE_DEFINITIONS "EDGETIDE_REVISION=\"${revision}\";EDGETIDE_LIBRARIES=\"${libraries}\"")
