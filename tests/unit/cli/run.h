#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "cli/command.h"

namespace edgetide::cli {

/// What a command line came to.
struct Outcome {
  Exit exit;
  std::string out;
  std::string err;
};

inline Outcome run(const std::vector<std::string>& arguments,
                   const std::map<std::string, std::string>& environment = {},
                   const std::string& called = "edgetide") {
  std::ostringstream out;
  std::ostringstream err;
  const Console console{.out = out,
                        .err = err,
                        .environment = [&](const std::string& name) -> std::optional<std::string> {
                          const auto found = environment.find(name);
                          if (found == environment.end()) return std::nullopt;
                          return found->second;
                        }};
  const Exit exit = run_as(called, arguments, console);
  return {exit, out.str(), err.str()};
}

/// A file of that name for this test; returns its path.
inline std::string written(const char* name, const std::string& text) {
  std::string path = testing::TempDir() + name;
  std::ofstream(path) << text;
  return path;
}

}  // namespace edgetide::cli
