#include "telemetry/metrics.h"

#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/text_serializer.h>

#include <utility>

#include "edgetide/core/thrown.h"
#include "telemetry/pool_families.h"
#include "telemetry/process_metrics.h"
#include "telemetry/text_format.h"

namespace edgetide::telemetry {
namespace {

/// Upper bounds of how long a verb of a reconcile takes, in seconds.
const prometheus::Histogram::BucketBoundaries kVerbBuckets{1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1, 10};

prometheus::Family<prometheus::Gauge>& gauge(prometheus::Registry& registry, const char* name,
                                             const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry);
}

/// One sample an object.
template <typename Value>
void write_objects(TextFormat& text, const FamilyHead& family, std::string_view label,
                   const std::map<ObjectKey, Value>& values) {
  text.begin(family);
  for (const auto& [object, value] : values) {
    const Label name_space{"namespace", object.name_space};
    text.sample({name_space}, {{label, object.name}}, static_cast<double>(value));
  }
}

void write_exceptions(TextFormat& text) {
  text.begin({"edgetide_exceptions_total",
              "Exceptions that ended a piece of work, by what it was; its thread goes on. Anything "
              "but 0 is a bug, or no memory or descriptor to be had.",
              FamilyHead::Type::kCounter});
  for (int i = 0; i <= static_cast<int>(kLastWork); ++i) {
    const auto work = static_cast<Work>(i);
    text.sample({{"work", to_string(work)}}, static_cast<double>(times_thrown(work)));
  }
}

}  // namespace

struct Metrics::OwnFamilies {
  explicit OwnFamilies(prometheus::Registry& r)
      : verbs(prometheus::BuildHistogram()
                  .Name("edgetide_reconcile_verb_duration_seconds")
                  .Help("Time that each step of a reconcile took.")
                  .Register(r)),
        store_healthy(gauge(r, "edgetide_store_healthy",
                            "1 while what is learned and decided is kept in --data-dir, 0 while "
                            "its disk fails; absent without the option.")),
        leader(gauge(r, "edgetide_leader", "1 while this replica acts, 0 while it stands by.")),
        build(gauge(r, "edgetide_build_info", "1, with the version as a label.")) {}

  prometheus::Family<prometheus::Histogram>& verbs;
  prometheus::Family<prometheus::Gauge>&store_healthy, &leader, &build;
};

Metrics::Metrics(std::string_view version)
    : registry_(std::make_shared<prometheus::Registry>()),
      families_(std::make_unique<OwnFamilies>(*registry_)) {
  families_->build.Add({{"version", std::string(version)}}).Set(1);
}

Metrics::~Metrics() = default;

void Metrics::publish(const model::EdgePool& pool, const model::PlanReport& report,
                      const ports::ActOutcome& outcome) {
  const std::lock_guard lock(mutex_);
  auto& facts = pools_[pool.key];
  facts = std::make_shared<const PoolFacts>(facts_of(pool, report, outcome, facts.get()));
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

void Metrics::set_spec_problems(std::map<ObjectKey, std::size_t> problems) {
  const std::lock_guard lock(mutex_);
  spec_problems_ = std::move(problems);
}

void Metrics::set_calendars_ready(std::map<ObjectKey, bool> ready) {
  const std::lock_guard lock(mutex_);
  calendars_ready_ = std::move(ready);
}

std::string Metrics::exposition() const {
  std::vector<std::shared_ptr<const PoolFacts>> pools;
  std::vector<ObjectKey> undecided;
  TextFormat text;
  {
    const std::lock_guard lock(mutex_);
    pools.reserve(pools_.size());
    for (const auto& [key, facts] : pools_) pools.push_back(facts);
    for (const auto& [key, problems] : spec_problems_)
      if (!pools_.contains(key)) undecided.push_back(key);
    write_objects(text,
                  {"edgetide_pool_spec_problems",
                   "What is wrong with the pool as it is written; 0 when nothing is. "
                   "There for every pool, also one that was never usable."},
                  "pool", spec_problems_);
    write_objects(text,
                  {"edgetide_event_calendar_ready",
                   "1 when the EventCalendar could be read when last looked at; at 0 its last good "
                   "copy holds."},
                  "calendar", calendars_ready_);
  }
  write_exceptions(text);
  write_process(text);
  write_pools(text, pools, undecided);
  return prometheus::TextSerializer().Serialize(registry_->Collect()) + text.take();
}

}  // namespace edgetide::telemetry
