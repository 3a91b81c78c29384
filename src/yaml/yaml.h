#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "edgetide/core/result.h"

/// A strict reader of YAML files that people write.
///
/// *Strict*: what YAML's versions and readers understand differently is refused with its place, so
/// that a file means one thing to everyone. Refused are duplicate keys; anchors, aliases and merge
/// keys; explicit tags; keys that are not strings; text that is not UTF-8; and these plain scalars,
/// which are to be quoted or written otherwise: yes, no, on, off, y, n in any case; 010, 0x1F,
/// 0o17, 0b1, 1_000, 190:20:30 and other numbers that only some readers take; .inf and .nan;
/// integers beyond 64 bits.
///
/// Plain scalars are otherwise: null (null, Null, NULL, ~, nothing), bool (true, True, TRUE, false,
/// ...), int, float (also 1e3), string. Quoted and block scalars are strings.
namespace edgetide::yaml {

/// Counted from 1, as editors do.
struct Position {
  int line = 1;
  int column = 1;

  auto operator<=>(const Position&) const = default;
};

struct Limits {
  std::size_t max_bytes = 4u << 20;
  int max_depth = 64;
  bool shows_values = true;  ///< False for files with secrets: then no problem shows a value.
};

class Value;

struct Member {
  std::string key;
  Position position;  ///< Of the key.
  std::shared_ptr<const Value> value;
};

/// What a file says at one place; never changes once loaded, and cheap to copy.
class Value {
 public:
  enum class Kind { kNull, kBool, kInt, kFloat, kString, kList, kObject };
  using List = std::shared_ptr<const std::vector<Value>>;
  using Object = std::shared_ptr<const std::vector<Member>>;
  /// An integer above the signed range stays unsigned.
  using Held = std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, std::string,
                            List, Object>;

  Value() = default;
  Value(Held held, Position position) : held_(std::move(held)), position_(position) {}

  [[nodiscard]] Kind kind() const;
  [[nodiscard]] Position position() const { return position_; }
  [[nodiscard]] const Held& held() const { return held_; }

  /// nullptr when it is something else.
  [[nodiscard]] const std::string* as_string() const { return std::get_if<std::string>(&held_); }
  [[nodiscard]] const bool* as_bool() const { return std::get_if<bool>(&held_); }
  [[nodiscard]] const std::int64_t* as_int() const { return std::get_if<std::int64_t>(&held_); }

  /// Empty for anything but a list.
  [[nodiscard]] const std::vector<Value>& items() const;
  /// In the file's order; empty for anything but an object.
  [[nodiscard]] const std::vector<Member>& members() const;
  /// The member's value; nullptr when absent or not an object.
  [[nodiscard]] const Value* find(std::string_view key) const;

 private:
  Held held_;
  Position position_;
};

/// "a string", "an integer", "a list", ... for error texts.
[[nodiscard]] std::string_view kind_text(Value::Kind kind);

/// Something wrong in a file, at its place.
struct Problem {
  Position position;
  std::string path;  ///< "spec.domains[0].name"; empty for the file as a whole.
  std::string message;
};

/// All problems as one Error, kInvalid, a line each in the file's order, at most 20:
/// "file:line:column: path: message". \pre problems are not empty.
[[nodiscard]] Error to_error(std::string_view file_name, std::vector<Problem> problems);

/// Every document of the text that is not empty, in order; all that is wrong in it otherwise.
[[nodiscard]] Result<std::vector<Value>> load_all(std::string_view text, std::string_view file_name,
                                                  const Limits& limits = {});

/// Reads the file, then as load_all; kNotFound when it does not exist.
[[nodiscard]] Result<std::vector<Value>> load_file(const std::string& path,
                                                   const Limits& limits = {});

}  // namespace edgetide::yaml
