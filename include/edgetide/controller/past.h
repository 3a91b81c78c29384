#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
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

namespace edgetide::controller {

/// What a pool's past has taught.
struct Past {
  forecast::ForecastState learned;
  forecast::EventWatch events;
};

/// How much of the past is learned when a pool is first seen, and how finely.
struct PastRanges {
  Seconds span{56 * 24 * 3600};
  Seconds step{300};
  Seconds recent_span{6 * 3600};  ///< The newest part of it, learned at a finer step.
  Seconds recent_step{60};
};

/// Asks for the pool's past and learns it; waits for the answers.
[[nodiscard]] Result<Past> read_past(ports::DemandSource& demand, const model::EdgePool& pool,
                                     const forecast::Context& context, const PastRanges& ranges,
                                     Instant now);

/// Reads pasts one after another in a thread of its own, so that a fleet's weeks of history keep no
/// look waiting and a server is asked for one range at a time. Safe for use from several threads.
class PastReader {
 public:
  struct Request {
    model::EdgePool pool;
    model::EventCalendar calendar;
    model::UtcOffsets offsets;
  };

  /// `on_read` is told, from the reader's thread, whose past can be taken.
  /// \pre `demand` and `clock` outlive the reader, and whom `on_read` tells is there until `stop`.
  PastReader(ports::DemandSource& demand, const ports::Clock& clock, const PastRanges& ranges,
             std::function<void(const ObjectKey&)> on_read);

  /// Reads that pool's past when its turn comes.
  void want(Request request);
  /// What has been read since it was wanted; nothing while it has not.
  [[nodiscard]] std::optional<Result<Past>> take(const model::EdgePool& pool);
  void forget(const ObjectKey& pool);
  /// Ends the thread: from then on nobody is told.
  void stop();

 private:
  struct Read {
    std::string uid;
    Result<Past> past;
  };

  [[nodiscard]] std::optional<Request> next(std::stop_token stop);
  void run(std::stop_token stop);

  ports::DemandSource& demand_;
  const ports::Clock& clock_;
  const PastRanges ranges_;
  const std::function<void(const ObjectKey&)> on_read_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::map<ObjectKey, Request> wanted_;
  std::deque<ObjectKey> order_;
  std::map<ObjectKey, Read> read_;
  std::jthread thread_;  // last: joined before the rest goes
};

}  // namespace edgetide::controller
