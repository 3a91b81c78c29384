#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "edgetide/forecast/forecast_state.h"

namespace edgetide::controller {

/// FNV-1a of 64 bits.
[[nodiscard]] std::uint64_t checksum(std::string_view bytes);

// What a pool has learned as bytes, for the same program on the same kind of machine to read back.

[[nodiscard]] std::string encode_state(const forecast::ForecastState& state);

/// Nothing when the bytes are damaged, or of a program whose state looks otherwise.
[[nodiscard]] std::optional<forecast::ForecastState> decode_state(std::string_view bytes);

}  // namespace edgetide::controller
