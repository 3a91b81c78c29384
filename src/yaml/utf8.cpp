#include "yaml/utf8.h"

#include <cstdint>
#include <cstdio>

namespace edgetide::yaml {
namespace {

bool is_continuation(unsigned char byte) { return (byte & 0xC0) == 0x80; }

/// The length that a lead byte announces; 0 for a byte that cannot lead.
std::size_t announced_length(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead < 0xE0) return 2;
  if (lead >= 0xE0 && lead < 0xF0) return 3;
  if (lead >= 0xF0 && lead < 0xF5) return 4;
  return 0;
}

/// The bytes of the well-formed character at the front; 0 when there is none.
std::size_t character_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const std::size_t length = announced_length(byte(0));
  if (length == 0 || length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if (!is_continuation(byte(i))) return 0;
  }
  // The second byte is where overlong forms, surrogates and too high code points show.
  if (byte(0) == 0xE0 && byte(1) < 0xA0) return 0;
  if (byte(0) == 0xED && byte(1) >= 0xA0) return 0;
  if (byte(0) == 0xF0 && byte(1) < 0x90) return 0;
  if (byte(0) == 0xF4 && byte(1) >= 0x90) return 0;
  return length;
}

bool is_forbidden_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7F;
}

std::string byte_text(char c) {
  char text[8];
  std::snprintf(text, sizeof text, "0x%02X", static_cast<unsigned char>(c));
  return text;
}

}  // namespace

std::optional<Problem> first_bad_byte(std::string_view text) {
  Position position;
  while (!text.empty()) {
    if (is_forbidden_control(text[0])) {
      return Problem{position, "", "the control character " + byte_text(text[0])};
    }
    const std::size_t length = character_length(text);
    if (length == 0)
      return Problem{position, "", "the byte " + byte_text(text[0]) + " is not UTF-8"};
    if (text[0] == '\n') {
      position = {position.line + 1, 1};
    } else {
      ++position.column;
    }
    text.remove_prefix(length);
  }
  return std::nullopt;
}

}  // namespace edgetide::yaml
