#include "kube/base64.h"

#include <cstdint>

namespace edgetide::kube {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

std::optional<std::string> decode_base64(std::string_view text) {
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3);
  std::uint32_t bits = 0;
  int held = 0;
  std::size_t symbols = 0;
  std::size_t padding = 0;
  for (const char c : text) {
    if (c == '\n' || c == '\r') continue;
    ++symbols;
    if (c == '=') {
      ++padding;
      continue;
    }
    const auto digit = kAlphabet.find(c);
    if (digit == std::string_view::npos || padding > 0) return std::nullopt;
    bits = (bits << 6) | static_cast<std::uint32_t>(digit);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes += static_cast<char>((bits >> held) & 0xff);
    bits &= (1u << held) - 1;
  }
  // Four symbols are three bytes; one '=' stands for each byte that is not there.
  const bool complete = symbols % 4 == 0 && padding <= 2 && held == static_cast<int>(padding) * 2;
  if (!complete || bits != 0) return std::nullopt;
  return bytes;
}

}  // namespace edgetide::kube
