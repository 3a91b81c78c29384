#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "edgetide/core/result.h"

/// JSON that is small or made by people: objects to build, files, options. Answers by the megabyte
/// go through json/large.h.
///
/// *Path*: where in a value, as people write it: "spec.domains[0].name". A key with anything but
/// letters, digits, '_', '-' or '/' stands in brackets: `metadata.labels["example.com/a"]`.
namespace edgetide::json {

using Value = nlohmann::json;

struct Limits {
  std::size_t max_bytes = 4u << 20;
  int max_depth = 100;            ///< Of nested arrays and objects.
  bool refuse_duplicates = true;  ///< Otherwise the last of equal keys stays.
};

/// A value that is all of `text`; kInvalid with byte, line and column otherwise, kTooLarge above
/// max_bytes.
[[nodiscard]] Result<Value> parse(std::string_view text, const Limits& limits = {});

/// Compact text; bytes that are not UTF-8 become U+FFFD, so that printing never fails.
[[nodiscard]] std::string dump(const Value& value);
/// The same over several lines, two spaces a level.
[[nodiscard]] std::string dump_indented(const Value& value);

/// What is at the path; nullptr when anything on the way is absent or null.
[[nodiscard]] const Value* find(const Value& value, std::string_view path);

/// `path` with one more key, in brackets where it needs them.
[[nodiscard]] std::string child_path(std::string_view path, std::string_view key);
/// `path` with "[index]".
[[nodiscard]] std::string child_path(std::string_view path, std::size_t index);

// Typed readers. All of them: kNotFound when absent or null, kInvalid for another type or a number
// outside [min, max]; the error's context is the path, its message the value and the legal range.
// Numbers in strings are strings; 3.0 is not an integer, as in the Kubernetes API.

[[nodiscard]] Result<std::int64_t> get_int(const Value& value, std::string_view path,
                                           std::int64_t min, std::int64_t max);
[[nodiscard]] Result<double> get_number(const Value& value, std::string_view path, double min,
                                        double max);
[[nodiscard]] Result<std::string> get_string(const Value& value, std::string_view path);
[[nodiscard]] Result<bool> get_bool(const Value& value, std::string_view path);

/// "a string", "a number", "a list", "an object", "true or false", "null".
[[nodiscard]] std::string_view kind_text(const Value& value);
/// The value as a few words for an error: its text, cut at 60 characters.
[[nodiscard]] std::string excerpt(const Value& value);

/// A number as people write it: shortest text that reads back as the same double, "3" for 3.0.
[[nodiscard]] std::string number_text(double number);

}  // namespace edgetide::json
