#include "cli/backtest_inputs.h"

#include "calendar/zones.h"
#include "cli/record_inputs.h"
#include "kube/pool_file.h"

namespace edgetide::cli {
namespace {

using Kind = config::Option::Kind;

Result<model::EdgePool> read_pool(const config::Settings& settings,
                                  std::vector<std::string>& remarks) {
  static const kube::LocalTime local_time{
      .offsets = [](const std::string& zone) { return calendar::offsets_for(zone); },
      .moment = calendar::to_instant};
  const std::string path = settings.text("pool");
  auto pool = kube::read_lone_pool_file(path, settings.list("set"), &local_time);
  if (!pool.ok()) return pool.error();
  auto& capacity = pool->capacity;
  if (!capacity.viewers) {
    return wrong(path, "spec.capacity.viewers: required, since the series counts viewers");
  }
  if (capacity.egress || capacity.requests || capacity.connections || capacity.handshakes) {
    remarks.push_back("the pool is sized by viewers alone: the series tells of nothing else");
    capacity.egress.reset();
    capacity.requests.reset();
    capacity.connections.reset();
    capacity.handshakes.reset();
  }
  if (const auto lead = settings.duration("lead")) pool->lead_time = *lead;
  return pool;
}

}  // namespace

backtest::World BacktestInputs::world() const {
  return {.pool = pool,
          .samples = samples,
          .told = told,
          .calendar = calendar,
          .offsets = offsets,
          .window = window,
          .lead = pool.lead_time,
          .delay = delay};
}

std::vector<config::Option> backtest_input_options() {
  auto all = record_options();
  const std::vector<config::Option> own{
      {.name = "pool",
       .help = "The pool, YAML: an EdgePool, of which failureDomains, capacity and replicas are "
               "enough.",
       .value_name = "FILE"},
      {.name = "set",
       .help = "A field of the pool, stronger than the file: spec.forecast.confidencePercent=99.9.",
       .kind = Kind::kList,
       .value_name = "FIELD=VALUE"},
      {.name = "from",
       .help = "The first minute that is decided and scored; what is before it is history. The "
               "series' first without.",
       .value_name = "TIME"},
      {.name = "to",
       .help = "The minute before which it ends; after the series' last without.",
       .value_name = "TIME"},
      {.name = "lead",
       .help = "From asking for a replica until it serves; the pool's leadTime without.",
       .kind = Kind::kDuration,
       .value_name = "DURATION",
       .min = 1,
       .max = 7200},
      delay_option(),
      {.name = "off-air",
       .help = "Silence beyond this, up to a day, is told as zero viewers; without it a gap is "
               "unknown, and lowers nothing.",
       .kind = Kind::kDuration,
       .value_name = "DURATION",
       .min = 60,
       .max = 86'400},
      {.name = "policy",
       .help = "Who decides, NAME[:KNOB=VALUE] with commas between; --policy list shows all.",
       .value_name = "POLICIES",
       .default_value = "edgetide"},
  };
  all.insert(all.end(), own.begin(), own.end());
  return all;
}

Result<BacktestInputs> read_backtest_inputs(const config::Settings& settings,
                                            const Console& console) {
  if (settings.text("pool").empty()) return wrong("--pool", "required");
  BacktestInputs inputs;
  auto policies = backtest::parse_policies(settings.text("policy"));
  if (!policies.ok()) return wrong("--policy", policies.error().message);
  inputs.policies = *std::move(policies);
  auto pool = read_pool(settings, inputs.remarks);
  if (!pool.ok()) return pool.error();
  inputs.pool = *std::move(pool);
  const auto span = asked_span(settings);
  if (!span.ok()) return span.error();
  auto record = read_record(settings, *span, console);
  if (!record.ok()) return record.error();
  inputs.samples = std::move(record->samples);
  inputs.calendar = std::move(record->calendar);
  const auto window = window_of(settings, inputs.samples);
  if (!window.ok()) return window.error();
  inputs.window = *window;
  const auto offsets = calendar::offsets_for(inputs.pool.time_zone);
  if (!offsets.ok()) return offsets.error();
  inputs.offsets = *offsets;
  inputs.delay = *settings.duration("delay");
  const auto off_air = settings.duration("off-air");
  inputs.told = off_air ? backtest::with_nights_off_air(inputs.samples, *off_air) : inputs.samples;
  return inputs;
}

}  // namespace edgetide::cli
