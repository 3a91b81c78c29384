#pragma once

namespace edgetide {

/// Prints where and why to stderr and aborts.
[[noreturn]] void assertion_failed(const char* condition, const char* why, const char* file,
                                   int line);

}  // namespace edgetide

/// Stops the program on a bug of its own; stays on in release builds. What the environment gets
/// wrong is an Error, what people get wrong is a message: neither belongs here.
#define EDGETIDE_ASSERT(condition, why) \
  (static_cast<bool>(condition)         \
       ? static_cast<void>(0)           \
       : ::edgetide::assertion_failed(#condition, why, __FILE__, __LINE__))
