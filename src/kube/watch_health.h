#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>

#include "edgetide/core/result.h"
#include "kube/statistics.h"

namespace edgetide::kube {

/// How a watched resource fares: written by the watching thread, read by any.
class WatchHealth {
 public:
  using SteadyTime = std::chrono::steady_clock::time_point;

  void count(std::uint64_t WatchStatistics::*counter);
  void note_synced();
  /// The server has just been heard; `stands` when a watch is open now. Ends all trouble.
  void note_contact(bool stands);

  enum class EndOfWatch {
    kInOrder,  ///< The server was there to end it.
    kCut,
    kUseless,  ///< It told nothing good: then all is as it was before it opened.
  };
  void note_end_of_watch(EndOfWatch end);
  /// False when it is the trouble that was noted last, and has not ended since.
  bool note_trouble(const Error& trouble);

  [[nodiscard]] bool synced() const;
  /// How long since the table was last known to follow the server: zero while a watch stands, the
  /// longest duration before the first list.
  [[nodiscard]] std::chrono::milliseconds contact_age() const;
  [[nodiscard]] std::optional<Error> trouble() const;
  /// With everything but the number of objects.
  [[nodiscard]] WatchStatistics statistics() const;

 private:
  struct Standing {
    std::optional<Error> trouble;
    std::optional<SteadyTime> contact;
  };

  mutable std::mutex mutex_;
  WatchStatistics statistics_;
  Standing now_;
  Standing before_watch_;
  bool stands_ = false;
};

}  // namespace edgetide::kube
