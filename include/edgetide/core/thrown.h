#pragma once

#include <chrono>
#include <cstdint>
#include <stop_token>
#include <string_view>
#include <thread>
#include <type_traits>
#include <utility>

#include "edgetide/core/result.h"

namespace edgetide {

/// What a thread does, as far as its exceptions are told apart.
enum class Work {
  kLook,      ///< One look at one pool.
  kTurn,      ///< Choosing whose look is next.
  kPast,      ///< Learning from a pool's past.
  kQuery,     ///< Asking a metric source.
  kMemory,    ///< Writing to the disk.
  kWatch,     ///< Keeping a cache equal to the server.
  kSend,      ///< Writing statuses and Events.
  kAhead,     ///< Reading what the first looks will want.
  kAnswer,    ///< Asking for what is kept and renewed.
  kCalendar,  ///< Reading an EventCalendar.
  kElection,  ///< Taking and renewing the Lease.
  kReview,    ///< Finding out what a token allows.
  kUpkeep,    ///< Beginning what runs, and giving back memory.
  kServe,     ///< Answering a request.
};

inline constexpr Work kLastWork = Work::kServe;

/// "look", "turn", ... as a label of a metric.
[[nodiscard]] std::string_view to_string(Work work);

/// Told of each exception that ended a work, in its thread, with the exception's words.
using OnThrown = void (*)(Work work, std::string_view words);

/// Whom to tell from now on; nullptr for nobody. What that one throws itself is lost.
void set_on_thrown(OnThrown tell);

/// How often that work has ended by an exception since the process began.
[[nodiscard]] std::uint64_t times_thrown(Work work);

/// Counts and tells the exception that is being handled; kUnavailable in its words.
/// \pre called in a handler.
[[nodiscard]] Error note_thrown(Work work) noexcept;

/// Does that and lets no exception out of it, so that none reaches a thread's top: it becomes the
/// outcome. `act` returns nothing or a Result.
template <typename Act>
auto contain(Work work, Act&& act) noexcept {
  using Made = std::invoke_result_t<Act>;
  using Outcome = std::conditional_t<std::is_void_v<Made>, Result<void>, Made>;
  try {
    if constexpr (std::is_void_v<Made>) {
      std::forward<Act>(act)();
      return Outcome{};
    } else {
      return Outcome(std::forward<Act>(act)());
    }
  } catch (...) {
    return Outcome(note_thrown(work));
  }
}

/// Does that again and again until stopped, in a thread of its own. After an exception it waits a
/// second, without needing memory, so that what lasts takes no time of the others.
template <typename Act>
void keep_doing(Work work, const std::stop_token& stop, Act&& act) noexcept {
  constexpr std::chrono::milliseconds kBetweenLooks{50};
  constexpr int kLooksInASecond = 20;
  while (!stop.stop_requested()) {
    if (contain(work, [&] { act(); }).ok()) continue;
    for (int i = 0; i < kLooksInASecond && !stop.stop_requested(); ++i)
      std::this_thread::sleep_for(kBetweenLooks);
  }
}

}  // namespace edgetide
