#include "config/settings.h"

#include <algorithm>
#include <charconv>

#include "config/option_sources.h"
#include "edgetide/core/assert.h"

namespace edgetide::config {
namespace {

std::optional<long> parse_integer(std::string_view text) {
  long number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

/// Those durations that the option takes, two at most: "90s or 5m"; empty for none.
std::string legal_examples(const Option& option, const std::vector<std::string>& durations) {
  std::vector<std::string> legal;
  for (const auto& text : durations) {
    const auto duration = parse_duration(text);
    if (legal.size() < 2 && duration && duration->count() >= option.min &&
        duration->count() <= option.max)
      legal.push_back(text);
  }
  if (legal.empty()) return "";
  return legal.front() + (legal.size() > 1 ? " or " + legal.back() : "");
}

/// What is wrong with the value; nothing when it is legal.
std::optional<std::string> objection(const Option& option, const std::string& value) {
  switch (option.kind) {
    case Option::Kind::kFlag:
      if (value == "true" || value == "false") return std::nullopt;
      return "is not one of true, false";
    case Option::Kind::kInteger: {
      const auto number = parse_integer(value);
      if (number && *number >= option.min && *number <= option.max) return std::nullopt;
      return "is not an integer from " + std::to_string(option.min) + " to " +
             std::to_string(option.max);
    }
    case Option::Kind::kDuration: {
      const auto duration = parse_duration(value);
      if (duration && duration->count() >= option.min && duration->count() <= option.max) {
        return std::nullopt;
      }
      const auto with_unit = parse_integer(value)
                                 ? legal_examples(option, {value + "m", value + "s", value + "h"})
                                 : "";
      if (!with_unit.empty()) return "of what? A duration has a unit, such as " + with_unit;
      const auto examples = legal_examples(
          option, {"5m", "90s", "1h30m", "12h", "48h", "5s", to_string(Seconds{option.max})});
      return "is not a duration from " + to_string(Seconds{option.min}) + " to " +
             to_string(Seconds{option.max}) + ", such as " + examples;
    }
    case Option::Kind::kText:
    case Option::Kind::kList:
      if (option.choices.empty()) return std::nullopt;
      if (std::find(option.choices.begin(), option.choices.end(), value) != option.choices.end()) {
        return std::nullopt;
      }
      return "is not one of " + joined(option.choices);
  }
  return std::nullopt;
}

/// Checks one source's values and adds those that no stronger source has given.
Result<void> merge(const std::vector<Option>& options, const Given& given, Origin origin,
                   std::map<std::string, Settings::Entry>& entries) {
  for (const Option& option : options) {
    const auto found = given.values.find(option.name);
    if (found == given.values.end()) continue;
    for (const auto& value : found->second.values) {
      if (const auto wrong = objection(option, value)) {
        return Error{.code = ErrorCode::kInvalid,
                     .message = "'" + value + "' " + *wrong,
                     .context = found->second.where};
      }
    }
    entries.try_emplace(option.name, Settings::Entry{found->second.values, origin});
  }
  return {};
}

}  // namespace

const Settings::Entry& Settings::entry(std::string_view name) const {
  const auto found = entries_.find(std::string(name));
  EDGETIDE_ASSERT(found != entries_.end(), "asked for an option that the command does not have");
  return found->second;
}

std::string Settings::text(std::string_view name) const {
  const auto& values = entry(name).values;
  return values.empty() ? "" : values.back();
}

bool Settings::flag(std::string_view name) const { return text(name) == "true"; }

std::vector<std::string> Settings::list(std::string_view name) const { return entry(name).values; }

std::optional<long> Settings::integer(std::string_view name) const {
  return parse_integer(text(name));
}

std::optional<Seconds> Settings::duration(std::string_view name) const {
  return parse_duration(text(name));
}

Origin Settings::origin(std::string_view name) const { return entry(name).origin; }

Result<Settings> read_settings(const std::vector<Option>& options, const Sources& sources) {
  auto flags = from_flags(options, sources.arguments);
  if (!flags.ok()) return flags.error();
  const Given environment = from_environment(options, sources.environment);

  std::map<std::string, Settings::Entry> entries;
  if (auto merged = merge(options, *flags, Origin::kFlag, entries); !merged.ok()) {
    return merged.error();
  }
  if (auto merged = merge(options, environment, Origin::kEnvironment, entries); !merged.ok()) {
    return merged.error();
  }
  if (const auto file = entries.find("config"); file != entries.end()) {
    const auto in_file = from_file(options, file->second.values.back());
    if (!in_file.ok()) return in_file.error();
    if (auto merged = merge(options, *in_file, Origin::kFile, entries); !merged.ok()) {
      return merged.error();
    }
  }
  for (const Option& option : options) {
    Settings::Entry fallback;
    if (!option.default_value.empty()) fallback.values.push_back(option.default_value);
    entries.try_emplace(option.name, std::move(fallback));
  }
  return Settings{std::move(entries), std::move(flags->arguments)};
}

std::optional<Seconds> parse_duration(std::string_view text) {
  if (text == "0") return Seconds{0};
  Seconds total{0};
  for (const auto& [suffix, unit] : {std::pair{'h', 3600}, {'m', 60}, {'s', 1}}) {
    const auto end = text.find(suffix);
    if (end == std::string_view::npos) continue;
    const auto count = parse_integer(text.substr(0, end));
    if (!count || *count < 0 || *count > 1'000'000) return std::nullopt;
    total += Seconds{*count * unit};
    text.remove_prefix(end + 1);
    if (text.empty()) return total;
  }
  return std::nullopt;
}

}  // namespace edgetide::config
