#include "telemetry/pool_families.h"

#include <optional>
#include <string>

namespace edgetide::telemetry {
namespace {

using model::Forecaster;
using enum FamilyHead::Type;
using Domain = PoolFacts::Domain;
using Ahead = PoolFacts::Ahead;

/// Tells one family's samples of one pool.
class Samples {
 public:
  Samples(TextFormat& text, const ObjectKey& pool) : text_(text), pool_(pool) {}

  void add(double value) { add({}, value); }
  /// `more` in order of name.
  void add(std::initializer_list<Label> more, double value) {
    text_.sample({{"namespace", pool_.name_space}, {"pool", pool_.name}}, more, value);
  }

 private:
  TextFormat& text_;
  const ObjectKey& pool_;
};

struct PoolFamily {
  FamilyHead head;
  void (*tell)(const PoolFacts& facts, Samples& samples);
  bool before_a_decision = false;
};

/// The one sample whose value is `Value` of the pool's facts; none when that is nothing.
template <auto Value>
void tell_one(const PoolFacts& facts, Samples& samples) {
  if (const std::optional<double> value = Value(facts)) samples.add(*value);
}

void tell_counts(const std::map<std::string_view, std::uint64_t>& counts, std::string_view label,
                 Samples& samples) {
  for (const auto& [value, times] : counts)
    samples.add({{label, value}}, static_cast<double>(times));
}

template <auto Domain::*Part>
void tell_known(const PoolFacts& facts, Samples& samples) {
  for (const Domain& domain : facts.domains) {
    if (domain.*Part)
      samples.add({{"failure_domain", domain.name}}, static_cast<double>((domain.*Part)->count()));
  }
}

void tell_shortfall(const PoolFacts& facts, Samples& samples) {
  samples.add({{"cause", facts.shortfall_cause}}, facts.shortfall.count());
}

/// By cause; none where `Value` is nothing.
template <auto Value>
void tell_ahead(const PoolFacts& facts, Samples& samples) {
  for (const auto& ahead : facts.ahead) {
    if (const std::optional<double> value = Value(ahead))
      samples.add({{"cause", ahead.cause}}, *value);
  }
}

template <auto model::ForecastAccuracy::*Part>
void tell_accuracy(const PoolFacts& facts, Samples& samples) {
  for (const auto& record : facts.accuracy) {
    samples.add({{"forecaster", model::to_string(record.forecaster)},
                 {"window_seconds", std::to_string(record.window.count())}},
                (record.*Part).count());
  }
}

void tell_outweighed(const PoolFacts& facts, Samples& samples) {
  for (const auto naive : {Forecaster::kSeasonal, Forecaster::kReaction}) {
    samples.add({{"forecaster", model::to_string(naive)}}, facts.outweighed_by == naive ? 1 : 0);
  }
}

void tell_conditions(const PoolFacts& facts, Samples& samples) {
  using enum model::ConditionStatus;
  for (const auto& [type, held] : facts.conditions) {
    for (const auto status : {kTrue, kFalse, kUnknown}) {
      samples.add({{"status", model::to_string(status)}, {"type", type}}, held == status ? 1 : 0);
    }
  }
}

/// One sample for each thing that is fetched for.
template <auto Facts>
void tell_drawn(const PoolFacts& facts, Samples& samples) {
  const std::optional<model::DrawnLoad>& load = facts.*Facts;
  if (!load) return;
  samples.add({{"for", "cold_caches"}}, load->for_cold_caches.count());
  samples.add({{"for", "live"}}, load->for_live.count());
  samples.add({{"for", "viewers"}}, load->for_viewers.count());
}

/// One sample for each of both fleets.
template <auto Part>
void tell_dry_run(const PoolFacts& facts, Samples& samples) {
  if (!facts.dry_run) return;
  samples.add({{"fleet", "planned"}}, Part(facts.dry_run->planned));
  samples.add({{"fleet", "standing"}}, Part(facts.dry_run->standing));
}

using Facts = PoolFacts;
using model::FleetUse;
using Value = std::optional<double>;

double seconds(Instant at) { return static_cast<double>(at.time_since_epoch().count()); }

constexpr PoolFamily kFamilies[] = {
    {{"edgetide_pool_demand_viewers", "Viewers as last read."},
     tell_one<[](const Facts& f) { return f.demand ? Value(f.demand->viewers) : Value(); }>},
    {{"edgetide_pool_demand_timestamp_seconds", "When that number of viewers was true."},
     tell_one<[](const Facts& f) { return f.demand ? Value(seconds(f.demand->at)) : Value(); }>},
    {{"edgetide_pool_demand_fresh", "1 while the viewers are known and young enough to act on."},
     tell_one<[](const Facts& f) { return f.demand_is_fresh; }>},
    {{"edgetide_pool_forecast_peak_viewers",
      "Highest demand within the decision's window, at the confidence asked for."},
     tell_one<[](const Facts& f) { return f.peak ? Value(f.peak->quantile) : Value(); }>},
    {{"edgetide_pool_forecast_median_viewers",
      "Highest demand within the decision's window, as likely above as below."},
     tell_one<[](const Facts& f) { return f.peak ? Value(f.peak->median) : Value(); }>},
    {{"edgetide_pool_desired_replicas", "Replicas that the plan asks for."},
     tell_known<&Domain::desired>},
    {{"edgetide_pool_specified_replicas", "Replicas that the target asks for."},
     tell_known<&Domain::specified>},
    {{"edgetide_pool_ready_replicas", "Replicas that serve."}, tell_known<&Domain::ready>},
    {{"edgetide_pool_starting_replicas", "Replicas that were ordered and do not serve yet."},
     tell_known<&Domain::starting>},
    {{"edgetide_pool_start_seconds",
      "From creation to Ready: the 95th percentile of the domain's last "
      "50 starts; no series while fewer than ten have been seen."},
     tell_known<&Domain::start_time>},
    {{"edgetide_pool_lead_time_seconds",
      "From decision to serving, as planned with: declared, or measured "
      "once every domain has been."},
     tell_one<[](const Facts& f) { return f.lead_time.count(); }>},
    {{"edgetide_pool_spare_viewers",
      "Viewers that the domain could still take in beyond its reserve."},
     tell_known<&Domain::spare>},
    {{"edgetide_pool_reserve_missing_replicas",
      "Ready replicas that the domain lacks of its part of the reserve; 0 "
      "when none."},
     tell_known<&Domain::reserve_missing>},
    {{"edgetide_capacity_shortfall_replicas",
      "Replicas that are needed and do not serve or cannot be had, and why; 0 and no cause when "
      "none."},
     tell_shortfall},
    {{"edgetide_capacity_shortfall_ahead_replicas",
      "Replicas that will be missing within two days, at the most; no "
      "series while none will, or while nothing is known of the days "
      "ahead: edgetide_pool_condition of CapacityShortfallAhead tells the "
      "two apart."},
     tell_ahead<[](const Ahead& ahead) { return ahead.missing.count(); }>},
    {{"edgetide_capacity_shortfall_ahead_viewers",
      "Viewers more than what can be had carries, at that time."},
     tell_ahead<[](const Ahead& ahead) { return ahead.viewers.count(); }>},
    {{"edgetide_capacity_shortfall_ahead_bits_per_second",
      "Egress of these viewers; no series without a capacity and a fresh "
      "reading of it."},
     tell_ahead<[](const Ahead& ahead) {
       return ahead.egress ? Value(ahead.egress->count()) : Value();
     }>},
    {{"edgetide_capacity_shortfall_ahead_start_timestamp_seconds",
      "From when on replicas will be missing."},
     tell_ahead<[](const Ahead& ahead) { return seconds(ahead.start); }>},
    {{"edgetide_capacity_shortfall_ahead_peak_timestamp_seconds",
      "When the most replicas will be missing."},
     tell_ahead<[](const Ahead& ahead) { return seconds(ahead.peak); }>},
    {{"edgetide_capacity_shortfall_ahead_end_timestamp_seconds",
      "Until when replicas will be missing, the last time within two "
      "days."},
     tell_ahead<[](const Ahead& ahead) { return seconds(ahead.end); }>},
    {{"edgetide_capacity_shortfall_ahead_act_by_timestamp_seconds",
      "Until when acting still spares all of it."},
     tell_ahead<[](const Ahead& ahead) { return seconds(ahead.act_by); }>},
    {{"edgetide_pool_condition",
      "1 for the status that the condition has: True, False or Unknown."},
     tell_conditions},
    {{"edgetide_pool_enforced",
      "1 while the pool's decisions are carried out, 0 in DryRun, where they are told alone."},
     tell_one<[](const Facts& f) { return f.enforced; }>},
    {{"edgetide_pool_contended", "1 while somebody else keeps lowering the pool's targets."},
     tell_one<[](const Facts& f) { return f.contended; }>},
    {{"edgetide_pool_mass_change",
      "1 while many pools of the source want less at once, or lately did, "
      "and every one of them keeps what was wanted within ten minutes."},
     tell_one<[](const Facts& f) { return f.mass_change; }>},
    {{"edgetide_pool_demand_doubted",
      "1 while the viewers have fallen faster than any audience leaves, in an event that goes on, "
      "and those who were there before are believed to be there."},
     tell_one<[](const Facts& f) { return f.demand_doubted; }>},
    {{"edgetide_pool_paused", "1 while a person has paused the pool."},
     tell_one<[](const Facts& f) { return f.pause_end.has_value(); }>},
    {{"edgetide_pool_pause_end_timestamp_seconds",
      "When the pause ends; no series while there is none."},
     tell_one<[](const Facts& f) { return f.pause_end ? Value(seconds(*f.pause_end)) : Value(); }>},
    {{"edgetide_dry_run_judged_seconds_total",
      "Time of a dry run in which demand and every Ready replica were "
      "known; only such time is judged.",
      kCounter},
     tell_one<[](const Facts& f) {
       return f.dry_run ? Value(f.dry_run->judged.count()) : Value();
     }>},
    {{"edgetide_dry_run_replica_seconds_total",
      "Replicas ordered, serving or not, times seconds: as planned, had "
      "every decision been carried out, and as they stood.",
      kCounter},
     tell_dry_run<[](const FleetUse& use) { return use.replica_seconds; }>},
    {{"edgetide_dry_run_short_seconds_total",
      "Time with demand above what Ready replicas carry when fully used, "
      "as planned and as they stood.",
      kCounter},
     tell_dry_run<[](const FleetUse& use) { return static_cast<double>(use.short_for.count()); }>},
    {{"edgetide_dry_run_short_viewer_seconds_total",
      "Viewers above that times seconds, as planned and as they stood.", kCounter},
     tell_dry_run<[](const FleetUse& use) { return use.short_viewer_seconds; }>},
    {{"edgetide_pool_confidence_ratio",
      "The confidence asked for of the highest demand in the decision's "
      "window: spec.forecast.confidencePercent / 100."},
     tell_one<[](const Facts& f) { return f.confidence; }>},
    {{"edgetide_pool_redundancy_confidence_ratio",
      "Coverage asked for of the highest demand that is left to carry after a loss."},
     tell_one<[](const Facts& f) { return f.confidence_after_loss; }>},
    {{"edgetide_pool_viewer_bits_per_second",
      "Egress of one viewer while the network is not congested; no series while that is not "
      "known."},
     tell_one<[](const Facts& f) { return f.bitrate ? Value(f.bitrate->count()) : Value(); }>},
    {{"edgetide_pool_draws_bits_per_second",
      "What the pool will fetch from its upstream by its plan."},
     tell_drawn<&PoolFacts::draws>},
    {{"edgetide_pool_drawn_bits_per_second",
      "What the pools that draw from this one will fetch by their plans."},
     tell_drawn<&PoolFacts::drawn>},
    {{"edgetide_forecast_coverage_ratio",
      "Share of windows, over about a week, whose highest demand stayed "
      "within what was forecast for it at the confidence asked for; to be "
      "compared with that."},
     tell_accuracy<&model::ForecastAccuracy::coverage>},
    {{"edgetide_forecast_pinball_loss_viewers",
      "Mean pinball loss at the confidence asked for, over about a day; lower is better."},
     tell_accuracy<&model::ForecastAccuracy::pinball>},
    {{"edgetide_forecast_outweighed",
      "1 while last week's demand (Seasonal) or that of the moment "
      "(Reaction) has done better for a day and has the larger say."},
     tell_outweighed},
    {{"edgetide_pool_judged_seconds_total",
      "Time in which demand and every Ready replica were known.", kCounter},
     tell_one<[](const Facts& f) { return f.judged.count(); }>},
    {{"edgetide_pool_short_seconds_total",
      "Time of it in which demand was above what Ready replicas carry "
      "when fully used.",
      kCounter},
     tell_one<[](const Facts& f) { return f.short_for.count(); }>},
    {{"edgetide_decisions_total", "Plans made, by action.", kCounter},
     [](const Facts& facts, Samples& out) { tell_counts(facts.decisions, "action", out); },
     true},
    {{"edgetide_scale_writes_total", "Writes to scale targets, by result.", kCounter},
     [](const Facts& facts, Samples& out) { tell_counts(facts.writes, "result", out); },
     true},
    {{"edgetide_plan_violations_total",
      "Plans that broke a promise and were replaced by holding: a bug.", kCounter},
     tell_one<[](const Facts& f) { return f.violations; }>,
     true},
};

}  // namespace

void write_pools(TextFormat& text, const std::vector<std::shared_ptr<const PoolFacts>>& pools,
                 const std::vector<ObjectKey>& undecided) {
  for (const PoolFamily& family : kFamilies) {
    text.begin(family.head);
    for (const auto& facts : pools) {
      Samples samples(text, facts->pool);
      family.tell(*facts, samples);
    }
    if (!family.before_a_decision) continue;
    for (const ObjectKey& pool : undecided) {
      Samples samples(text, pool);
      family.tell(PoolFacts{.pool = pool}, samples);
    }
  }
}

}  // namespace edgetide::telemetry
