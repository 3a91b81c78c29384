#include "edgetide/core/assert.h"

#include <cstdio>
#include <cstdlib>

namespace edgetide {

void assertion_failed(const char* condition, const char* why, const char* file, int line) {
  std::fprintf(stderr, "%s:%d: bug: %s (%s)\n", file, line, why, condition);
  std::abort();
}

}  // namespace edgetide
