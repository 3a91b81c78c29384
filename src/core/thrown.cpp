#include "edgetide/core/thrown.h"

#include <array>
#include <atomic>
#include <exception>

namespace edgetide {
namespace {

constexpr std::size_t kWorks = static_cast<std::size_t>(kLastWork) + 1;

std::array<std::atomic<std::uint64_t>, kWorks> counts{};
std::atomic<OnThrown> on_thrown{nullptr};

/// In place of words that there is no memory for.
constexpr const char* kWordless = "an exception";

void tell(Work work, std::string_view words) noexcept {
  const OnThrown told = on_thrown;
  if (told == nullptr) return;
  try {
    told(work, words);
  } catch (...) {
    // It is counted, which must do.
  }
}

Error as_error(const char* words) noexcept {
  try {
    return {.code = ErrorCode::kUnavailable, .message = words};
  } catch (...) {
    return {.code = ErrorCode::kUnavailable, .message = kWordless};
  }
}

}  // namespace

std::string_view to_string(Work work) {
  switch (work) {
    case Work::kLook: return "look";
    case Work::kTurn: return "turn";
    case Work::kPast: return "past";
    case Work::kQuery: return "query";
    case Work::kMemory: return "memory";
    case Work::kWatch: return "watch";
    case Work::kSend: return "send";
    case Work::kAhead: return "ahead";
    case Work::kAnswer: return "answer";
    case Work::kCalendar: return "calendar";
    case Work::kElection: return "election";
    case Work::kReview: return "review";
    case Work::kUpkeep: return "upkeep";
    case Work::kServe: return "serve";
  }
  return "";
}

void set_on_thrown(OnThrown tell) { on_thrown = tell; }

std::uint64_t times_thrown(Work work) { return counts[static_cast<std::size_t>(work)]; }

Error note_thrown(Work work) noexcept {
  ++counts[static_cast<std::size_t>(work)];
  try {
    throw;
  } catch (const std::exception& problem) {
    tell(work, problem.what());
    return as_error(problem.what());
  } catch (...) {
    tell(work, kWordless);
    return as_error(kWordless);
  }
}

}  // namespace edgetide
