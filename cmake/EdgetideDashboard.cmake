# dashboard/ as text inside the program: esbuild, as package-lock.json pins it, bundles script and
# style sheet, and build.mjs writes them as a C++ source. The checkout stays as it is.

find_program(NPM npm)
find_program(NODE node)
if(NOT NPM OR NOT NODE)
  message(FATAL_ERROR "node and npm are needed to bundle the page of demo and backtest: "
    "on Debian, apt-get install nodejs npm")
endif()

set(dashboard ${PROJECT_SOURCE_DIR}/dashboard)
set(dashboard_work ${PROJECT_BINARY_DIR}/dashboard)
file(GLOB dashboard_sources CONFIGURE_DEPENDS ${dashboard}/src/*)

add_custom_command(OUTPUT ${dashboard_work}/node_modules/.package-lock.json
  COMMAND ${CMAKE_COMMAND} -E copy ${dashboard}/package.json ${dashboard}/package-lock.json
    ${dashboard_work}
  COMMAND ${NPM} ci --ignore-scripts --no-audit --no-fund --silent
  COMMAND ${CMAKE_COMMAND} -E touch ${dashboard_work}/node_modules/.package-lock.json
  DEPENDS ${dashboard}/package.json ${dashboard}/package-lock.json
  WORKING_DIRECTORY ${dashboard_work}
  COMMENT "Fetching what bundles the page")
file(MAKE_DIRECTORY ${dashboard_work})

add_custom_command(OUTPUT ${PROJECT_BINARY_DIR}/web_bundle.cpp
  COMMAND ${CMAKE_COMMAND} -E env EDGETIDE_NODE_MODULES=${dashboard_work}/node_modules
    ${NODE} ${dashboard}/build.mjs ${PROJECT_BINARY_DIR}/web_bundle.cpp
  DEPENDS ${dashboard_sources} ${dashboard}/build.mjs
    ${dashboard_work}/node_modules/.package-lock.json
  COMMENT "Bundling the page")
target_sources(edgetide_web PRIVATE ${PROJECT_BINARY_DIR}/web_bundle.cpp)

# What tsc checks the sources with, beside the packages that they import.
file(WRITE ${dashboard_work}/tsconfig.json "{
  \"extends\": \"${dashboard}/tsconfig.json\",
  \"compilerOptions\": {\"paths\": {\"uplot\": [\"./node_modules/uplot\"]}},
  \"include\": [\"${dashboard}/src\"]
}
")
