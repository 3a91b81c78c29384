#pragma once

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "edgetide/backtest/policy_list.h"
#include "edgetide/backtest/replay.h"
#include "edgetide/model/even_spread.h"
#include "support/pools.h"

namespace edgetide::backtest {

using testing_support::kEvening;

/// A replica carries 10 viewers, all of them to be used, and nothing is bought for lost zones.
inline model::EdgePool lean_pool() {
  auto pool = testing_support::three_domains();
  pool.capacity = {.viewers = Viewers{10}, .target_utilization = Ratio{1}};
  pool.redundancy.survive = model::Survive::kNone;
  pool.replicas = {.min = Replicas{1}, .max = Replicas{500}};
  for (auto& domain : pool.domains) domain.max_replicas = Replicas{500};
  return pool;
}

/// A record with one sample a minute and its replay under a policy.
class Backtest {
 public:
  explicit Backtest(const std::vector<double>& by_minute,
                    std::vector<model::StreamEvent> announced = {})
      : calendar_(std::move(announced)) {
    for (std::size_t i = 0; i < by_minute.size(); ++i) {
      if (std::isnan(by_minute[i])) continue;
      samples_.push_back({kEvening + std::chrono::minutes{i}, Viewers{by_minute[i]}});
    }
  }

  /// Of a pool that survives the loss of a domain, as sure as that of what is left then.
  void survives(double confidence) {
    pool_.redundancy.survive = model::Survive::kFailureDomain;
    pool_.redundancy.confidence = confidence;
  }

  /// Of one workload that the scheduler spreads over so many failure domains.
  void is_spread(std::size_t zones, int max_skew) {
    pool_.topology_key = "topology.kubernetes.io/zone";
    pool_.domains.resize(1);
    spread_ = model::over_zones(zones, max_skew);
  }

  [[nodiscard]] Replay under(const std::string& policy, Instant from = kEvening) const {
    const World world{.pool = pool_,
                      .samples = samples_,
                      .told = samples_,
                      .calendar = calendar_,
                      .offsets = utc_,
                      .window = *recorded(samples_, from),
                      .spread = spread_};
    return replay(world, *parse_policies(policy)->front().make(world));
  }
  [[nodiscard]] std::vector<int> decisions(const std::string& policy,
                                           Instant from = kEvening) const {
    std::vector<int> counts;
    for (const Replicas replicas : under(policy, from).decisions)
      counts.push_back(replicas.count());
    return counts;
  }

 private:
  model::EdgePool pool_ = lean_pool();
  std::vector<model::DemandSample> samples_;
  model::EventCalendar calendar_;
  model::UtcOffsets utc_;
  std::optional<model::Spread> spread_;
};

/// 60 viewers, and 600 for an hour each day, twelve hours after the first minute.
inline std::vector<double> days_with_an_hour_of_many(int days) {
  std::vector<double> demand(static_cast<std::size_t>(days) * 1440, 60.0);
  for (int day = 0; day < days; ++day) std::fill_n(demand.begin() + day * 1440 + 720, 60, 600.0);
  return demand;
}

}  // namespace edgetide::backtest
