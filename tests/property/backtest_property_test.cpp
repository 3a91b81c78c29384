#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "edgetide/backtest/policy_list.h"
#include "edgetide/backtest/replay.h"
#include "support/pools.h"

namespace edgetide::backtest {
namespace {

using model::DemandSample;
using std::chrono::minutes;
using testing_support::kEvening;

constexpr int kMinutes = 6 * 1440;

/// The same numbers for the same seed, evenly from 0 to 1.
class Chance {
 public:
  explicit Chance(std::uint32_t seed) : state_(seed * 2654435761U + 1) {}

  double next() {
    state_ = state_ * 1664525U + 1013904223U;
    return (state_ >> 8) / 16777216.0;
  }

 private:
  std::uint32_t state_;
};

/// Six days with a match every evening, a hole now and then and lumps of noise.
std::vector<DemandSample> record(int step_minutes) {
  Chance chance(1);
  std::vector<DemandSample> samples;
  for (int minute = 0; minute < kMinutes; minute += step_minutes) {
    if (minute % 1000 > 970) continue;
    const double hour = std::fmod(minute / 60.0, 24);
    const double day = 2000 * (1.3 + std::sin(2 * std::numbers::pi * (hour - 9) / 24));
    const double match = hour > 19.5 && hour < 22 ? 9000 * (hour - 19.5) : 0;
    const auto second = Seconds{static_cast<std::int64_t>(chance.next() * 50)};
    samples.push_back({kEvening + minutes{minute} + second,
                       Viewers{(day + match) * (0.97 + 0.06 * chance.next())}});
  }
  return samples;
}

model::EventCalendar matches() {
  std::vector<model::StreamEvent> events;
  for (int day = 0; day < 8; ++day) {
    events.push_back({.name = "match " + std::to_string(day),
                      .event_class = "match",
                      .start = kEvening + std::chrono::days{day} + minutes{1190},
                      .duration = minutes{115}});
  }
  return model::EventCalendar(std::move(events));
}

/// Everything after the moment replaced by noise, on another scale and as often as that.
std::vector<DemandSample> with_noise_after(std::vector<DemandSample> samples, Instant moment,
                                           minutes step) {
  Chance chance(7);
  std::erase_if(samples, [&](const DemandSample& sample) { return sample.at > moment; });
  for (Instant at = moment + Seconds{1}; at < kEvening + minutes{kMinutes}; at += step) {
    samples.push_back({at, Viewers{1e6 * chance.next() * chance.next()}});
  }
  return samples;
}

class Hindsight : public testing::TestWithParam<std::string> {
 protected:
  [[nodiscard]] std::vector<Replicas> decisions(const std::vector<DemandSample>& samples,
                                                Seconds delay) const {
    auto pool = testing_support::three_domains();
    pool.replicas.max = Replicas{100'000};
    for (auto& domain : pool.domains) domain.max_replicas = Replicas{100'000};
    const auto calendar = matches();
    const model::UtcOffsets utc;
    const World world{.pool = pool,
                      .samples = samples,
                      .told = samples,
                      .calendar = calendar,
                      .offsets = utc,
                      .window = {kEvening + minutes{1440}, kEvening + minutes{kMinutes - 60}},
                      .delay = delay};
    return replay(world, *parse_policies(GetParam())->front().make(world)).decisions;
  }
};

/// What comes after T changes no decision up to T, and none that the delay keeps it from.
TEST_P(Hindsight, IsNoPartOfAnyDecision) {
  for (const int step : {1, 10}) {
    const auto samples = record(step);
    for (const Seconds delay : {Seconds{0}, Seconds{30}, Seconds{200}}) {
      const auto as_it_was = decisions(samples, delay);
      for (const int minute : {1, 700, 1250, 4000}) {
        const Instant moment = kEvening + minutes{1440 + minute};
        const auto noisy = with_noise_after(samples, moment, minutes{step == 1 ? 9 : 1});
        const auto with_noise = decisions(noisy, delay);
        const auto known_until = minute + delay / minutes{1};
        for (std::int64_t i = 0; i <= known_until; ++i) {
          const auto at = static_cast<std::size_t>(i);
          ASSERT_EQ(with_noise[at], as_it_was[at])
              << GetParam() << " step " << step << " noise after " << minute << " minute " << i;
        }
      }
    }
  }
}

/// Every policy there is but the one that knows what is to come.
std::vector<std::string> policies() {
  std::vector<std::string> names{"edgetide:confidence=99.99"};
  for (const PolicyKind& kind : policy_kinds()) {
    if (kind.name != "clairvoyant") names.push_back(kind.name);
  }
  return names;
}

INSTANTIATE_TEST_SUITE_P(Policies, Hindsight, testing::ValuesIn(policies()));

/// The noise would be noticed: a policy that knows what is to come decides otherwise.
class Foresight : public Hindsight {};
TEST_P(Foresight, IsNoticed) {
  const auto samples = record(1);
  const Instant moment = kEvening + minutes{1440 + 700};
  const auto as_it_was = decisions(samples, Seconds{30});
  const auto with_noise = decisions(with_noise_after(samples, moment, minutes{1}), Seconds{30});
  EXPECT_FALSE(std::equal(as_it_was.begin(), as_it_was.begin() + 701, with_noise.begin()));
}
INSTANTIATE_TEST_SUITE_P(Policies, Foresight, testing::Values("clairvoyant"));

}  // namespace
}  // namespace edgetide::backtest
