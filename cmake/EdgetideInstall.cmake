# find_package(edgetide) for the pure core: libraries, headers, package files.

include(CMakePackageConfigHelpers)
get_property(pure_targets GLOBAL PROPERTY EDGETIDE_PURE_TARGETS)
install(TARGETS ${pure_targets} EXPORT edgetide ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
foreach(part core model forecast sizing guard planning backtest)
  install(DIRECTORY include/edgetide/${part} DESTINATION include/edgetide)
endforeach()
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/edgetide)
install(EXPORT edgetide NAMESPACE edgetide:: FILE edgetide-config.cmake DESTINATION ${package_dir})
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/edgetide-config-version.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/edgetide-config-version.cmake DESTINATION ${package_dir})
