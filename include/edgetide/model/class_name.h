#pragma once

#include <string>
#include <string_view>

namespace edgetide::model {

/// The class of events that people mean, as an EventClass can be named: "Football Final" is
/// "football-final". Letters are made small; what is neither a letter, a digit nor a lone dot is a
/// dash between them. What has other letters than ASCII's stays as it is, which names no
/// EventClass: of two such names the same might be left.
[[nodiscard]] std::string class_named(std::string_view written);

}  // namespace edgetide::model
