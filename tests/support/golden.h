#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

namespace edgetide::testing_support {

/// Compares with the file of that name in tests/golden, or writes it when EDGETIDE_UPDATE_GOLDEN is
/// set.
inline void expect_golden(const std::string& name, const std::string& actual) {
  const std::string path = std::string(EDGETIDE_SOURCE_DIR) + "/tests/golden/" + name;
  if (std::getenv("EDGETIDE_UPDATE_GOLDEN") != nullptr) std::ofstream(path) << actual;
  std::ifstream file(path);
  std::ostringstream expected;
  expected << file.rdbuf();
  EXPECT_EQ(expected.str(), actual) << path;
}

}  // namespace edgetide::testing_support
