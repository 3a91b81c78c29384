# charts/edgetide/files/alerts.yaml as text inside the program, for `edgetide reasons`: defines
# edgetide::report::alert_rules(), and is configured anew when the file changes.

set(alerts ${PROJECT_SOURCE_DIR}/charts/edgetide/files/alerts.yaml)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${alerts})
file(READ ${alerts} EDGETIDE_ALERT_RULES)
configure_file(${CMAKE_CURRENT_LIST_DIR}/alert_rules.cpp.in ${PROJECT_BINARY_DIR}/alert_rules.cpp @ONLY)
target_sources(edgetide_report PRIVATE ${PROJECT_BINARY_DIR}/alert_rules.cpp)
