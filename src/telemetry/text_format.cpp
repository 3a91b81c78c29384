#include "telemetry/text_format.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "edgetide/core/assert.h"

namespace edgetide::telemetry {
namespace {

constexpr std::size_t kMostLabels = 8;

void append_escaped(std::string& text, std::string_view value, bool quotes) {
  for (const char c : value) {
    if (c == '\n') {
      text += "\\n";
      continue;
    }
    if (c == '\\' || (quotes && c == '"')) text += '\\';
    text += c;
  }
}

void append_number(std::string& text, double value) {
  if (std::isnan(value)) {
    text += "NaN";
  } else if (std::isinf(value)) {
    text += value > 0 ? "+Inf" : "-Inf";
  } else {
    std::array<char, 32> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    text.append(digits.data(), end);
  }
}

void append_head(std::string& text, const FamilyHead& family) {
  text.append("# HELP ").append(family.name).append(" ");
  append_escaped(text, family.help, false);
  text.append("\n# TYPE ").append(family.name);
  text += family.type == FamilyHead::Type::kCounter ? " counter\n" : " gauge\n";
}

}  // namespace

void TextFormat::begin(const FamilyHead& family) {
  family_ = family;
  is_new_ = true;
}

void TextFormat::sample(std::initializer_list<Label> labels, std::initializer_list<Label> more,
                        double value) {
  EDGETIDE_ASSERT(labels.size() + more.size() <= kMostLabels, "a sample has few labels");
  if (is_new_) append_head(text_, family_);
  is_new_ = false;
  std::array<Label, kMostLabels> all;
  const auto end = std::ranges::merge(labels, more, all.begin(), {}, &Label::name, &Label::name);
  text_ += family_.name;
  char before = '{';
  for (auto label = all.begin(); label != end.out; ++label) {
    text_ += before;
    text_.append(label->name).append("=\"");
    append_escaped(text_, label->value, true);
    text_ += '"';
    before = ',';
  }
  text_ += before == ',' ? "} " : " ";
  append_number(text_, value);
  text_ += '\n';
}

}  // namespace edgetide::telemetry
