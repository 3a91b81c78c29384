#include "edgetide/model/rate_text.h"

#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

namespace edgetide::model {
namespace {

constexpr std::array<std::string_view, 5> kUnits{"bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s"};

/// Four digits of it, or all before the point.
std::string digits_of(double number) {
  const double size = std::abs(number);
  const int places = size < 10 ? 3 : size < 100 ? 2 : size < 1000 ? 1 : 0;
  std::array<char, 400> buffer{};
  const auto written =
      std::to_chars(buffer.begin(), buffer.end(), number, std::chars_format::fixed, places);
  std::string text(buffer.data(), written.ptr);
  if (places > 0) text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

}  // namespace

std::string rate_text(BitsPerSecond rate) {
  double number = rate.count();
  if (!std::isfinite(number)) return "?";
  std::size_t unit = 0;
  // What would round to a thousand is one of the next.
  while (std::abs(number) >= 999.95 && unit + 1 < kUnits.size()) {
    number /= 1000;
    ++unit;
  }
  return digits_of(number) + " " + std::string(kUnits[unit]);
}

}  // namespace edgetide::model
