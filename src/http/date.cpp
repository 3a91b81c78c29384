#include "http/date.h"

#include <algorithm>
#include <array>
#include <string>

namespace edgetide::http {
namespace {

constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::string_view kForm = "Sun, 06 Nov 1994 08:49:37 GMT";

}  // namespace

std::optional<Instant> parse_date(std::string_view text) {
  if (text.size() != kForm.size() || text.substr(3, 2) != ", " || text.substr(25) != " GMT" ||
      text[7] != ' ' || text[11] != ' ' || text[16] != ' ')
    return std::nullopt;
  const auto* const month = std::ranges::find(kMonths, text.substr(8, 3));
  if (month == kMonths.end()) return std::nullopt;
  const std::string number = std::to_string(101 + (month - kMonths.begin()));
  return parse_instant(std::string{text.substr(12, 4)} + "-" + number.substr(1) + "-" +
                       std::string{text.substr(5, 2)} + "T" + std::string{text.substr(17, 8)} +
                       "Z");
}

}  // namespace edgetide::http
