#include <gtest/gtest.h>

#include "edgetide/controller/reconciler.h"
#include "simulation/score.h"
#include "simulation/world_ports.h"

/// What a class of events has learned is worth most to an operator that knows nothing else: one
/// that was started anew beside a Prometheus without a past.
namespace edgetide::simulation {
namespace {

constexpr const char* kClass = "football-knockout";

/// The announced events, with what a class makes expect of them; and what the class learns.
class ClassEvents final : public ports::EventSource {
 public:
  ClassEvents(const World& world, model::EventClass known) : world_(world), class_(known) {}

  model::EventCalendar calendar(const model::EdgePool&) override {
    const auto announced = world_.scenario().calendar.events();
    std::vector<model::StreamEvent> events(announced.begin(), announced.end());
    for (model::StreamEvent& event : events) {
      event.event_class = kClass;
      event.follow(model::known_class(kClass, {class_}), 1);
    }
    return model::EventCalendar(std::move(events));
  }
  model::UtcOffsets offsets(const model::EdgePool&) override { return {}; }
  void note_outcome(const ObjectKey&, const model::EventOutcome& outcome) override {
    told += model::learn(class_.learned, outcome) ? 1 : 0;
  }

  [[nodiscard]] const model::EventClass& learned() const { return class_; }
  int told = 0;

 private:
  const World& world_;
  model::EventClass class_;
};

/// The world's audience, whose past is there or lost.
class Audience final : public ports::DemandSource {
 public:
  Audience(World& world, bool remembers) : demand_(world), remembers_(remembers) {}

  model::DemandReadings read(const model::EdgePool& pool, Instant now) override {
    return demand_.read(pool, now);
  }
  Result<model::DemandHistory> history(const model::EdgePool& pool,
                                       const ports::HistoryRange& range) override {
    if (!remembers_) return model::DemandHistory{};
    return demand_.history(pool, range);
  }

 private:
  WorldDemand demand_;
  bool remembers_;
};

struct Quiet final : ports::ReportSink, ports::VerbTimer {
  void publish(const model::EdgePool&, const model::PlanReport& report,
               const ports::ActOutcome&) override {
    violations += report.violations.size();
  }
  void forget(const ObjectKey&) override {}
  void took(std::string_view, std::chrono::nanoseconds) override {}

  std::size_t violations = 0;
};

struct Evening {
  double short_viewer_minutes = 0;
  double replica_minutes = 0;  ///< Paid.
  std::size_t violations = 0;
  model::EventClass learned;
};

/// An operator that starts at the scenario's beginning, and goes on until `until`.
Evening live(const Scenario& scenario, bool remembers, const model::EventClass& known,
             Instant until) {
  World world(scenario);
  WorldPools pools(world);
  Audience demand(world, remembers);
  ClassEvents events(world, known);
  Quiet quiet;
  controller::Reconciler reconciler({.pools = pools,
                                     .demand = demand,
                                     .events = events,
                                     .reports = quiet,
                                     .timer = quiet,
                                     .clock = world.clock()},
                                    {});
  Evening evening;
  for (; world.now() < until; world.clock().advance(scenario.step)) {
    world.settle();
    reconciler.reconcile(scenario.pool.key);
    const double wanting = scenario.audience.at(world.now()).count();
    const double carried =
        total_ready(world.counts()).count() * scenario.pool.capacity.viewers->count();
    const auto minutes = static_cast<double>(scenario.step.count()) / 60;
    evening.replica_minutes += total_paid(world.counts()).count() * minutes;
    evening.short_viewer_minutes += std::max(0.0, wanting - carried) * minutes;
  }
  evening.violations = quiet.violations;
  evening.learned = events.learned();
  return evening;
}

/// Started twenty minutes before kick-off, on a fleet without any reserve.
class EventClassLoop : public testing::TestWithParam<std::uint64_t> {};

TEST_P(EventClassLoop, ARestartWithoutAPastDecidesTheFirstKickOffByTheClass) {
  Scenario scenario = without_reserve(sport_evening({.seed = GetParam(), .zone_loss = false}));
  const model::EventClass blank{.name = kClass};
  const auto taught = live(scenario, true, blank, scenario.from + scenario.step * 2).learned;
  ASSERT_GE(taught.learned.last_events.size(), 8U) << "the matches before";

  scenario.from = scenario.tonight.kick_off - std::chrono::minutes{20};
  const Instant after_kick_off = scenario.tonight.kick_off + std::chrono::minutes{20};
  scenario.pool.confidence = 0.9;
  scenario.pool.capacity.target_utilization = Ratio{1};
  const auto with = live(scenario, false, taught, after_kick_off);
  const auto without = live(scenario, false, blank, after_kick_off);
  EXPECT_EQ(with.violations + without.violations, 0U);
  EXPECT_GT(without.short_viewer_minutes, 10'000) << "an evening that needs no class";
  EXPECT_EQ(with.short_viewer_minutes, 0);
  EXPECT_LT(with.replica_minutes, without.replica_minutes) << "for less, too";
}

INSTANTIATE_TEST_SUITE_P(Seeds, EventClassLoop, testing::Values(1, 2, 3));

TEST(EventClass, WhatIsReadAgainTeachesNothingNew) {
  const Scenario scenario = sport_evening({.seed = 1, .zone_loss = false});
  const Instant soon = scenario.from + scenario.step * 2;
  const auto once = live(scenario, true, {.name = kClass}, soon).learned;
  EXPECT_EQ(live(scenario, true, once, soon).learned, once);
}

}  // namespace
}  // namespace edgetide::simulation
