#include "simulation/shrink.h"

#include <utility>

namespace edgetide::simulation {
namespace {

/// The first breach of a night; nothing when all is kept.
std::optional<Breach> first_breach(const Scenario& night,
                                   const controller::ReconcilerOptions& options) {
  ClosedLoop loop(night, PolicyKind::kEdgetide, nullptr, options);
  while (loop.step()) {
    if (const auto& breaches = loop.recording().breaches; !breaches.empty())
      return breaches.front();
  }
  return std::nullopt;
}

std::string minute_text(Instant at) { return clock_text(at).substr(0, 5); }

}  // namespace

Scenario shortest_failing(const Scenario& night, const controller::ReconcilerOptions& options) {
  Scenario shortest = night;
  const auto breach = first_breach(shortest, options);
  if (!breach) return shortest;
  const auto still_fails = [&](Scenario& fewer) {
    const auto found = first_breach(fewer, options);
    if (!found || found->rule != breach->rule) return false;
    // A rule of the night's end is judged at its end, wherever that is.
    if (found->at < fewer.to) fewer.to = found->at + fewer.step;
    shortest = std::move(fewer);
    return true;
  };
  Scenario cut = shortest;
  if (breach->at < cut.to) cut.to = breach->at + cut.step;
  still_fails(cut);
  const auto leave_a_fault_out = [&] {
    for (std::size_t i = shortest.faults.size(); i-- > 0;) {
      Scenario fewer = shortest;
      fewer.faults.erase(fewer.faults.begin() + static_cast<std::ptrdiff_t>(i));
      if (still_fails(fewer)) return true;
    }
    return false;
  };
  while (leave_a_fault_out()) {
  }
  if (shortest.zone_loss) {
    Scenario fewer = shortest;
    fewer.zone_loss.reset();
    still_fails(fewer);
  }
  if (shortest.pool.pause) {
    Scenario fewer = shortest;
    fewer.pool.pause.reset();
    still_fails(fewer);
  }
  return shortest;
}

std::string told(const Scenario& night) {
  std::string text = minute_text(night.from) + " to " + minute_text(night.to);
  for (const Fault& fault : night.faults) {
    text += ", " + told(fault) + " " + minute_text(fault.from) + " for " +
            edgetide::to_string(fault.lasts);
  }
  if (night.zone_loss)
    text += ", zone lost " + minute_text(night.zone_loss->at) + " for " +
            edgetide::to_string(night.zone_loss->lasts);
  if (night.pool.pause) text += ", paused until " + minute_text(night.pool.pause->until);
  const Programme& programme = night.audience.programme();
  for (const Premiere& premiere : programme.premieres)
    text += ", premiere " + minute_text(premiere.start) + " for " +
            edgetide::to_string(premiere.duration);
  if (programme.prime_time) text += ", prime time";
  for (const RetryStorm& storm : programme.retry_storms)
    text +=
        ", retry storm " + minute_text(storm.start) + " for " + edgetide::to_string(storm.duration);
  if (!night.nodes.empty()) text += ", nodes that have to come first";
  return text;
}

}  // namespace edgetide::simulation
