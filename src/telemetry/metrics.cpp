#include "telemetry/metrics.h"

#include <prometheus/text_serializer.h>

#include <functional>
#include <set>
#include <utility>

#include "telemetry/metric_families.h"
#include "telemetry/object_gauges.h"

namespace edgetide::telemetry {
namespace {

using prometheus::Counter;
using prometheus::Family;
using prometheus::Labels;
using prometheus::Registry;

}  // namespace

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
