#pragma once

#include <array>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

#include "edgetide/core/result.h"
#include "edgetide/forecast/demand_forecaster.h"
#include "edgetide/forecast/event_watch.h"
#include "edgetide/ports/clock.h"
#include "edgetide/ports/demand_source.h"
#include "edgetide/ports/event_source.h"
#include "edgetide/ports/pool_repository.h"
#include "edgetide/ports/state_store.h"

namespace edgetide::controller {

/// What a pool's past has taught.
struct Past {
  std::unique_ptr<forecast::ForecastState> learned;  ///< Of 20 KB, which are moved, not copied.
  forecast::EventWatch events;
  /// Why only what was kept is in it, and the source has not told its part; empty when it has.
  std::string source_problem;
};

/// Who tells of a past.
struct PastSources {
  ports::DemandSource& demand;
  /// What was kept over a restart; nullptr for nothing.
  ports::StateStore* kept = nullptr;
};

/// How much of the past is learned when a pool is first seen, and how finely.
struct PastRanges {
  Seconds span{56 * 24 * 3600};
  Seconds step{300};
  Seconds recent_span{6 * 3600};  ///< The newest part of it, learned at a finer step.
  Seconds recent_step{60};
};

/// Learns the pool's past: what its source tells, with kept demand before that where the source
/// does not reach as far back. A state that was kept is carried on rather than replaced by a past
/// that only begins after it. Waits for the answers; where `source_answers` is false, or it does
/// not after all, what was kept must do, or else there is an error.
[[nodiscard]] Result<Past> read_past(PastSources sources, const model::EdgePool& pool,
                                     const ports::StateStore::Owner& owner,
                                     const forecast::Context& context, const PastRanges& ranges,
                                     bool source_answers, Instant now);

/// Reads and learns pasts in two threads of its own, so that a fleet's weeks of history keep no
/// look waiting: of each pool one at a time. Safe for use from several threads.
class PastReader {
 public:
  /// Where a pool is looked up when its turn comes, and who tells of its past; from the reader's
  /// threads.
  struct World {
    ports::PoolRepository& pools;
    ports::EventSource& events;
    PastSources sources;
    const ports::Clock& clock;
  };
  struct Request {
    ports::StateStore::Owner owner;
    bool source_answers = true;
  };

  /// `on_read` is told, from one of the reader's threads, whose past can be taken.
  /// \pre the world outlives the reader, and whom `on_read` tells is there until `stop`.
  PastReader(World world, const PastRanges& ranges, std::function<void(const ObjectKey&)> on_read);

  /// Reads that pool's past when its turn comes.
  void want(Request request);
  /// What has been read since it was wanted; nothing while it has not.
  [[nodiscard]] std::optional<Result<Past>> take(const ports::StateStore::Owner& owner);
  /// Also of what is being read for the pool.
  void forget(const ObjectKey& pool);
  /// How many still wait for their turn.
  [[nodiscard]] std::size_t waiting() const;
  /// Ends the threads: from then on nobody is told.
  void stop();

 private:
  /// What is being read, or has been. From the beginning on, so that the end needs no memory.
  struct Reading {
    std::string owner_id;
    bool wanted = true;  ///< False: what comes of it is not any more.
    std::optional<Result<Past>> past = std::nullopt;
  };

  [[nodiscard]] std::optional<Request> next(std::stop_token stop);
  [[nodiscard]] Result<Past> read(const Request& request);
  void run(std::stop_token stop);

  const World world_;
  const PastRanges ranges_;
  const std::function<void(const ObjectKey&)> on_read_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::map<ObjectKey, Request> wanted_;
  std::deque<ObjectKey> order_;
  std::map<ObjectKey, Reading> under_way_;
  std::map<ObjectKey, Reading> read_;
  std::array<std::jthread, 2> threads_;  // last: joined before the rest goes
};

}  // namespace edgetide::controller
