#include "yaml/scalar.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>

#include "edgetide/core/lower_case.h"

namespace edgetide::yaml {
namespace {

constexpr std::string_view kDigits = "0123456789";

bool one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, text) != words.end();
}

Error refused(std::string_view text, std::string_view why) {
  return {ErrorCode::kInvalid, "`" + std::string{text} + "` " + std::string{why}};
}

bool is_sign(char c) { return c == '+' || c == '-'; }

std::string_view without_sign(std::string_view text) {
  if (!text.empty() && is_sign(text.front())) text.remove_prefix(1);
  return text;
}

/// Takes digits off the front and says how many.
std::size_t take_digits(std::string_view& text) {
  const auto count = std::min(text.find_first_not_of(kDigits), text.size());
  text.remove_prefix(count);
  return count;
}

bool is_integer(std::string_view text) {
  text = without_sign(text);
  return take_digits(text) > 0 && text.empty();
}

/// [-+]? digits? [. digits?] [e[-+]?digits], with a digit before the exponent.
bool is_float(std::string_view text) {
  text = without_sign(text);
  std::size_t digits = take_digits(text);
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    digits += take_digits(text);
  }
  if (digits == 0) return false;
  if (text.empty()) return true;
  if (text.front() != 'e' && text.front() != 'E') return false;
  text = without_sign(text.substr(1));
  return take_digits(text) > 0 && text.empty();
}

/// 0x1F, 0o17, 0b1: numbers to some readers, strings to others.
bool is_prefixed_number(std::string_view text) {
  text = without_sign(text);
  if (text.size() < 3 || text[0] != '0') return false;
  const auto all_of = [&](std::string_view allowed) {
    return text.find_first_not_of(allowed, 2) == std::string_view::npos;
  };
  switch (text[1]) {
    case 'x':
    case 'X': return all_of("0123456789abcdefABCDEF_");
    case 'o':
    case 'O': return all_of("01234567_");
    case 'b':
    case 'B': return all_of("01_");
    default: return false;
  }
}

/// 20:30 or 190:20:30.15, which YAML 1.1 reads in base sixty.
bool is_sexagesimal(std::string_view text) {
  text = without_sign(text);
  if (take_digits(text) == 0 || !text.starts_with(':')) return false;
  while (text.starts_with(':')) {
    text.remove_prefix(1);
    const auto digits = take_digits(text);
    if (digits == 0 || digits > 2) return false;
  }
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    take_digits(text);
  }
  return text.empty();
}

/// 1_000, a number to YAML 1.1 only.
bool is_grouped_number(std::string_view text) {
  const auto digits = without_sign(text);
  if (digits.empty() || kDigits.find(digits.front()) == std::string_view::npos) return false;
  if (digits.find('_') == std::string_view::npos) return false;
  std::string plain{text};
  std::erase(plain, '_');
  return is_float(plain);
}

bool has_leading_zero(std::string_view text) {
  text = without_sign(text);
  return text.size() > 1 && text[0] == '0' && kDigits.find(text[1]) != std::string_view::npos;
}

std::optional<Error> ambiguity(std::string_view text) {
  const std::string lowered = lower_case(text);
  if (one_of(lowered, {"yes", "on", "y", "no", "off", "n"})) {
    return refused(text,
                   "is a string to some readers and true or false to others: "
                   "quote it, or write true or false");
  }
  if (one_of(std::string_view{lowered}, {".nan", ".inf", "+.inf", "-.inf"})) {
    return refused(text, "is not a finite number: quote it if a string is meant");
  }
  if (is_prefixed_number(text) || is_grouped_number(text)) {
    return refused(text,
                   "is a number to some readers and a string to others: "
                   "quote it, or write plain decimal digits");
  }
  if (is_sexagesimal(text)) {
    return refused(text, "is a number in base sixty to some readers: quote it");
  }
  if (has_leading_zero(text) && is_float(text)) {
    return refused(text,
                   "is octal to some readers and decimal to others: "
                   "quote it, or leave out the leading zero");
  }
  return std::nullopt;
}

/// from_chars takes no leading '+'.
std::string_view without_plus(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  return text;
}

template <typename Number>
std::optional<Number> number_from(std::string_view text) {
  text = without_plus(text);
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

Result<Value::Held> integer(std::string_view text) {
  if (const auto number = number_from<std::int64_t>(text)) return Value::Held{*number};
  if (const auto number = number_from<std::uint64_t>(text)) return Value::Held{*number};
  return refused(text, "does not fit 64 bits: quote it if a string is meant");
}

Result<Value::Held> floating(std::string_view text) {
  const auto number = number_from<double>(text);
  if (!number || !std::isfinite(*number)) {
    return refused(text, "is outside the range of numbers: quote it if a string is meant");
  }
  return Value::Held{*number};
}

}  // namespace

Result<Value::Held> resolve_plain(std::string_view text) {
  if (one_of(text, {"", "~", "null", "Null", "NULL"})) return Value::Held{};
  if (one_of(text, {"true", "True", "TRUE"})) return Value::Held{true};
  if (one_of(text, {"false", "False", "FALSE"})) return Value::Held{false};
  if (auto refusal = ambiguity(text)) return *std::move(refusal);
  if (is_integer(text)) return integer(text);
  if (is_float(text)) return floating(text);
  return Value::Held{std::string{text}};
}

}  // namespace edgetide::yaml
