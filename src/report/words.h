#pragma once

#include <span>
#include <string_view>

/// What the words mean that outputs give beside reasons, for people and for the reference page: the
/// one place where it is written down.
namespace edgetide::report {

struct WordText {
  std::string_view word;   ///< "Forecast"
  std::string_view where;  ///< What it is a word of: "the basis of a size".
  std::string_view meaning;
};

/// By what they are words of.
[[nodiscard]] std::span<const WordText> words();

}  // namespace edgetide::report
