#include "support/nights.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

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

TEST(Nights, KeepEveryPromise) {
  const Nights nights = nights_asked_for();
  std::size_t looks = 0;
  std::size_t broken = 0;
  for (auto seed = nights.first; seed <= nights.last && broken < 10; ++seed) {
    const Scenario night = random_night(seed);
    const Recording recording = run(night, PolicyKind::kEdgetide, nullptr, quick_to_learn());
    looks += recording.looks;
    if (recording.breaches.empty()) continue;
    ++broken;
    const Breach& first = recording.breaches.front();
    ADD_FAILURE() << night.title << ": " << first.rule << " at " << edgetide::to_string(first.at)
                  << ": " << first.detail
                  << "\n  shortest: " << told(shortest_failing(night, quick_to_learn())) << "\n  "
                  << recording.breaches.size() << " breaches; EDGETIDE_NIGHTS=" << seed
                  << " repeats it";
  }
  if (nights.last - nights.first >= 999 && broken == 0) {
    EXPECT_GE(looks, (nights.last - nights.first + 1) * 1000) << "nights that hardly look";
  }
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
