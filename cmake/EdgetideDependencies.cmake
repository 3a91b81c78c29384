# What the adapters link; docs/dependencies.md says why each was chosen.

find_package(Threads REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(ZLIB REQUIRED)
find_package(Boost 1.74 REQUIRED COMPONENTS system program_options)
find_package(cpprestsdk REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(simdjson REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(date REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(prometheus-cpp REQUIRED)
find_package(SQLite3 REQUIRED)

# Debian's imported targets carry the libraries; the plain name keeps the link lines readable.
if(NOT TARGET cpprest)
  add_library(cpprest INTERFACE IMPORTED)
  target_link_libraries(cpprest INTERFACE cpprestsdk::cpprest Boost::system OpenSSL::Crypto)
endif()
