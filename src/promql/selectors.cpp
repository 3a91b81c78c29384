#include "promql/selectors.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "edgetide/core/lower_case.h"

namespace edgetide::promql {
namespace {

bool starts_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':';
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool continues_name(char c) { return starts_name(c) || is_digit(c); }
bool is_quote(char c) { return c == '"' || c == '\'' || c == '`'; }
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

struct Unit {
  std::string_view name;
  Seconds span;
};
/// Of Prometheus' durations; "ms" before "m".
constexpr std::array<Unit, 7> kUnits{{{"ms", Seconds{0}},
                                      {"s", Seconds{1}},
                                      {"m", Seconds{60}},
                                      {"h", Seconds{3600}},
                                      {"d", Seconds{86'400}},
                                      {"w", Seconds{7 * 86'400}},
                                      {"y", Seconds{365 * 86'400}}}};
constexpr std::int64_t kMostUnits = 1'000'000;

/// Words followed by a list of label names in parentheses.
bool takes_labels(std::string_view word) {
  static constexpr std::array<std::string_view, 6> kWords = {
      "by", "without", "on", "ignoring", "group_left", "group_right"};
  return std::ranges::find(kWords, word) != kWords.end();
}

bool is_operator_word(std::string_view word) {
  static constexpr std::array<std::string_view, 8> kWords = {"and",    "or",   "unless", "atan2",
                                                             "offset", "bool", "inf",    "nan"};
  return std::ranges::find(kWords, word) != kWords.end();
}

/// Of "1h30m"; what is less than a second counts as nothing, and so does what is no duration.
Seconds duration_of(std::string_view text) {
  Seconds sum{0};
  while (!text.empty()) {
    std::int64_t count = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (failed != std::errc{} || count < 0 || count > kMostUnits) return Seconds{0};
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    const auto unit = std::ranges::find_if(
        kUnits, [&](const auto& known) { return text.starts_with(known.name); });
    if (unit == kUnits.end()) return Seconds{0};
    text.remove_prefix(unit->name.size());
    sum += count * unit->span;
  }
  return sum;
}

/// Reads an expression from the left, keeping only what selects series, and over what time.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  void run() {
    while (!done()) step();
  }
  /// The text alone, from the left on.
  [[nodiscard]] std::string without_blanks() {
    std::string text;
    while (true) {
      const std::size_t before = at_;
      skip_blank();
      if (done()) return text;
      const bool parts_words =
          at_ > before && !text.empty() && continues_name(text.back()) && continues_name(peek());
      if (parts_words) text += ' ';
      const std::size_t begin = at_;
      if (is_quote(peek())) {
        skip_string();
      } else {
        ++at_;
      }
      text.append(text_.substr(begin, at_ - begin));
    }
  }
  [[nodiscard]] std::vector<std::string> take_found() { return std::move(found_); }
  [[nodiscard]] Seconds longest_window() const { return longest_window_; }

 private:
  [[nodiscard]] bool done() const { return at_ >= text_.size(); }
  [[nodiscard]] char peek() const { return done() ? '\0' : text_[at_]; }

  void step() {
    skip_blank();
    if (done()) return;
    const char c = peek();
    if (is_quote(c)) return skip_string();
    if (c == '[') return take_window();
    if (c == '{') return take_braces(at_);
    if (starts_name(c)) return take_word();
    if (is_digit(c) || c == '.') return skip_number();
    ++at_;
  }

  void skip_blank() {
    while (!done() && (is_space(peek()) || peek() == '#')) {
      if (peek() == '#') {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else {
        ++at_;
      }
    }
  }

  void skip_string() {
    const char quote = text_[at_++];
    while (!done() && peek() != quote) {
      if (peek() == '\\' && quote != '`') ++at_;
      ++at_;
    }
    ++at_;
  }

  /// Past the closing character, strings inside left alone; false when it never comes.
  bool skip_to(char closing) {
    while (!done() && peek() != closing) {
      if (is_quote(peek())) {
        skip_string();
      } else {
        ++at_;
      }
    }
    return at_++ < text_.size();
  }

  void take_window() {
    const std::size_t begin = ++at_;
    if (!skip_to(']')) return;
    const auto range = text_.substr(begin, at_ - 1 - begin);
    longest_window_ = std::max(longest_window_, duration_of(range.substr(0, range.find(':'))));
  }

  /// Numbers and durations: 5, 1.5e-3, 0x1F, 5m30s.
  void skip_number() {
    while (!done() && (continues_name(peek()) || peek() == '.')) ++at_;
  }

  void take_word() {
    const std::size_t begin = at_;
    while (!done() && continues_name(peek())) ++at_;
    const std::string word = lower_case(text_.substr(begin, at_ - begin));
    const std::size_t end = at_;
    skip_blank();
    if (peek() == '{') return take_braces(begin);
    if (takes_labels(word)) {
      if (peek() == '(') skip_to(')');
      return;
    }
    if (is_operator_word(word) || peek() == '(' || labels_follow()) return;
    keep(text_.substr(begin, end - begin));
  }

  /// `sum by (zone) (...)`: what stands before `by` is an aggregation.
  [[nodiscard]] bool labels_follow() const {
    std::size_t end = at_;
    while (end < text_.size() && continues_name(text_[end])) ++end;
    const std::string next = lower_case(text_.substr(at_, end - at_));
    return next == "by" || next == "without";
  }

  void take_braces(std::size_t begin) {
    at_ = text_.find('{', at_) + 1;
    if (skip_to('}')) keep(text_.substr(begin, at_ - begin));
  }

  void keep(std::string_view selector) {
    if (std::ranges::find(found_, selector) == found_.end()) found_.emplace_back(selector);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<std::string> found_;
  Seconds longest_window_{0};
};

}  // namespace

std::string without_blanks(std::string_view expression) {
  return Scanner{expression}.without_blanks();
}

std::vector<std::string> selectors(std::string_view expression) {
  Scanner scanner{expression};
  scanner.run();
  return scanner.take_found();
}

Seconds longest_window(std::string_view expression) {
  Scanner scanner{expression};
  scanner.run();
  return scanner.longest_window();
}

}  // namespace edgetide::promql
