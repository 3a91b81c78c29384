#include "json/json.h"

#include <charconv>
#include <cmath>
#include <optional>
#include <set>
#include <vector>

namespace edgetide::json {
namespace {

/// Why the parser must stop, thrown through nlohmann's callback and caught in parse().
struct Refused {
  std::string message;
};

/// Watches nesting and keys while nlohmann builds the value.
class Inspector {
 public:
  explicit Inspector(const Limits& limits) : limits_(limits) {}

  bool operator()(int depth, Value::parse_event_t event, Value& parsed) {
    using Event = Value::parse_event_t;
    switch (event) {
      case Event::object_start:
      case Event::array_start:
        if (depth >= limits_.max_depth) {
          throw Refused{"nested deeper than " + std::to_string(limits_.max_depth) + " levels"};
        }
        keys_.emplace_back();
        break;
      case Event::object_end:
      case Event::array_end: keys_.pop_back(); break;
      case Event::key: take_key(parsed.get_ref<const std::string&>()); break;
      case Event::value: break;
    }
    return true;
  }

 private:
  void take_key(const std::string& key) {
    const bool fresh = keys_.back().insert(key).second;
    if (!fresh && limits_.refuse_duplicates) throw Refused{"the key \"" + key + "\" stands twice"};
  }

  const Limits& limits_;
  std::vector<std::set<std::string>> keys_;
};

/// nlohmann's "[json.exception.parse_error.101] parse error at line 1, column 2: ..." without its
/// machine part.
std::string readable(std::string_view what) {
  const auto bracket = what.find("] ");
  return std::string{bracket == std::string_view::npos ? what : what.substr(bracket + 2)};
}

/// Takes the next key or index off the front of a path.
struct Step {
  std::string key;
  std::optional<std::size_t> index;
};

std::optional<Step> bracket_step(std::string_view& path) {
  if (path.starts_with("[\"")) {
    const auto end = path.find("\"]", 2);
    if (end == std::string_view::npos) return std::nullopt;
    Step step{std::string{path.substr(2, end - 2)}, std::nullopt};
    path.remove_prefix(end + 2);
    return step;
  }
  std::size_t index = 0;
  const char* const begin = path.data() + 1;
  const auto [end, error] = std::from_chars(begin, path.data() + path.size(), index);
  if (error != std::errc{} || end == path.data() + path.size() || *end != ']') return std::nullopt;
  path.remove_prefix(static_cast<std::size_t>(end - path.data()) + 1);
  return Step{{}, index};
}

std::optional<Step> next_step(std::string_view& path) {
  if (path.starts_with('.')) path.remove_prefix(1);
  if (path.starts_with('[')) return bracket_step(path);
  const auto end = std::min(path.find_first_of(".["), path.size());
  Step step{std::string{path.substr(0, end)}, std::nullopt};
  path.remove_prefix(end);
  return step;
}

const Value* follow(const Value& value, const Step& step) {
  if (step.index) {
    return value.is_array() && *step.index < value.size() ? &value[*step.index] : nullptr;
  }
  if (!value.is_object()) return nullptr;
  const auto found = value.find(step.key);
  return found == value.end() ? nullptr : &*found;
}

Error missing(std::string_view path, const std::string& wanted) {
  return {ErrorCode::kNotFound, "missing; must be " + wanted, std::string{path}};
}

Error mismatch(const Value& value, std::string_view path, const std::string& wanted) {
  return {ErrorCode::kInvalid, excerpt(value) + " is not " + wanted, std::string{path}};
}

std::string range_text(std::string_view what, const std::string& min, const std::string& max) {
  return std::string{what} + " from " + min + " to " + max;
}

/// nlohmann keeps positive integers unsigned.
std::optional<std::int64_t> as_int64(const Value& value) {
  if (value.is_number_unsigned()) {
    const auto number = value.get<std::uint64_t>();
    if (number > static_cast<std::uint64_t>(INT64_MAX)) return std::nullopt;
    return static_cast<std::int64_t>(number);
  }
  if (value.is_number_integer()) return value.get<std::int64_t>();
  return std::nullopt;
}

}  // namespace

Result<Value> parse(std::string_view text, const Limits& limits) {
  if (text.size() > limits.max_bytes) {
    return Error{ErrorCode::kTooLarge, std::to_string(text.size()) + " bytes of JSON; at most " +
                                           std::to_string(limits.max_bytes) + " are read"};
  }
  try {
    return Value::parse(text, Inspector{limits});
  } catch (const Refused& refused) {
    return Error{ErrorCode::kInvalid, "JSON: " + refused.message};
  } catch (const nlohmann::json::exception& failure) {
    return Error{ErrorCode::kInvalid, "JSON: " + readable(failure.what())};
  }
}

std::string dump(const Value& value) {
  return value.dump(-1, ' ', false, Value::error_handler_t::replace);
}

std::string dump_indented(const Value& value) {
  return value.dump(2, ' ', false, Value::error_handler_t::replace);
}

const Value* find(const Value& value, std::string_view path) {
  const Value* at = &value;
  while (at != nullptr && !path.empty()) {
    const auto step = next_step(path);
    if (!step) return nullptr;
    at = follow(*at, *step);
  }
  return at == nullptr || at->is_null() ? nullptr : at;
}

std::string child_path(std::string_view path, std::string_view key) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-/";
  if (key.empty() || key.find_first_not_of(kPlain) != std::string_view::npos) {
    return std::string{path} + "[\"" + std::string{key} + "\"]";
  }
  return path.empty() ? std::string{key} : std::string{path} + "." + std::string{key};
}

std::string child_path(std::string_view path, std::size_t index) {
  return std::string{path} + "[" + std::to_string(index) + "]";
}

Result<std::int64_t> get_int(const Value& value, std::string_view path, std::int64_t min,
                             std::int64_t max) {
  const auto wanted = range_text("an integer", std::to_string(min), std::to_string(max));
  const Value* const found = find(value, path);
  if (found == nullptr) return missing(path, wanted);
  const auto number = as_int64(*found);
  if (!number || *number < min || *number > max) return mismatch(*found, path, wanted);
  return *number;
}

Result<double> get_number(const Value& value, std::string_view path, double min, double max) {
  const auto wanted = range_text("a number", number_text(min), number_text(max));
  const Value* const found = find(value, path);
  if (found == nullptr) return missing(path, wanted);
  if (!found->is_number()) return mismatch(*found, path, wanted);
  const double number = found->get<double>();
  if (!(number >= min && number <= max)) return mismatch(*found, path, wanted);
  return number;
}

Result<std::string> get_string(const Value& value, std::string_view path) {
  const Value* const found = find(value, path);
  if (found == nullptr) return missing(path, "a string");
  if (!found->is_string()) return mismatch(*found, path, "a string");
  return found->get<std::string>();
}

Result<bool> get_bool(const Value& value, std::string_view path) {
  const Value* const found = find(value, path);
  if (found == nullptr) return missing(path, "true or false");
  if (!found->is_boolean()) return mismatch(*found, path, "true or false");
  return found->get<bool>();
}

std::string_view kind_text(const Value& value) {
  if (value.is_string()) return "a string";
  if (value.is_number()) return "a number";
  if (value.is_array()) return "a list";
  if (value.is_object()) return "an object";
  if (value.is_boolean()) return "true or false";
  return "null";
}

std::string excerpt(const Value& value) {
  constexpr std::size_t kLongest = 60;
  if (value.is_array() || value.is_object()) return std::string{kind_text(value)};
  std::string text = dump(value);
  if (text.size() <= kLongest) return text;
  std::size_t end = kLongest;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "...";
}

std::string number_text(double number) {
  if (!std::isfinite(number)) return std::isnan(number) ? "NaN" : number > 0 ? "+Inf" : "-Inf";
  // An exponent only where nobody would read the zeros.
  const bool plain = number == 0 || (std::abs(number) >= 1e-6 && std::abs(number) < 1e21);
  char buffer[32];
  const auto [end, error] =
      std::to_chars(buffer, buffer + sizeof buffer, number,
                    plain ? std::chars_format::fixed : std::chars_format::scientific);
  EDGETIDE_ASSERT(error == std::errc{}, "a double fits 32 characters");
  return {buffer, end};
}

}  // namespace edgetide::json
