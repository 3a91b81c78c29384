#include "edgetide/backtest/policy_list.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "edgetide/core/nearest.h"

namespace edgetide::backtest {
namespace {

/// The number as short as it reads back.
std::string number_text(double number) {
  std::array<char, 32> buffer{};
  const auto [end, error] = std::to_chars(buffer.begin(), buffer.end(), number);
  return {buffer.data(), end};
}

std::optional<double> number_of(std::string_view text) {
  double number = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || stopped != end || !std::isfinite(number)) return std::nullopt;
  return number;
}

Error wrong(std::string message) {
  return {.code = ErrorCode::kInvalid, .message = std::move(message)};
}

/// The parts between separators, empty ones included.
std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::string_view without_blanks(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return "";
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

/// "'hpaa' is not one of a, b, c; did you mean hpa?"
Error unknown(std::string_view what, std::string_view name, const std::vector<std::string>& known) {
  std::string list;
  for (const std::string& one : known) list += (list.empty() ? "" : ", ") + one;
  const auto best = nearest(name, known);
  return wrong(std::string(what) + " '" + std::string(name) + "' is not one of " + list +
               (best ? "; did you mean " + *best + "?" : ""));
}

/// Adds "target=0.6" to the choice.
Result<void> read_knob(PolicyChoice& choice, std::string_view text) {
  const auto equals = text.find('=');
  const std::string name(text.substr(0, equals));
  const auto knob = std::ranges::find(choice.kind->knobs, name, &Knob::name);
  if (knob == choice.kind->knobs.end()) {
    if (choice.kind->knobs.empty()) return wrong(choice.kind->name + " has nothing to set");
    std::vector<std::string> names;
    for (const Knob& one : choice.kind->knobs) names.push_back(one.name);
    return unknown(choice.kind->name + ":", name, names);
  }
  const auto value_text = equals == std::string_view::npos ? "" : text.substr(equals + 1);
  const auto value = number_of(value_text);
  if (!value || *value < knob->least || *value > knob->most) {
    return wrong(choice.kind->name + ": " + name + " '" + std::string(value_text) +
                 "' is not a number from " + number_text(knob->least) + " to " +
                 number_text(knob->most));
  }
  if (!choice.knobs.emplace(name, *value).second) {
    return wrong(choice.kind->name + ": " + name + " is given twice");
  }
  return {};
}

/// Those that were given, and the usual values of the others.
Knobs all_knobs(const PolicyChoice& choice) {
  Knobs all = choice.knobs;
  for (const Knob& knob : choice.kind->knobs)
    if (knob.usual) all.emplace(knob.name, *knob.usual);
  return all;
}

}  // namespace

std::unique_ptr<Policy> PolicyChoice::make(const World& world) const {
  return kind->make(world, all_knobs(*this));
}

Seconds PolicyChoice::past() const {
  const Seconds usual = std::chrono::weeks{2};
  return kind->past ? std::max(usual, kind->past(all_knobs(*this))) : usual;
}

std::string PolicyChoice::text() const {
  std::string text = kind->name;
  for (const Knob& knob : kind->knobs) {
    const auto value = knobs.find(knob.name);
    if (value != knobs.end()) text += ":" + knob.name + "=" + number_text(value->second);
  }
  return text;
}

Result<std::vector<PolicyChoice>> parse_policies(std::string_view text) {
  std::vector<PolicyChoice> choices;
  for (const std::string_view policy : split(text, ',')) {
    const auto parts = split(without_blanks(policy), ':');
    const auto kind = std::ranges::find(policy_kinds(), parts.front(), &PolicyKind::name);
    if (kind == policy_kinds().end()) {
      std::vector<std::string> names;
      for (const PolicyKind& one : policy_kinds()) names.push_back(one.name);
      return unknown("policy", parts.front(), names);
    }
    PolicyChoice choice{.kind = &*kind, .knobs = {}};
    for (std::size_t i = 1; i < parts.size(); ++i) {
      if (auto read = read_knob(choice, parts[i]); !read.ok()) return read.error();
    }
    choices.push_back(std::move(choice));
  }
  return choices;
}

std::vector<PolicyChoice> along_curve(const PolicyChoice& choice) {
  if (choice.kind->curve.empty()) return {choice};
  std::vector<PolicyChoice> choices;
  for (const double value : choice.kind->curve) {
    choices.push_back(choice);
    choices.back().knobs[choice.kind->knobs.front().name] = value;
  }
  return choices;
}

}  // namespace edgetide::backtest
