#include <gmock/gmock.h>

#include <numeric>

#include "edgetide/controller/reconciler.h"
#include "edgetide/model/reasons.h"
#include "support/nights.h"
#include "unit/controller/world.h"

namespace edgetide::controller {
namespace {

/// Pools with the same number of viewers each, served by one source.
struct Crowd : ManyPools {
  explicit Crowd(int pools)
      : ManyPools(pools), fleets(static_cast<std::size_t>(pools), {14, 14, 14}) {
    usual_viewers = 100;  // so that no habit keeps the capacity
    pool.behavior.scale_down.stabilization_window = Seconds{0};
  }
  std::vector<model::DomainObservation> fleet(const model::EdgePool& of) override {
    return observed(of, fleets[index(of.key)], viewers).domains;
  }
  Result<void> scale(const model::EdgePool& of, const ports::ScaleOrder& order) override {
    fleets[index(of.key)][order.domain] = order.to.count();
    return {};
  }

  /// One look at each pool, every 15 s for as long as told.
  void look(Reconciler& reconciler, Seconds span) {
    for (const Instant end = time + span; time < end; time += Seconds{15}) {
      viewers.at = time;
      for (const ObjectKey& key : keys()) reconciler.reconcile(key);
    }
  }
  [[nodiscard]] int fewest() const {
    int fewest = 1'000'000;
    for (const auto& fleet : fleets)
      fewest = std::min(fewest, std::accumulate(fleet.begin(), fleet.end(), 0));
    return fewest;
  }

  std::vector<std::vector<int>> fleets;
};

/// An outage throws everybody out, and nine minutes later all of them reconnect.
TEST(Reconciler, ARetryStormFindsTheCapacityFromBefore) {
  Crowd crowd(6);
  Reconciler reconciler(crowd.ports(), quick_to_learn());
  crowd.look(reconciler, Seconds{300});
  const int before = crowd.fewest();
  crowd.viewers.value = 100;
  crowd.look(reconciler, Seconds{540});
  EXPECT_EQ(crowd.fewest(), before);
  EXPECT_TRUE(crowd.reports.back().mass_change);
  EXPECT_THAT(crowd.reports.back().verdicts,
              testing::Contains(testing::Field(&model::GuardVerdict::reason,
                                               testing::StrEq(model::reason::kMassChange))));
  crowd.viewers.value = 10'000;
  crowd.look(reconciler, Seconds{60});
  EXPECT_EQ(crowd.fewest(), before);
}

TEST(Reconciler, AMassChangeThatLastsIsBelieved) {
  Crowd crowd(6);
  Reconciler reconciler(crowd.ports(), quick_to_learn());
  crowd.look(reconciler, Seconds{300});
  const int before = crowd.fewest();
  crowd.viewers.value = 100;
  crowd.look(reconciler, Seconds{3600});
  EXPECT_LT(crowd.fewest(), before);
}

TEST(Reconciler, ARestartWithinAMassChangeLowersNothing) {
  Crowd crowd(6);
  Reconciler first(crowd.ports(), quick_to_learn());
  crowd.look(first, Seconds{300});
  const int before = crowd.fewest();
  crowd.viewers.value = 100;
  crowd.look(first, Seconds{60});
  Reconciler second(crowd.ports(), quick_to_learn());
  crowd.look(second, Seconds{540});
  EXPECT_EQ(crowd.fewest(), before);
}

}  // namespace
}  // namespace edgetide::controller
