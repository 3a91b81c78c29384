#include "kube/resources.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "kube/quantity.h"

namespace edgetide::kube {
namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
constexpr std::int32_t kBillionthsInOne = 1'000'000;  ///< Of a thousandth.

std::int64_t thousandths(const QuantityValue& quantity, Rounding rounding) {
  if (quantity.whole > kMost / 1000 - 1) return kMost;
  const int up = rounding == Rounding::kUp && quantity.billionths % kBillionthsInOne != 0 ? 1 : 0;
  return quantity.whole * 1000 + quantity.billionths / kBillionthsInOne + up;
}

}  // namespace

Resources read_resources(simdjson::dom::element amounts, Rounding rounding) {
  Resources read;
  simdjson::dom::object object;
  if (amounts.get(object) != simdjson::SUCCESS) return read;
  for (const auto& [resource, value] : object) {
    if (!value.is_string()) continue;
    const auto quantity = parse_quantity(std::string_view{value});
    if (quantity.ok()) read.emplace(resource, thousandths(*quantity, rounding));
  }
  return read;
}

void add(Resources& to, const Resources& more) {
  for (const auto& [resource, amount] : more) {
    auto& sum = to[resource];
    sum = sum > kMost - amount ? kMost : sum + amount;
  }
}

void raise_to(Resources& amounts, const Resources& other) {
  for (const auto& [resource, amount] : other) {
    auto& most = amounts[resource];
    most = std::max(most, amount);
  }
}

std::int64_t amount_of(const Resources& amounts, std::string_view resource) {
  const auto found = amounts.find(resource);
  return found == amounts.end() ? 0 : found->second;
}

std::string amount_text(std::int64_t thousandths) {
  constexpr std::array<std::pair<std::int64_t, const char*>, 3> kBinary{
      {{std::int64_t{1} << 40, "Ti"},
       {std::int64_t{1} << 30, "Gi"},
       {std::int64_t{1} << 20, "Mi"}}};
  const std::int64_t whole = thousandths / 1000;
  const auto rest = static_cast<std::int32_t>(thousandths % 1000);
  for (const auto& [unit, suffix] : kBinary) {
    if (rest == 0 && whole >= unit && whole % unit == 0)
      return std::to_string(whole / unit) + suffix;
  }
  return to_string(QuantityValue{.whole = whole, .billionths = rest * kBillionthsInOne});
}

}  // namespace edgetide::kube
