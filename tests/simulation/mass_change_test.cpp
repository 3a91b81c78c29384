// Several pools of one source, whose numbers are suddenly wrong for all of them: no freshness
// tells, and what a single pool would follow, many do not.

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "edgetide/controller/reconciler.h"
#include "simulation/world_ports.h"
#include "support/nights.h"

namespace edgetide::simulation {
namespace {

using std::chrono::minutes;

constexpr std::size_t kPools = 6;

/// Worlds side by side behind one operator; from a moment on their source tells less than there is.
class Source final : public ports::PoolRepository,
                     public ports::DemandSource,
                     public ports::EventSource,
                     public ports::ReportSink,
                     public ports::VerbTimer {
 public:
  Source(std::size_t wrong_pools, double told, Seconds wrong_after)
      : wrong_pools_(wrong_pools), told_(told) {
    for (std::size_t i = 0; i < kPools; ++i) {
      Scenario& scenario = *scenarios_.emplace_back(
          std::make_unique<Scenario>(sport_evening({.seed = i + 1, .zone_loss = false})));
      scenario.pool.key.name = "pool-" + std::to_string(i);
      scenario.calendar = model::EventCalendar{};
      worlds_.push_back(std::make_unique<World>(scenario));
    }
    wrong_from_ = scenarios_.front()->from + wrong_after;
  }

  /// Until so long after the numbers became wrong; how many falls were written since.
  std::size_t falls_within(Seconds after, const controller::ReconcilerOptions& options) {
    controller::Reconciler reconciler({.pools = *this,
                                       .demand = *this,
                                       .events = *this,
                                       .reports = *this,
                                       .timer = *this,
                                       .clock = worlds_.front()->clock()},
                                      options);
    for (; now() < wrong_from_ + after; pass()) {
      for (const auto& world : worlds_) world->settle();
      for (const auto& scenario : scenarios_) reconciler.reconcile(scenario->pool.key);
    }
    return falls_;
  }

  std::vector<ObjectKey> keys() override {
    std::vector<ObjectKey> all;
    for (const auto& scenario : scenarios_) all.push_back(scenario->pool.key);
    return all;
  }
  Result<model::EdgePool> find(const ObjectKey& key) override {
    return scenarios_[index_of(key)]->pool;
  }
  std::vector<model::DomainObservation> fleet(const model::EdgePool& pool) override {
    return WorldPools(world_of(pool)).fleet(pool);
  }
  Result<void> scale(const model::EdgePool& pool, const ports::ScaleOrder& order) override {
    falls_ += now() >= wrong_from_ && order.to < order.from ? 1 : 0;
    return WorldPools(world_of(pool)).scale(pool, order);
  }
  Result<void> rehearse(const model::EdgePool&, const ports::ScaleOrder&) override { return {}; }
  model::DemandReadings read(const model::EdgePool& pool, Instant now) override {
    auto readings = WorldDemand(world_of(pool)).read(pool, now);
    if (now >= wrong_from_ && index_of(pool.key) < wrong_pools_) readings.viewers.value *= told_;
    return readings;
  }
  Result<model::DemandHistory> history(const model::EdgePool& pool,
                                       const ports::HistoryRange& range) override {
    return WorldDemand(world_of(pool)).history(pool, range);
  }
  model::EventCalendar calendar(const model::EdgePool&) override { return {}; }
  model::UtcOffsets offsets(const model::EdgePool&) override { return {}; }
  void publish(const model::EdgePool&, const model::PlanReport& report,
               const ports::ActOutcome&) override {
    violations_ += report.violations.size();
  }
  void forget(const ObjectKey&) override {}
  void took(std::string_view, std::chrono::nanoseconds) override {}

  [[nodiscard]] std::size_t violations() const { return violations_; }

 private:
  [[nodiscard]] Instant now() const { return worlds_.front()->now(); }
  void pass() {
    for (const auto& world : worlds_) world->clock().advance(Seconds{15});
  }
  [[nodiscard]] std::size_t index_of(const ObjectKey& key) const {
    const auto found = std::ranges::find_if(
        scenarios_, [&](const auto& scenario) { return scenario->pool.key == key; });
    return static_cast<std::size_t>(found - scenarios_.begin());
  }
  [[nodiscard]] World& world_of(const model::EdgePool& pool) {
    return *worlds_[index_of(pool.key)];
  }

  std::size_t wrong_pools_;
  double told_;
  Instant wrong_from_;
  std::vector<std::unique_ptr<Scenario>> scenarios_;
  std::vector<std::unique_ptr<World>> worlds_;
  std::size_t falls_ = 0;
  std::size_t violations_ = 0;
};

std::vector<model::Violation> looks_away(const guard::GuardInputs&, const guard::Fleet&) {
  return {};
}

constexpr Seconds kQuiet = minutes{20};  // until everything has settled
/// The surprise alone has the forecast hold for some ten minutes; then a pool wants less.
constexpr Seconds kSoon = minutes{20};
constexpr Seconds kLater = minutes{40};

TEST(MassChange, ManyPoolsThatWantLessAtOnceHold) {
  Source source(kPools, .3, kQuiet);
  EXPECT_EQ(source.falls_within(kSoon, testing_support::quick_to_learn()), 0u);
  EXPECT_EQ(source.violations(), 0u);
}

TEST(MassChange, ARealChangeIsFollowedTenMinutesLater) {
  Source source(kPools, .3, kQuiet);
  EXPECT_GT(source.falls_within(kLater, testing_support::quick_to_learn()), 0u);
}

TEST(MassChange, OnePoolAloneIsFollowedAtOnce) {
  Source source(1, .3, kQuiet);
  EXPECT_GT(source.falls_within(kSoon, testing_support::quick_to_learn()), 0u);
}

/// The night misses the guard when it is taken away.
TEST(MassChange, WithoutItsGuardTheyAreLowered) {
  std::vector<guard::Guard> others;
  for (const guard::Guard& guard : guard::all_guards()) {
    if (guard.name != "mass-change") others.push_back(guard);
  }
  auto options = testing_support::quick_to_learn();
  options.safeguards = {.guards = others, .verify = looks_away};
  Source source(kPools, .3, kQuiet);
  EXPECT_GT(source.falls_within(kSoon, options), 0u);
}

}  // namespace
}  // namespace edgetide::simulation
