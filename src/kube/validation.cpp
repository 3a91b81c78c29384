#include "kube/validation.h"

#include <algorithm>

#include "edgetide/core/nearest.h"

namespace edgetide::kube {
namespace {

QuantityValue bound(std::string_view text) {
  auto quantity = parse_quantity(text);
  EDGETIDE_ASSERT(quantity.ok(), "a bound of this program is a quantity");
  return *quantity;
}

std::string range_text(AmountRange legal) {
  return "from " + std::string{legal.min} + " to " + std::string{legal.max};
}

std::string one_of(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

/// "; did you mean X?", or nothing.
std::string suggestion(std::string_view wrong, const std::vector<std::string>& known) {
  const auto meant = nearest(wrong, known);
  return meant ? "; did you mean " + *meant + "?" : "";
}

/// "99.5": what the schema's pattern for a percentage takes.
bool is_plain_decimal(std::string_view text) {
  const auto point = text.find('.');
  const std::string_view decimals = point == std::string_view::npos ? "0" : text.substr(point + 1);
  const auto digits_only = [](std::string_view digits) {
    return !digits.empty() && digits.find_first_not_of("0123456789") == std::string_view::npos;
  };
  return digits_only(text.substr(0, point)) && digits_only(decimals) && decimals.size() <= 3;
}

}  // namespace

Error to_error(const std::vector<FieldProblem>& problems, std::string_view context) {
  EDGETIDE_ASSERT(!problems.empty(), "an error has a reason");
  std::string text;
  for (const FieldProblem& problem : problems) text += (text.empty() ? "" : "\n") + problem.text();
  return Error{.code = ErrorCode::kInvalid, .message = text, .context = std::string{context}};
}

Fields::Fields(const json::Value* object, std::string path, Findings& findings, bool absent_is_fine)
    : path_(std::move(path)), findings_(findings) {
  if (object == nullptr) {
    if (!absent_is_fine) findings_.add(path_, "required");
    return;
  }
  if (object->is_object()) {
    object_ = object;
  } else {
    findings_.add(path_, json::excerpt(*object) + " is not an object");
  }
}

Fields::Fields(const json::Value& object, std::string path, Findings& findings)
    : Fields(&object, std::move(path), findings, false) {}

Fields::~Fields() {
  if (object_ == nullptr || !findings_.refuse_unknown) return;
  for (const auto& [key, value] : object_->items()) {
    if (std::ranges::find(known_, key) != known_.end()) continue;
    findings_.add(path(key), "unknown field" + suggestion(key, known_));
  }
}

std::string Fields::path(std::string_view key) const { return json::child_path(path_, key); }

void Fields::add_problem(std::string_view key, std::string message) {
  findings_.add(path(key), std::move(message));
}

const json::Value* Fields::find(std::string_view key) {
  if (std::ranges::find(known_, key) == known_.end()) known_.emplace_back(key);
  if (object_ == nullptr) return nullptr;
  const auto found = object_->find(std::string{key});
  return found == object_->end() || found->is_null() ? nullptr : &*found;
}

const json::Value* Fields::require(std::string_view key) {
  const json::Value* value = find(key);
  if (value == nullptr && present()) add_problem(key, "required");
  return value;
}

std::optional<std::int64_t> Fields::integer(std::string_view key, IntRange legal) {
  if (find(key) == nullptr) return std::nullopt;
  const auto number = json::get_int(*object_, key, legal.min, legal.max);
  if (number.ok()) return *number;
  add_problem(key, number.error().message);
  return std::nullopt;
}

std::optional<bool> Fields::boolean(std::string_view key) {
  if (find(key) == nullptr) return std::nullopt;
  const auto value = json::get_bool(*object_, key);
  if (value.ok()) return *value;
  add_problem(key, value.error().message);
  return std::nullopt;
}

std::optional<std::string> Fields::text(std::string_view key, TextKind kind) {
  const json::Value* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (!value->is_string()) {
    add_problem(key, json::excerpt(*value) + " is not a string");
    return std::nullopt;
  }
  auto text = value->get<std::string>();
  const auto problem = text_problem(kind, text);
  if (!problem) return text;
  add_problem(key, *problem);
  return std::nullopt;
}

std::optional<QuantityValue> Fields::quantity(std::string_view key, AmountRange legal) {
  const json::Value* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (!value->is_string() && !value->is_number_integer()) {
    const bool is_float = value->is_number_float();
    add_problem(
        key,
        json::excerpt(*value) + " is not a quantity" +
            (is_float ? "; write a fraction as a string: \"" + json::dump(*value) + "\"" : ""));
    return std::nullopt;
  }
  const auto quantity =
      parse_quantity(value->is_string() ? value->get<std::string>() : json::dump(*value));
  if (!quantity.ok()) {
    add_problem(key, quantity.error().message);
    return std::nullopt;
  }
  if (*quantity < bound(legal.min) || bound(legal.max) < *quantity) {
    add_problem(key, json::excerpt(*value) + " is not a quantity " + range_text(legal));
    return std::nullopt;
  }
  return *quantity;
}

std::optional<double> Fields::percent(std::string_view key, AmountRange legal) {
  const json::Value* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (value->is_string() && !is_plain_decimal(value->get<std::string>())) {
    add_problem(key, json::excerpt(*value) + " is not a number of percent " + range_text(legal) +
                         " with at most three decimals");
    return std::nullopt;
  }
  const auto percent = quantity(key, legal);
  if (!percent) return std::nullopt;
  return percent->number();
}

std::optional<std::int64_t> Fields::required_integer(std::string_view key, IntRange legal) {
  return require(key) == nullptr ? std::nullopt : integer(key, legal);
}

std::optional<std::string> Fields::required_text(std::string_view key, TextKind kind) {
  return require(key) == nullptr ? std::nullopt : text(key, kind);
}

std::optional<std::size_t> Fields::choice_index(std::string_view key,
                                                const std::vector<std::string>& known) {
  const json::Value* value = find(key);
  if (value == nullptr) return std::nullopt;
  const auto found =
      value->is_string() ? std::ranges::find(known, value->get<std::string>()) : known.end();
  if (found != known.end()) return static_cast<std::size_t>(found - known.begin());
  std::vector<std::string> likely = known;
  std::erase(likely, "None");  // what turns a promise off is nobody's slip
  const std::string hint =
      value->is_string() ? suggestion(value->get<std::string>(), likely) : std::string{};
  add_problem(key, json::excerpt(*value) + " is none of " + one_of(known) + hint);
  return std::nullopt;
}

Fields Fields::object(std::string_view key) { return {find(key), path(key), findings_, true}; }

Fields Fields::required_object(std::string_view key) {
  return {find(key), path(key), findings_, /*absent_is_fine=*/!present()};
}

void Fields::list(std::string_view key, IntRange sizes, const Visit& visit) {
  const json::Value* value = sizes.min > 0 ? require(key) : find(key);
  if (value == nullptr) return;
  if (!value->is_array()) {
    add_problem(key, json::excerpt(*value) + " is not a list");
    return;
  }
  const auto size = static_cast<std::int64_t>(value->size());
  if (size < sizes.min || size > sizes.max) {
    add_problem(key, std::to_string(size) + " items; " + std::to_string(sizes.min) + " to " +
                         std::to_string(sizes.max) + " are legal");
    return;
  }
  for (std::size_t i = 0; i < value->size(); ++i) {
    visit((*value)[i], json::child_path(path(key), i));
  }
}

void Fields::free_members(std::string_view key, std::size_t most, const VisitMember& visit) {
  const json::Value* value = find(key);
  if (value == nullptr) return;
  if (!value->is_object()) {
    add_problem(key, json::excerpt(*value) + " is not an object");
    return;
  }
  if (value->size() > most) {
    add_problem(key, std::to_string(value->size()) + " entries; at most " + std::to_string(most) +
                         " are legal");
    return;
  }
  for (const auto& [name, member] : value->items()) {
    visit(name, member, json::child_path(path(key), name));
  }
}

}  // namespace edgetide::kube
