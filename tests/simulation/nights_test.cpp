#include "support/nights.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "simulation/closed_loop.h"
#include "simulation/night.h"
#include "simulation/shrink.h"

namespace edgetide::simulation {
namespace {

using testing_support::quick_to_learn;

/// EDGETIDE_NIGHTS=FIRST-LAST lives through other nights than the first thousand.
struct Nights {
  std::uint64_t first = 1;
  std::uint64_t last = 1000;
};

Nights nights_asked_for() {
  const char* asked = std::getenv("EDGETIDE_NIGHTS");
  if (asked == nullptr) return {};
  const std::string text = asked;
  const auto dash = text.find('-');
  const auto first = std::stoull(text.substr(0, dash));
  return {first, dash == std::string::npos ? first : std::stoull(text.substr(dash + 1))};
}

/// What was broken in a night.
struct Broken {
  Breach first;
  std::size_t times;
};

/// Nights whose promises were broken, by seed, and how many looks all nights took.
struct Lived {
  std::map<std::uint64_t, Broken> broken;
  std::size_t looks = 0;
};

/// On every core, seed after seed.
Lived live_through(const Nights& nights) {
  Lived lived;
  std::mutex mutex;
  std::atomic next = nights.first;
  const auto work = [&] {
    for (auto seed = next++; seed <= nights.last; seed = next++) {
      const auto recording =
          run(random_night(seed), PolicyKind::kEdgetide, nullptr, quick_to_learn());
      const std::lock_guard lock(mutex);
      lived.looks += recording.looks;
      if (!recording.breaches.empty())
        lived.broken.emplace(seed, Broken{recording.breaches.front(), recording.times_broken});
    }
  };
  std::vector<std::jthread> workers(std::max(1u, std::thread::hardware_concurrency()));
  for (auto& worker : workers) worker = std::jthread(work);
  workers.clear();
  return lived;
}

/// Of each broken night its first breach; of the first ten the shortest failing prefix, too, which
/// takes many runs.
TEST(Nights, KeepEveryPromise) {
  const Nights nights = nights_asked_for();
  const Lived lived = live_through(nights);
  int told_whole = 0;
  for (const auto& [seed, broken] : lived.broken) {
    const Scenario night = random_night(seed);
    std::string shortest;
    if (++told_whole <= 10)
      shortest = "\n  shortest: " + told(shortest_failing(night, quick_to_learn()));
    ADD_FAILURE() << night.title << ": " << broken.first.rule << " at "
                  << edgetide::to_string(broken.first.at) << ": " << broken.first.detail << shortest
                  << "\n  " << broken.times << " breaches; EDGETIDE_NIGHTS=" << seed
                  << " repeats it";
  }
  RecordProperty("looks", std::to_string(lived.looks));
  if (nights.last - nights.first >= 999 && lived.broken.empty()) {
    EXPECT_GE(lived.looks, (nights.last - nights.first + 1) * 1000) << "nights that hardly look";
  }
}

/// What of a night goes wrong, by name, besides its faults.
std::vector<std::string> mishaps_of(const Scenario& night) {
  std::vector<std::string> mishaps;
  if (const auto& loss = night.zone_loss) {
    const auto& pool = night.pool;
    const Seconds rebuilt =
        std::max(pool.redundancy.rebuild_after, pool.lead_time) + pool.lead_time;
    mishaps.emplace_back(loss->lasts < rebuilt ? "zone lost" : "zone rebuilt elsewhere");
    if (!night.zones.empty()) mishaps.emplace_back("zone of one workload lost");
  }
  for (const model::StreamEvent& event : night.calendar.events()) {
    if (event.end() < night.from || event.event_class != "football-knockout") continue;
    const Seconds late = night.tonight.kick_off - event.start;
    if (late >= std::chrono::hours{1}) mishaps.emplace_back("hours late");
    if (late <= -std::chrono::hours{1}) mishaps.emplace_back("hours early");
    if (night.tonight.uplift == Viewers{0}) mishaps.emplace_back("cancelled");
    if (final_whistle(night.tonight) > event.end() + std::chrono::minutes{15})
      mishaps.emplace_back("overruns");
  }
  const Programme& programme = night.audience.programme();
  for (const Premiere& premiere : programme.premieres) {
    const auto& events = night.calendar.events();
    const auto event = std::ranges::find(events, "premiere", &model::StreamEvent::event_class);
    const bool announced = event != events.end() && premiere.duration == event->duration;
    mishaps.emplace_back(!announced                       ? "unannounced crowd"
                         : event->start == premiere.start ? "premiere"
                                                          : "premiere at a wrong hour");
  }
  if (programme.prime_time) mishaps.emplace_back("prime time");
  if (!programme.retry_storms.empty()) mishaps.emplace_back("retry storm");
  if (!night.nodes.empty()) mishaps.emplace_back("nodes");
  if (night.connections) mishaps.emplace_back("gateways");
  for (const Fault& fault : night.faults) {
    std::string name(name_of(fault.kind));
    if (fault.kind == FaultKind::kSamplesScaled) name += fault.by > 1 ? " up" : " down";
    if (fault.kind == FaultKind::kClockAhead) name += fault.by > 0 ? " ahead" : " behind";
    mishaps.push_back(std::move(name));
  }
  return mishaps;
}

TEST(Nights, HaveEverythingThatCanGoWrong) {
  std::map<std::string, int> drawn;
  for (std::uint64_t seed = 1; seed <= 1000; ++seed)
    for (const std::string& mishap : mishaps_of(random_night(seed))) ++drawn[mishap];
  for (const FaultKind kind : kFaultKinds) {
    const std::string name(name_of(kind));
    const auto found = drawn.lower_bound(name);
    EXPECT_TRUE(found != drawn.end() && found->first.starts_with(name)) << name;
  }
  for (const char* mishap :
       {"zone lost", "zone rebuilt elsewhere", "zone of one workload lost", "hours late",
        "hours early", "cancelled", "overruns", "SamplesScaled up", "SamplesScaled down",
        "ClockAhead ahead", "ClockAhead behind", "premiere", "premiere at a wrong hour",
        "unannounced crowd", "prime time", "retry storm", "nodes", "gateways"})
    EXPECT_GT(drawn[mishap], 0) << mishap;
}

TEST(Nights, OfOneSeedAreTheSame) {
  for (const std::uint64_t seed : {3u, 14u}) {
    const Recording once =
        run(random_night(seed), PolicyKind::kEdgetide, nullptr, quick_to_learn());
    const Recording again =
        run(random_night(seed), PolicyKind::kEdgetide, nullptr, quick_to_learn());
    ASSERT_EQ(once.decisions.size(), again.decisions.size());
    for (std::size_t i = 0; i < once.decisions.size(); ++i) {
      EXPECT_EQ(once.decisions[i].report.at, again.decisions[i].report.at);
      EXPECT_EQ(once.decisions[i].report.summary, again.decisions[i].report.summary);
    }
  }
}

}  // namespace
}  // namespace edgetide::simulation
