#include "kube/selector.h"

#include <algorithm>
#include <optional>

namespace edgetide::kube {
namespace {

constexpr std::size_t kLongestSelector = 64u << 10;

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '_' || c == '-' || c == '/';
}

}  // namespace

/// Reads one selector from left to right, a requirement at a time.
class Selector::Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Result<Selector> run() {
    Selector selector;
    skip_blanks();
    if (at_end()) return selector;
    do {
      auto requirement = read_requirement();
      if (!requirement) return failure();
      selector.requirements_.push_back(std::move(*requirement));
    } while (take(','));
    if (!at_end()) {
      expect("a comma");
      return failure();
    }
    return selector;
  }

 private:
  [[nodiscard]] bool at_end() const { return at_ == text_.size(); }

  void skip_blanks() {
    while (!at_end() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
  }

  bool take(std::string_view token) {
    if (!text_.substr(at_).starts_with(token)) return false;
    at_ += token.size();
    skip_blanks();
    return true;
  }
  bool take(char token) { return take(std::string_view{&token, 1}); }

  /// May be empty.
  std::string read_word() {
    const std::size_t begin = at_;
    while (!at_end() && is_word(text_[at_])) ++at_;
    std::string word{text_.substr(begin, at_ - begin)};
    skip_blanks();
    return word;
  }

  std::optional<Requirement> read_requirement() {
    const bool absent = take('!');
    Requirement requirement{.key = read_word(), .op = Operator::kDoesNotExist, .values = {}};
    if (requirement.key.empty()) return expect("a label's name");
    if (absent) return requirement;
    if (at_end() || text_[at_] == ',') {
      requirement.op = Operator::kExists;
      return requirement;
    }
    if (take("!=")) return read_value(std::move(requirement), Operator::kNotIn);
    if (take("==") || take('=')) return read_value(std::move(requirement), Operator::kIn);
    const std::size_t begin = at_;
    const std::string word = read_word();
    if (word == "in") return read_set(std::move(requirement), Operator::kIn);
    if (word == "notin") return read_set(std::move(requirement), Operator::kNotIn);
    at_ = begin;
    return expect("one of '=', '==', '!=', 'in', 'notin', ','");
  }

  /// What follows '=', which may be nothing.
  std::optional<Requirement> read_value(Requirement requirement, Operator op) {
    requirement.op = op;
    requirement.values.insert(read_word());
    return requirement;
  }

  std::optional<Requirement> read_set(Requirement requirement, Operator op) {
    requirement.op = op;
    if (!take('(')) return expect("'('");
    do {
      requirement.values.insert(read_word());
    } while (take(','));
    if (!take(')')) return expect("')' or ','");
    return requirement;
  }

  std::nullopt_t expect(std::string_view what) {
    expected_ = what;
    return std::nullopt;
  }

  [[nodiscard]] Error failure() const {
    return Error{.code = ErrorCode::kInvalid,
                 .message = "label selector: expected " + std::string{expected_} + " at column " +
                            std::to_string(at_ + 1) + " of \"" + std::string{text_.substr(0, 200)} +
                            "\""};
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string_view expected_;
};

Result<Selector> Selector::parse(std::string_view text) {
  if (text.size() > kLongestSelector) {
    return Error{.code = ErrorCode::kTooLarge, .message = "a label selector above 64 KiB"};
  }
  return Parser{text}.run();
}

Selector Selector::from_labels(const Labels& labels) {
  Selector selector;
  for (const auto& [key, value] : labels) {
    selector.requirements_.push_back({.key = key, .op = Operator::kIn, .values = {value}});
  }
  return selector;
}

bool Selector::matches(const Labels& labels) const {
  return std::ranges::all_of(
      requirements_, [&](const Requirement& requirement) { return requirement.holds(labels); });
}

std::optional<std::pair<std::string_view, std::string_view>> Selector::wanted_label() const {
  const auto one = std::ranges::find_if(requirements_, [](const Requirement& requirement) {
    return requirement.op == Operator::kIn && requirement.values.size() == 1;
  });
  if (one == requirements_.end()) return std::nullopt;
  return std::pair<std::string_view, std::string_view>{one->key, *one->values.begin()};
}

std::string Selector::text() const {
  std::string text;
  for (const Requirement& requirement : requirements_) {
    if (!text.empty()) text += ',';
    text += requirement.text();
  }
  return text;
}

bool Selector::Requirement::holds(const Labels& labels) const {
  const auto label = labels.find(key);
  const bool present = label != labels.end();
  switch (op) {
    case Operator::kIn: return present && values.contains(label->second);
    case Operator::kNotIn: return !present || !values.contains(label->second);
    case Operator::kExists: return present;
    case Operator::kDoesNotExist: return !present;
  }
  return false;
}

std::string Selector::Requirement::text() const {
  if (op == Operator::kExists) return key;
  if (op == Operator::kDoesNotExist) return "!" + key;
  if (values.size() == 1) return key + (op == Operator::kIn ? "=" : "!=") + *values.begin();
  std::string list;
  for (const std::string& value : values) list += "," + value;
  return key + (op == Operator::kIn ? " in (" : " notin (") + list.substr(1) + ")";
}

}  // namespace edgetide::kube
