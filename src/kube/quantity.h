#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "edgetide/core/result.h"

namespace edgetide::kube {

/// An amount as the Kubernetes API writes it: an integer, or a decimal string with a suffix.
///
/// *Suffix*: n u m (1e-9, 1e-6, 1e-3), none, k M G T P E (1e3 ... 1e18), Ki Mi Gi Ti Pi Ei (1024 to
/// the first ... sixth), or an exponent such as e3 or E-2. Exact, to a billionth: what is finer is
/// rounded up, as the API server does. Never negative, since no field of ours may be.
///
///   "1.5Ki" is 1536; "1147.5" is 1147 and 500,000,000 billionths; "8G" is 8e9
struct QuantityValue {
  std::int64_t whole = 0;
  std::int32_t billionths = 0;  ///< In [0, 1e9).

  auto operator<=>(const QuantityValue&) const = default;

  [[nodiscard]] double number() const { return static_cast<double>(whole) + billionths / 1e9; }
};

/// kInvalid, saying what is wrong, for anything that is not a quantity, has a sign, more than 40
/// characters, 19 digits before its point or nine after it, or is not below 2^63.
[[nodiscard]] Result<QuantityValue> parse_quantity(std::string_view text);

/// The canonical decimal form: no fraction, the largest suffix that needs none. "8G", "1147500m".
[[nodiscard]] std::string to_string(const QuantityValue& quantity);

}  // namespace edgetide::kube
