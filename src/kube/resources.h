#pragma once

#include <simdjson.h>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace edgetide::kube {

/// Amounts by resource in thousandths of its unit: 1500 of "cpu" is one core and a half.
using Resources = std::map<std::string, std::int64_t, std::less<>>;

/// Of an amount that falls between two thousandths: what is asked for counts as more, what is there
/// as less.
enum class Rounding { kUp, kDown };

/// Reads `{"cpu": "500m", "memory": "2Gi"}`. What is no quantity is left out.
[[nodiscard]] Resources read_resources(simdjson::dom::element amounts, Rounding rounding);

/// Adds amount by amount; beyond 2^63 it stays there.
void add(Resources& to, const Resources& more);
/// Takes the larger, amount by amount.
void raise_to(Resources& amounts, const Resources& other);
/// Of a resource; zero when it is not there.
[[nodiscard]] std::int64_t amount_of(const Resources& amounts, std::string_view resource);

/// "500m", "12Gi", "64": as people write it.
[[nodiscard]] std::string amount_text(std::int64_t thousandths);

}  // namespace edgetide::kube
