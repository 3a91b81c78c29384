#pragma once

#include <vector>

#include "cli/command.h"

namespace edgetide::cli {

/// Every command, in the order of the help.
[[nodiscard]] const std::vector<Command>& commands();

/// nullptr when there is none of that name.
[[nodiscard]] const Command* find_command(std::string_view name);

// One file a command.
[[nodiscard]] Command operator_command();
[[nodiscard]] Command status_command();
[[nodiscard]] Command explain_command();
[[nodiscard]] Command plan_command();
[[nodiscard]] Command history_command();
[[nodiscard]] Command pause_command();
[[nodiscard]] Command resume_command();
[[nodiscard]] Command doctor_command();
[[nodiscard]] Command events_command();
[[nodiscard]] Command classes_command();
[[nodiscard]] Command forecast_command();
[[nodiscard]] Command backtest_command();
[[nodiscard]] Command accuracy_command();
[[nodiscard]] Command simulate_command();
[[nodiscard]] Command demo_command();
[[nodiscard]] Command crds_command();
[[nodiscard]] Command completion_command();
[[nodiscard]] Command man_command();
[[nodiscard]] Command reasons_command();
[[nodiscard]] Command version_command();

}  // namespace edgetide::cli
