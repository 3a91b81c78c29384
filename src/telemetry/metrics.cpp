#include "telemetry/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/text_serializer.h>

#include <functional>
#include <set>
#include <utility>

#include "telemetry/builders.h"
#include "telemetry/object_gauges.h"

namespace edgetide::telemetry {
namespace {

using prometheus::Counter;
using prometheus::Family;
using prometheus::Gauge;
using prometheus::Histogram;
using prometheus::Labels;
using prometheus::Registry;

}  // namespace

struct Metrics::Families {
  explicit Families(Registry& r)
      : demand(gauge(r, "edgetide_pool_demand_viewers", "Viewers as last read.")),
        demand_time(gauge(r, "edgetide_pool_demand_timestamp_seconds",
                          "When the last read number of viewers was true.")),
        demand_fresh(gauge(r, "edgetide_pool_demand_fresh",
                           "1 while the viewers are known and young enough to act on.")),
        peak(gauge(r, "edgetide_pool_forecast_peak_viewers",
                   "Highest demand within the decision's window, at the confidence asked for.")),
        median(gauge(r, "edgetide_pool_forecast_median_viewers",
                     "Highest demand within the decision's window, as likely above as below.")),
        desired(gauge(r, "edgetide_pool_desired_replicas", "Replicas that the plan asks for.")),
        specified(
            gauge(r, "edgetide_pool_specified_replicas", "Replicas that the target asks for.")),
        ready(gauge(r, "edgetide_pool_ready_replicas", "Replicas that serve.")),
        starting(gauge(r, "edgetide_pool_starting_replicas",
                       "Replicas that were ordered and do not serve yet.")),
        spare(gauge(r, "edgetide_pool_spare_viewers",
                    "Viewers that the domain could still take in beyond its reserve.")),
        reserve_missing(gauge(r, "edgetide_pool_reserve_missing_replicas",
                              "Ready replicas that the domain lacks of its part of the reserve.")),
        shortfall(gauge(r, "edgetide_capacity_shortfall_replicas",
                        "Replicas that will be needed and cannot be had; 0 when none.")),
        condition(gauge(r, "edgetide_pool_condition",
                        "1 for the status that the condition has: True, False or Unknown.")),
        contended(gauge(r, "edgetide_pool_contended",
                        "1 while somebody else keeps lowering the pool's targets.")),
        mass_change(gauge(r, "edgetide_pool_mass_change",
                          "1 while many pools of the source want less at once, or lately did.")),
        confidence(gauge(r, "edgetide_pool_confidence_ratio",
                         "Coverage asked for of the highest demand in the decision's window.")),
        coverage(gauge(r, "edgetide_forecast_coverage_ratio",
                       "Share of windows, over about a week, whose highest demand stayed within "
                       "what was forecast at the confidence asked for.")),
        pinball(gauge(r, "edgetide_forecast_pinball_loss_viewers",
                      "Mean pinball loss at the confidence asked for, over about a day; lower is "
                      "better.")),
        outweighed(gauge(r, "edgetide_forecast_outweighed",
                         "1 while a naive forecaster has done better for a day and has the larger "
                         "say.")),
        judged(counter(r, "edgetide_pool_judged_seconds_total",
                       "Time in which demand and Ready replicas were known.")),
        short_for(counter(r, "edgetide_pool_short_seconds_total",
                          "Time of it in which demand was above what Ready replicas carry.")),
        decided(counter(r, "edgetide_decisions_total", "Plans made, by action.")),
        writes(counter(r, "edgetide_scale_writes_total", "Writes to scale targets, by result.")),
        violations(counter(r, "edgetide_plan_violations_total",
                           "Plans that broke a promise and were replaced by holding: a bug.")),
        verbs(prometheus::BuildHistogram()
                  .Name("edgetide_reconcile_verb_duration_seconds")
                  .Help("Time that each step of a reconcile took.")
                  .Register(r)),
        spec_problems(gauge(r, "edgetide_pool_spec_problems",
                            "What is wrong with the pool as it is written; 0 when nothing is.")),
        store_healthy(gauge(r, "edgetide_store_healthy",
                            "1 while what is learned and decided is kept on disk.")),
        calendar_ready(gauge(r, "edgetide_event_calendar_ready",
                             "1 when the EventCalendar could be read when last looked at; at 0 its "
                             "last good copy holds.")),
        leader(gauge(r, "edgetide_leader", "1 on the replica that acts.")),
        build(gauge(r, "edgetide_build_info", "1, with the version as a label.")) {}

  Family<Gauge>&demand, &demand_time, &demand_fresh, &peak, &median, &desired, &specified, &ready,
      &starting, &spare, &reserve_missing, &shortfall, &condition, &contended, &mass_change,
      &confidence, &coverage, &pinball, &outweighed;
  Family<Counter>&judged, &short_for, &decided, &writes, &violations;
  Family<Histogram>& verbs;
  Family<Gauge>&spec_problems, &store_healthy, &calendar_ready, &leader, &build;
};

/// The series of one pool, kept so that all of them can be removed.
struct Metrics::PoolSeries {
  PoolSeries(Families& families, const ObjectKey& pool)
      : f(families), labels{{"namespace", pool.name_space}, {"pool", pool.name}} {}
  PoolSeries(const PoolSeries&) = delete;
  PoolSeries& operator=(const PoolSeries&) = delete;
  ~PoolSeries() {
    for (const auto& [metric, remove_one] : removers) remove_one();
  }

  void set_demand(const model::Reading& viewers);
  void set_forecast(const model::WindowPeak& peak);
  void set_accuracy(const model::PlanReport& report);
  void set_confidence(double confidence) { series(f.confidence, labels).Set(confidence); }
  void set_domains(const model::PlanReport& report);
  void set_state(const model::PlanReport& report);
  void count(const model::PlanReport& report, const ports::ActOutcome& outcome);

 private:
  [[nodiscard]] Labels with(const char* name, std::string_view value) const {
    Labels more = labels;
    more.emplace(name, value);
    return more;
  }

  /// The family's series with these labels, made when it is new.
  template <typename Metric>
  Metric& series(Family<Metric>& family, const Labels& of) {
    Metric& metric = family.Add(of);
    removers.try_emplace(&metric, [&family, &metric] { family.Remove(&metric); });
    return metric;
  }

  template <typename Metric>
  void remove(Family<Metric>& family, const Labels& of) {
    if (!family.Has(of)) return;
    const auto remover = removers.find(&family.Add(of));
    remover->second();
    removers.erase(remover);
  }

  Families& f;
  Labels labels;
  std::set<std::string> domains;  ///< That have series.
  std::set<Labels> judged;        ///< Windows and forecasters that have.
  std::map<const void*, std::function<void()>> removers;
};

void Metrics::PoolSeries::set_demand(const model::Reading& viewers) {
  series(f.demand_fresh, labels).Set(viewers.fresh() ? 1 : 0);
  if (!viewers.has_value()) return remove(f.demand, labels);
  series(f.demand, labels).Set(viewers.value);
  series(f.demand_time, labels).Set(static_cast<double>(viewers.at.time_since_epoch().count()));
}

void Metrics::PoolSeries::set_forecast(const model::WindowPeak& peak) {
  if (peak.stage == model::ForecastStage::kNone) {
    remove(f.peak, labels);
    remove(f.median, labels);
    return;
  }
  series(f.peak, labels).Set(peak.quantile.count());
  series(f.median, labels).Set(peak.median.count());
}

void Metrics::PoolSeries::set_accuracy(const model::PlanReport& report) {
  auto gone = std::exchange(judged, {});
  for (const auto& record : report.accuracy) {
    Labels of = with("forecaster", model::to_string(record.forecaster));
    of.emplace("window_seconds", std::to_string(record.window.count()));
    series(f.coverage, of).Set(record.coverage.count());
    series(f.pinball, of).Set(record.pinball.count());
    gone.erase(of);
    judged.insert(std::move(of));
  }
  for (const Labels& of : gone) {
    for (auto* family : {&f.coverage, &f.pinball}) remove(*family, of);
  }
  for (const auto naive : {model::Forecaster::kSeasonal, model::Forecaster::kReaction}) {
    series(f.outweighed, with("forecaster", model::to_string(naive)))
        .Set(report.peak.outweighed_by == naive ? 1 : 0);
  }
}

void Metrics::PoolSeries::set_domains(const model::PlanReport& report) {
  auto gone = std::exchange(domains, {});
  for (const auto& domain : report.plan.domains) {
    gone.erase(domain.name);
    domains.insert(domain.name);
  }
  for (const std::string& name : gone) {
    for (auto* family :
         {&f.desired, &f.spare, &f.reserve_missing, &f.specified, &f.ready, &f.starting})
      remove(*family, with("failure_domain", name));
  }
  for (std::size_t i = 0; i < report.plan.domains.size(); ++i) {
    const auto& seen = report.observation.domains[i];
    const Labels domain = with("failure_domain", report.plan.domains[i].name);
    series(f.desired, domain).Set(report.plan.domains[i].to.count());
    if (i < report.spare_viewers.size()) {
      series(f.spare, domain).Set(report.spare_viewers[i].count());
    } else {
      remove(f.spare, domain);
    }
    if (i < report.reserve_missing.size()) {
      series(f.reserve_missing, domain).Set(report.reserve_missing[i].count());
    } else {
      remove(f.reserve_missing, domain);
    }
    if (!seen.known) {
      for (auto* family : {&f.specified, &f.ready, &f.starting}) remove(*family, domain);
      continue;
    }
    series(f.specified, domain).Set(seen.specified.count());
    series(f.ready, domain).Set(seen.ready.count());
    series(f.starting, domain).Set(seen.starting.count());
  }
}

void Metrics::PoolSeries::set_state(const model::PlanReport& report) {
  const auto& shortfall = report.shortfall;
  series(f.shortfall, labels)
      .Set(shortfall ? (shortfall->required - shortfall->granted).count() : 0);
  series(f.contended, labels).Set(report.contended ? 1 : 0);
  series(f.mass_change, labels).Set(report.mass_change ? 1 : 0);
  for (const auto& condition : report.conditions) {
    for (const auto status : {model::ConditionStatus::kTrue, model::ConditionStatus::kFalse,
                              model::ConditionStatus::kUnknown}) {
      Labels full = with("type", condition.type);
      full.emplace("status", model::to_string(status));
      series(f.condition, full).Set(condition.status == status ? 1 : 0);
    }
  }
}

void Metrics::PoolSeries::count(const model::PlanReport& report, const ports::ActOutcome& outcome) {
  const auto raise_to = [&](Family<Counter>& family, Seconds total) {
    Counter& counter = series(family, labels);
    counter.Increment(std::max(0.0, static_cast<double>(total.count()) - counter.Value()));
  };
  raise_to(f.judged, report.service.judged);
  raise_to(f.short_for, report.service.short_for);
  series(f.decided, with("action", model::to_string(report.plan.action))).Increment();
  series(f.violations, labels).Increment(static_cast<double>(report.violations.size()));
  for (const auto& write : outcome.writes) {
    const auto result = write.result.ok() ? "ok" : to_string(write.result.error().code);
    series(f.writes, with("result", result)).Increment();
  }
}

Metrics::Metrics(std::string_view version)
    : registry_(std::make_shared<Registry>()), families_(std::make_unique<Families>(*registry_)) {
  families_->build.Add({{"version", std::string(version)}}).Set(1);
}

Metrics::~Metrics() = default;

void Metrics::publish(const model::EdgePool& pool, const model::PlanReport& report,
                      const ports::ActOutcome& outcome) {
  const std::lock_guard lock(mutex_);
  auto& series = pools_[pool.key];
  if (!series) series = std::make_unique<PoolSeries>(*families_, pool.key);
  series->set_demand(report.observation.demand.viewers);
  series->set_forecast(report.peak);
  series->set_accuracy(report);
  series->set_confidence(pool.confidence);
  series->set_domains(report);
  series->set_state(report);
  series->count(report, outcome);
}

void Metrics::forget(const ObjectKey& pool) {
  const std::lock_guard lock(mutex_);
  pools_.erase(pool);
}

void Metrics::took(std::string_view verb, std::chrono::nanoseconds duration) {
  families_->verbs.Add({{"verb", std::string(verb)}}, kVerbBuckets)
      .Observe(std::chrono::duration<double>(duration).count());
}

void Metrics::set_leads(bool leads) { families_->leader.Add({}).Set(leads ? 1 : 0); }

void Metrics::set_store_healthy(bool healthy) {
  families_->store_healthy.Add({}).Set(healthy ? 1 : 0);
}

void Metrics::set_spec_problems(const std::map<ObjectKey, std::size_t>& problems) {
  const std::lock_guard lock(mutex_);
  set_all(families_->spec_problems, "pool", spec_problems_, problems);
}

void Metrics::set_calendars_ready(const std::map<ObjectKey, bool>& ready) {
  const std::lock_guard lock(mutex_);
  set_all(families_->calendar_ready, "calendar", calendars_ready_, ready);
}

std::string Metrics::exposition() const {
  const std::lock_guard lock(mutex_);
  return prometheus::TextSerializer().Serialize(registry_->Collect());
}

}  // namespace edgetide::telemetry
