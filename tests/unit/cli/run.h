#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
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

/// What a file holds; nothing of one that is not there.
inline std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Options given wrongly, and what is said of them.
struct Slip {
  std::vector<std::string> options;
  std::string says;
  Exit exit = Exit::kUsage;
};

using CommandLine = std::vector<std::string>;

/// Each slip is refused so, and nothing is printed. `line` is the command line with those options.
inline void expect_refused(const std::vector<Slip>& slips,
                           const std::function<CommandLine(const CommandLine& options)>& line) {
  for (const Slip& slip : slips) {
    const auto outcome = run(line(slip.options));
    EXPECT_EQ(outcome.exit, slip.exit) << slip.says;
    EXPECT_THAT(outcome.err, testing::HasSubstr(slip.says));
    EXPECT_THAT(outcome.out, testing::IsEmpty()) << slip.says;
  }
}

}  // namespace edgetide::cli
