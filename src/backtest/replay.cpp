#include "edgetide/backtest/replay.h"

#include <algorithm>

#include "edgetide/core/assert.h"

namespace edgetide::backtest {
namespace {

using std::chrono::minutes;

constexpr std::int64_t kProgressSteps = 200;
/// A window that begins after so much of it is begun warm.
constexpr minutes kSilence{60};

/// Lets samples become known as time passes.
class Knowledge {
 public:
  explicit Knowledge(const World& world) : world_(world) {}

  [[nodiscard]] Moment at(Instant now) {
    const auto& samples = world_.told;
    while (count_ < samples.size() && samples[count_].at + world_.delay <= now) ++count_;
    const bool silent = count_ == 0 || now - samples[count_ - 1].at > kSilence;
    if (silent && now == world_.window.from) {
      while (count_ < samples.size() && samples[count_].at < now + minutes{1}) ++count_;
    }
    return {.now = now, .known = samples.first(count_)};
  }

 private:
  const World& world_;
  std::size_t count_ = 0;
};

Replicas within_bounds(Replicas asked, const model::ReplicaBounds& bounds) {
  return std::clamp(asked, std::min(bounds.min, bounds.max), bounds.max);
}

}  // namespace

Viewers newest_viewers(const Moment& moment) {
  return moment.known.empty() ? Viewers{0} : moment.known.back().viewers;
}

Replay replay(const World& world, Policy& policy, const Progress& progress) {
  EDGETIDE_ASSERT(world.delay >= Seconds{0}, "nothing is known before it happens");
  Replay result{.demand = by_minute(world.samples, world.window)};
  const auto count = static_cast<std::int64_t>(result.demand.size());
  result.decisions.reserve(result.demand.size());
  result.reasons.reserve(result.demand.size());
  Knowledge knowledge(world);
  for (std::int64_t i = 0; i < count; ++i) {
    const Moment moment = knowledge.at(world.window.from + minutes{i});
    result.decisions.push_back(within_bounds(policy.decide(moment), world.pool.replicas));
    result.reasons.push_back(policy.reasons());
    if (progress && i % std::max<std::int64_t>(1, count / kProgressSteps) == 0) {
      progress(static_cast<double>(i) / static_cast<double>(count));
    }
  }
  result.fleet = fleet_of(result.decisions, world.lead);
  result.score = score(world.window.from, result.demand, result.fleet, world.pool);
  return result;
}

}  // namespace edgetide::backtest
