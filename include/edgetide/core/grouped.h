#pragma once

#include <string>

namespace edgetide {

/// "41,230": whole, with thousands separated; "?" when not finite.
[[nodiscard]] std::string grouped(double number);

}  // namespace edgetide
