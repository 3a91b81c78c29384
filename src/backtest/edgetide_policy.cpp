#include "edgetide_policy.h"

#include <algorithm>
#include <array>
#include <deque>
#include <utility>

#include "edgetide/backtest/lead_time_fleet.h"
#include "edgetide/backtest/score.h"
#include "edgetide/forecast/demand_forecaster.h"
#include "edgetide/model/even_spread.h"
#include "edgetide/planning/plan.h"
#include "edgetide/sizing/domain_allocation.h"

namespace edgetide::backtest {
namespace {

using std::chrono::minutes;

std::span<const model::DemandSample> known_before(const World& world) {
  return known_by(world.told, world.window.from, world.delay);
}

/// What the forecaster has been told so far: never more than was known.
class Learner {
 public:
  Learner(const World& world, double confidence)
      : context_{world.calendar, world.offsets, confidence} {
    if (world.learned == nullptr) return;
    state_ = *world.learned;
    learned_ = known_before(world).size();
  }

  /// Learns what has become known since; the first time all of it, as a pool's past.
  void follow(const Moment& moment) {
    const auto fresh = moment.known.subspan(learned_);
    if (learned_ == 0) {
      state_ = forecast::learn(fresh, context_);
    } else {
      forecast::advance(state_, fresh, context_);
    }
    learned_ = moment.known.size();
  }

  [[nodiscard]] const forecast::ForecastState& state() const { return state_; }
  [[nodiscard]] const forecast::Context& context() const { return context_; }

 private:
  forecast::Context context_;
  forecast::ForecastState state_;
  std::size_t learned_ = 0;
};

class EdgetidePolicy final : public Policy {
 public:
  EdgetidePolicy(const World& world, double confidence)
      : world_(world),
        pool_(world.pool),
        learner_(world, confidence),
        lead_minutes_(static_cast<int>(std::chrono::ceil<minutes>(world.lead).count())) {
    pool_.confidence = confidence;
    pool_.redundancy.confidence = std::min(pool_.redundancy.confidence, confidence);
    pool_.lead_time = world.lead;
    const auto begins = sizing::spread(pool_.replicas.min, model::domain_limits(pool_)).per_domain;
    for (std::size_t i = 0; i < pool_.domains.size(); ++i) {
      domains_.emplace_back(begins[i], lead_minutes_);
      observation_.domains.push_back(
          {.name = pool_.domains[i].name, .known = true, .spread = world.spread});
    }
  }

  Replicas decide(const Moment& moment) override {
    for (LeadTimeFleet& domain : domains_) domain.pass_minute();
    learner_.follow(moment);
    follow_step(moment);
    observe(moment);
    auto planned = planning::plan({.pool = pool_,
                                   .observation = observation_,
                                   .forecast_state = learner_.state(),
                                   .calendar = world_.calendar,
                                   .offsets = world_.offsets,
                                   .memory = std::exchange(memory_, {}),
                                   .review = kReview},
                                  moment.now);
    memory_ = std::move(planned.memory);
    act(planned.report.plan, moment.now);
    note_reasons(planned.report);
    return planned.report.plan.total_to();
  }

  [[nodiscard]] std::optional<Reasons> reasons() const override { return reasons_; }

 private:
  /// How often samples come is learned as it goes, too: anew whenever they have doubled.
  void follow_step(const Moment& moment) {
    if (moment.known.size() < 2 * step_known_from_) return;
    step_known_from_ = std::max<std::size_t>(1, moment.known.size());
    fresh_for_ = stands_for(moment.known) + world_.delay;
  }

  void observe(const Moment& moment) {
    observation_.demand.viewers = reading(moment);
    for (std::size_t i = 0; i < domains_.size(); ++i) {
      observation_.domains[i].specified = domains_[i].total();
      observation_.domains[i].ready = domains_[i].ready();
      observation_.domains[i].starting = domains_[i].starting();
      if (auto& spread = observation_.domains[i].spread)
        model::stand_evenly(*spread, domains_[i].ready(), domains_[i].starting());
    }
  }

  /// Fresh while the newest sample stands for the present, stale after that.
  [[nodiscard]] model::Reading reading(const Moment& moment) const {
    using model::Freshness;
    if (moment.known.empty()) return {.freshness = Freshness::kMissing, .detail = "nothing yet"};
    const model::DemandSample& newest = moment.known.back();
    const Seconds age = moment.now - newest.at;
    model::Reading reading{.freshness = age <= fresh_for_ ? Freshness::kFresh : Freshness::kStale,
                           .value = newest.viewers.count(),
                           .at = newest.at};
    if (!reading.fresh()) reading.detail = "the last sample is " + to_string(age) + " old";
    return reading;
  }

  /// What the first decision asks for is there from the beginning.
  void act(const model::ScalingPlan& plan, Instant now) {
    const bool first = now == world_.window.from;
    for (std::size_t i = 0; i < domains_.size(); ++i) {
      const auto& order = plan.domains[i];
      if (first) domains_[i] = LeadTimeFleet(order.to, lead_minutes_);
      if (order.from == order.to) continue;
      domains_[i].ask_for(order.to);
      planning::note_written(memory_, plan, i, now);
    }
  }

  void note_reasons(const model::PlanReport& report) {
    reasons_ = Reasons{.median = report.peak.median,
                       .quantile = report.peak.quantile,
                       .basis = report.sizing.basis};
    if (!report.verdicts.empty()) reasons_->limited_by = report.verdicts.back().reason;
    if (report.plan.total_from() != report.plan.total_to()) reasons_->verdicts = report.verdicts;
  }

  static constexpr Seconds kReview{60};  ///< Until the next decision: every minute has one.

  const World& world_;
  model::EdgePool pool_;
  Learner learner_;
  std::size_t step_known_from_ = 0;
  Seconds fresh_for_{0};
  int lead_minutes_;
  std::vector<LeadTimeFleet> domains_;
  model::Observation observation_;
  model::PlanMemory memory_;
  std::optional<Reasons> reasons_;
};

class ForecastPolicy final : public Policy {
 public:
  ForecastPolicy(const World& world, double confidence, int hold_minutes)
      : world_(world),
        learner_(world, confidence),
        confidence_(confidence),
        hold_minutes_(static_cast<std::size_t>(hold_minutes)) {}

  Replicas decide(const Moment& moment) override {
    learner_.follow(moment);
    const auto peak = forecast::window_peak(
        learner_.state(), {.now = moment.now, .length = world_.lead, .confidence = confidence_},
        learner_.context());
    reasons_ = Reasons{
        .median = peak.median, .quantile = peak.quantile, .basis = model::SizingBasis::kForecast};
    needs_.push_back(clairvoyant_replicas(world_.pool, peak.quantile));
    if (needs_.size() > hold_minutes_ + 1) needs_.pop_front();
    return *std::ranges::max_element(needs_);
  }

  [[nodiscard]] std::optional<Reasons> reasons() const override { return reasons_; }

 private:
  const World& world_;
  Learner learner_;
  double confidence_;
  std::size_t hold_minutes_;
  std::deque<Replicas> needs_;  ///< Of the last minutes, newest last.
  Reasons reasons_;
};

}  // namespace

forecast::ForecastState learn_past(const World& world) {
  return forecast::learn(known_before(world),
                         {world.calendar, world.offsets, world.pool.confidence});
}

std::unique_ptr<Policy> edgetide_policy(const World& world, double confidence) {
  return std::make_unique<EdgetidePolicy>(world, confidence);
}

std::unique_ptr<Policy> forecast_policy(const World& world, double confidence, int hold_minutes) {
  return std::make_unique<ForecastPolicy>(world, confidence, hold_minutes);
}

}  // namespace edgetide::backtest
