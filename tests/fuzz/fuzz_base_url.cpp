// Every base URL is refused, or has a host, a port in range and a path without a query.
#include <cstdint>
#include <string_view>

#include "edgetide/core/assert.h"
#include "http/endpoint.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto origin = edgetide::http::parse_origin({reinterpret_cast<const char*>(data), size});
  if (!origin.ok()) return 0;
  EDGETIDE_ASSERT(!origin->host.empty(), "a host");
  EDGETIDE_ASSERT(origin->port >= 1 && origin->port <= 65535, "a port");
  EDGETIDE_ASSERT(origin->path.find_first_of("?# \r\n") == std::string::npos, "only a path");
  return 0;
}
