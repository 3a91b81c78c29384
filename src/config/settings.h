#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "edgetide/core/result.h"
#include "edgetide/core/time.h"

namespace edgetide::config {

/// One thing that can be set: by `--name`, by EDGETIDE_NAME, by `name:` in a file.
struct Option {
  enum class Kind { kFlag, kText, kInteger, kDuration, kList };

  std::string name;  ///< "log-level"
  std::string help;  ///< One sentence, with the unit.
  Kind kind = Kind::kText;
  std::string value_name = "VALUE";
  std::string default_value;         ///< As on the command line; empty for none.
  char short_name = 0;               ///< 'o' for -o; 0 for none.
  std::vector<std::string> choices;  ///< kText: the legal values; empty for any.
  /// kInteger: legal range; kDuration: the same in seconds.
  long min = 0;
  long max = 1'000'000'000;
};

/// Where a value came from, strongest first.
enum class Origin { kFlag, kEnvironment, kFile, kDefault };

/// The values of a command's options, every one checked.
class Settings {
 public:
  struct Entry {
    std::vector<std::string> values;
    Origin origin = Origin::kDefault;
  };
  explicit Settings(std::map<std::string, Entry> entries, std::vector<std::string> arguments)
      : entries_(std::move(entries)), arguments_(std::move(arguments)) {}

  /// \pre the option exists, for each of these. Empty when it was not set and has no default.
  [[nodiscard]] std::string text(std::string_view name) const;
  [[nodiscard]] bool flag(std::string_view name) const;
  [[nodiscard]] std::vector<std::string> list(std::string_view name) const;
  /// Nothing when it was not set and has no default.
  [[nodiscard]] std::optional<long> integer(std::string_view name) const;
  [[nodiscard]] std::optional<Seconds> duration(std::string_view name) const;
  [[nodiscard]] Origin origin(std::string_view name) const;

  /// What stood on the command line beside options.
  [[nodiscard]] const std::vector<std::string>& arguments() const { return arguments_; }

 private:
  [[nodiscard]] const Entry& entry(std::string_view name) const;

  std::map<std::string, Entry> entries_;
  std::vector<std::string> arguments_;
};

/// What settings are read from.
struct Sources {
  std::vector<std::string> arguments;  ///< Without program and command name.
  /// The value of an environment variable; nothing when it is not set.
  std::function<std::optional<std::string>(const std::string&)> environment;
};

/// Reads flag > environment > file (`--config`, when the command has that option) > default.
/// kInvalid names the option, where it was given, the value and the legal ones; an unknown option
/// comes with the nearest known one. `-h`/`--help` are the caller's to look for first.
[[nodiscard]] Result<Settings> read_settings(const std::vector<Option>& options,
                                             const Sources& sources);

/// "EDGETIDE_LOG_LEVEL" for "log-level".
[[nodiscard]] std::string environment_name(std::string_view option);

/// "90s", "5m", "1h30m" in seconds, and "0"; nothing for anything else, as a number without a unit.
[[nodiscard]] std::optional<Seconds> parse_duration(std::string_view text);

/// The option's help with its choices and its default.
[[nodiscard]] std::string full_help(const Option& option);

/// The options as a table of help text, 100 columns at most.
[[nodiscard]] std::string help_table(const std::vector<Option>& options);

}  // namespace edgetide::config
