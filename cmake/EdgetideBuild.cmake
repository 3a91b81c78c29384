# How every part of this project is compiled: one function a kind of target.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

# What is shipped defends itself: bounds of buffers and containers, return addresses, read-only tables of
# the linker. Sanitizers check more than _FORTIFY_SOURCE does and cannot be had beside it.
include(CheckPIESupported)
check_pie_supported(LANGUAGES CXX)
add_compile_definitions(_GLIBCXX_ASSERTIONS)
add_compile_options(-fstack-protector-strong)
if(NOT CMAKE_CXX_FLAGS MATCHES "-fsanitize")
  add_compile_options($<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE$<SEMICOLON>-D_FORTIFY_SOURCE=2>)
endif()
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  add_compile_options(-fcf-protection)
endif()
add_link_options(-Wl,-z,relro,-z,now,-z,noexecstack)

option(EDGETIDE_WERROR "Warnings are errors" OFF)
option(EDGETIDE_FUZZ "Build the libFuzzer targets (needs clang)" OFF)

function(edgetide_warnings target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
    -Wno-sign-conversion -Wno-missing-field-initializers)
  if(EDGETIDE_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
endfunction()

# edgetide_library(NAME [PURE] [DEPENDS parts...] [LINK libraries...])
# One folder src/NAME is one library edgetide_NAME (edgetide::NAME). PURE parts link the standard
# library alone and are installed with their headers.
function(edgetide_library name)
  cmake_parse_arguments(ARG "PURE" "" "DEPENDS;LINK" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/${name}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  set(target edgetide_${name})
  if(sources)
    add_library(${target} STATIC ${sources})
    set(scope PUBLIC)
    edgetide_warnings(${target})
  else()
    add_library(${target} INTERFACE)
    set(scope INTERFACE)
  endif()
  add_library(edgetide::${name} ALIAS ${target})
  target_include_directories(${target} ${scope}
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:include>)
  if(NOT ARG_PURE)
    target_include_directories(${target} ${scope} $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/src>)
  endif()
  foreach(part ${ARG_DEPENDS})
    target_link_libraries(${target} ${scope} edgetide_${part})
  endforeach()
  target_link_libraries(${target} ${scope} ${ARG_LINK})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name})
  if(ARG_PURE)
    set_property(GLOBAL APPEND PROPERTY EDGETIDE_PURE_TARGETS ${target})
  endif()
endfunction()

# edgetide_test(NAME SOURCES... [DEPENDS parts...] [LABELS ci|nightly cluster ...] [COMMAND prefix...])
# A GoogleTest program; COMMAND is put before it, such as the script that starts a control plane.
# Tests of PURE parts alone are also labelled core.
function(edgetide_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT" "SOURCES;DEPENDS;LINK;LABELS;COMMAND" ${ARGN})
  if(NOT ARG_LABELS)
    set(ARG_LABELS ci)
  endif()
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 900)  # also where sanitizers slow it down, on a busy machine
  endif()
  get_property(pure_targets GLOBAL PROPERTY EDGETIDE_PURE_TARGETS)
  set(adapters ${ARG_DEPENDS})
  list(TRANSFORM adapters PREPEND edgetide_)
  list(REMOVE_ITEM adapters ${pure_targets})
  if(NOT adapters)
    list(APPEND ARG_LABELS core)
  endif()
  add_executable(${name} ${ARG_SOURCES})
  edgetide_warnings(${name})
  # A fifth less time to compile them; what they test is as optimized as what is shipped.
  target_compile_options(${name} PRIVATE $<$<CONFIG:Release>:-O1>)
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests ${PROJECT_SOURCE_DIR}/src)
  foreach(part ${ARG_DEPENDS})
    target_link_libraries(${name} PRIVATE edgetide_${part})
  endforeach()
  target_link_libraries(${name} PRIVATE edgetide_test_support ${ARG_LINK})
  target_compile_definitions(${name} PRIVATE EDGETIDE_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  add_test(NAME ${name} COMMAND ${ARG_COMMAND} $<TARGET_FILE:${name}>)
  set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT ${ARG_TIMEOUT}
    SKIP_RETURN_CODE 77)
endfunction()

# edgetide_sanitized(memory|threads TESTS...): tests of this folder that scripts/sanitize builds by the
# target <group>_tests and runs by that label.
function(edgetide_sanitized group)
  if(NOT TARGET ${group}_tests)
    add_custom_target(${group}_tests)
  endif()
  add_dependencies(${group}_tests ${ARGN})
  foreach(test ${ARGN})
    set_property(TEST ${test} APPEND PROPERTY LABELS ${group})
  endforeach()
endfunction()
