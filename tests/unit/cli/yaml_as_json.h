#pragma once

#include <nlohmann/json.hpp>

#include "report/structured_report.h"
#include "unit/cli/run.h"

namespace edgetide::cli {

/// The command says as YAML what it says as JSON.
inline void expect_yaml_as_json(
    const std::function<CommandLine(const CommandLine& options)>& line) {
  const auto json = run(line({"-o", "json"})).out;
  EXPECT_EQ(run(line({"-o", "yaml"})).out, report::to_yaml(nlohmann::ordered_json::parse(json)));
}

}  // namespace edgetide::cli
