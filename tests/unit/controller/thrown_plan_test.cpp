#include <gtest/gtest.h>

#include <algorithm>
#include <new>
#include <utility>

#include "unit/controller/world.h"

namespace edgetide::controller {
namespace {

bool throws = false;

std::vector<model::Violation> throws_once(const guard::GuardInputs& inputs,
                                          const guard::Fleet& fleet) {
  if (std::exchange(throws, false)) throw std::bad_alloc();
  return guard::verify(inputs, fleet);
}

bool lowers(const ports::ScaleOrder& order) { return order.to < order.from; }

/// What the decision that was lost has remembered is lost with it: a memory that is not there
/// lowers nothing, and one that only looks old would.
TEST(ThrownPlan, LowersNothingByTheMemoryThatItTook) {
  for (const auto mode : {model::Mode::kEnforce, model::Mode::kDryRun}) {
    World world;
    world.pool.mode = mode;
    world.pool.replicas.min = Replicas{60};
    world.pool.behavior.scale_down.stabilization_window = Seconds{600};
    world.standing = {20, 20, 20};
    ReconcilerOptions options;
    options.safeguards.verify = throws_once;
    Reconciler reconciler(world.ports(), options);
    const auto look = [&] {
      (void)reconciler.reconcile(world.pool.key);
      world.time += Seconds{15};
      world.viewers.at = world.time;
    };
    const auto is_lowered = [&] {
      return world.reports.back().plan.action == model::Action::kScaleDown;
    };
    for (int i = 0; i < 60; ++i) look();
    world.pool.replicas.min = Replicas{3};
    throws = true;
    EXPECT_THROW(look(), std::bad_alloc);
    look();
    EXPECT_FALSE(is_lowered());
    for (int i = 0; i < 60; ++i) look();
    EXPECT_TRUE(std::ranges::any_of(world.reports, [](const model::PlanReport& report) {
      return report.plan.action == model::Action::kScaleDown;
    }));
    EXPECT_EQ(std::ranges::any_of(world.orders, lowers), mode == model::Mode::kEnforce);
  }
}

}  // namespace
}  // namespace edgetide::controller
