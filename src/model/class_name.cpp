#include "edgetide/model/class_name.h"

#include <algorithm>

namespace edgetide::model {
namespace {

// ASCII alone, whatever the machine's language.
bool is_small_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }
bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }
bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }

}  // namespace

std::string class_named(std::string_view written) {
  if (!std::ranges::all_of(written, is_ascii)) return std::string(written);
  std::string name;
  std::string between;
  for (const char c : written) {
    if (!is_small_or_digit(c) && !is_capital(c)) {
      between += c;
      continue;
    }
    const bool stays = between == "." || between.find_first_not_of('-') == std::string::npos;
    if (!name.empty()) name += stays ? between : "-";
    between.clear();
    name += is_capital(c) ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return name.empty() ? std::string(written) : name;
}

}  // namespace edgetide::model
