#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "cli/command.h"

namespace edgetide::cli {

/// What `edgetide demo` is asked to do.
struct DemoOptions {
  enum class Output { kText, kJson, kYaml };
  enum class Color { kAuto, kAlways, kNever };

  /// Virtual seconds in one second; nothing for as fast as it goes.
  std::optional<double> speed = 300;
  std::uint64_t seed = 1;
  bool zone_loss = true;
  /// Where the HTML page goes; nothing for edgetide-demo.html in the working directory or, where
  /// that cannot be written, in the temporary one.
  std::optional<int> serve;  ///< Port of the live page; 0 lets the kernel choose.
  std::optional<std::filesystem::path> report;
  Color color = Color::kAuto;
  Output output = Output::kText;  ///< Of the summary; the evening itself goes to `err` unless text.
};

/// Runs the evening before the reader's eyes and ends with its summary and page. A terminal is
/// redrawn in place; anything else gets plain lines. SIGINT and SIGTERM end it cleanly, without a
/// page. Fails before the evening begins when the page could not be written after it.
[[nodiscard]] Exit run_demo(const DemoOptions& options, const Console& console);

}  // namespace edgetide::cli
