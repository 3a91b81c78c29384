# manifests/crds/*.yaml as text inside the program, for `edgetide crds`: defines
# edgetide::kube::crd_files(), and is configured anew when a file changes.

file(GLOB crd_paths CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/manifests/crds/*.yaml)
list(SORT crd_paths)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${crd_paths})

set(EDGETIDE_CRD_ENTRIES "")
list(LENGTH crd_paths EDGETIDE_CRD_COUNT)
foreach(path ${crd_paths})
  get_filename_component(name ${path} NAME)
  file(READ ${path} text)
  string(APPEND EDGETIDE_CRD_ENTRIES "    CrdFile{\"${name}\", R\"crd(${text})crd\"},\n")
endforeach()
configure_file(${CMAKE_CURRENT_LIST_DIR}/crd_files.cpp.in ${PROJECT_BINARY_DIR}/crd_files.cpp @ONLY)
target_sources(edgetide_kube PRIVATE ${PROJECT_BINARY_DIR}/crd_files.cpp)
