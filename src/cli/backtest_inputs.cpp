#include "cli/backtest_inputs.h"

#include <algorithm>
#include <chrono>
#include <filesystem>

#include "calendar/zones.h"
#include "cli/record_inputs.h"
#include "cli/zones_option.h"
#include "kube/pool_file.h"

namespace edgetide::cli {
namespace {

using Kind = config::Option::Kind;

/// Sizes the pool by what a series of viewers tells: their number, and by the bitrate of each their
/// egress.
Result<void> size_by_viewers(BacktestInputs& inputs, std::optional<BitsPerSecond> bitrate,
                             const std::string& path) {
  auto& capacity = inputs.pool.capacity;
  if (bitrate && !capacity.egress)
    return wrong("--bitrate",
                 path + " has no spec.capacity.egressBitsPerSecond to hold it against");
  if (!capacity.viewers && !bitrate)
    return wrong(path,
                 "spec.capacity.viewers: required, since the series counts viewers; or --bitrate "
                 "with spec.capacity.egressBitsPerSecond");
  std::string unsized;
  const auto leave_out = [&](auto& of_one, model::Resource resource) {
    if (!of_one) return;
    unsized += (unsized.empty() ? "" : ", ") + std::string(model::to_string(resource));
    of_one.reset();
  };
  inputs.bitrate = bitrate;
  if (bitrate) {
    const Viewers carried{capacity.egress->count() / bitrate->count()};
    if (!capacity.viewers || carried < *capacity.viewers) {
      capacity.viewers = carried;
      inputs.sized_by = model::Resource::kEgress;
    }
    capacity.egress.reset();
  }
  const bool by_bitrate = capacity.egress.has_value();
  leave_out(capacity.egress, model::Resource::kEgress);
  leave_out(capacity.requests, model::Resource::kRequests);
  leave_out(capacity.connections, model::Resource::kConnections);
  leave_out(capacity.handshakes, model::Resource::kHandshakes);
  if (!unsized.empty())
    inputs.remarks.push_back(
        "not sized by " + unsized + ", of which the series does not tell" +
        (by_bitrate ? "; --bitrate says what a viewer takes of the egress" : ""));
  return {};
}

Result<void> read_pool(const config::Settings& settings, BacktestInputs& inputs) {
  static const kube::LocalTime local_time{
      .offsets = [](const std::string& zone) { return calendar::offsets_for(zone); },
      .moment = calendar::to_instant};
  const std::string path = settings.text("pool");
  auto read = kube::read_lone_pool_file(path, settings.list("set"), &local_time);
  if (!read.ok()) return read.error();
  model::EdgePool& pool = inputs.pool = *std::move(read);
  const bool nameless =
      pool.key.name == kube::kNamelessPool && pool.key.name_space == kube::kNamelessNamespace;
  inputs.pool_text =
      nameless ? "the pool of " + std::filesystem::path(path).filename().string() : pool.key.text();
  const auto bitrate = bitrate_of(settings);
  if (!bitrate.ok()) return bitrate.error();
  if (auto sized = size_by_viewers(inputs, *bitrate, path); !sized.ok()) return sized;
  auto spread = spread_of(settings, {pool});
  if (!spread.ok()) return spread.error();
  inputs.spread = *std::move(spread);
  const bool unknown = !pool.topology_key.empty() && !inputs.spread;
  if (unknown && pool.redundancy.survive != model::Survive::kNone) {
    inputs.remarks.push_back(
        "the scheduler spreads the pool (spec.topologyKey), and a recording does not tell where: "
        "no "
        "reserve for the loss of a failure domain is kept or scored; --zones says over how many");
    pool.redundancy.survive = model::Survive::kNone;
  }
  if (const auto lead = settings.duration("lead")) pool.lead_time = *lead;
  return {};
}

/// What the peer `schedule` lacks of the two weeks that its sizes are written by.
void remark_on_schedule(BacktestInputs& inputs) {
  const auto is_schedule = [](const backtest::PolicyChoice& choice) {
    return choice.kind->name == "schedule";
  };
  if (std::ranges::none_of(inputs.policies, is_schedule) || inputs.samples.empty()) return;
  const Seconds known = inputs.window.from - inputs.samples.front().at;
  if (known >= std::chrono::weeks{2}) return;
  inputs.remarks.push_back("schedule writes its sizes by the two weeks before --from, of which " +
                           (known > Seconds{0}
                                ? to_string(known) + " are recorded: its result says little"
                                : "nothing is recorded: it stands at what the first minute needs") +
                           "; a --from two weeks into the recording would be fair");
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
          .delay = delay,
          .spread = spread};
}

std::vector<config::Option> backtest_input_options() {
  auto all = record_options();
  const std::vector<config::Option> own{
      {.name = "pool",
       .help = "The pool, YAML: an EdgePool, of which failureDomains, capacity and replicas are "
               "enough.",
       .value_name = "FILE"},
      {.name = "bitrate",
       .help = "Bits per second that a viewer takes, such as 4.2M: sizes the pool by "
               "capacity.egressBitsPerSecond as well.",
       .value_name = "RATE"},
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
  std::ranges::move(zones_options(), std::back_inserter(all));
  return all;
}

Result<BacktestInputs> read_backtest_inputs(const config::Settings& settings,
                                            const Console& console) {
  if (settings.text("pool").empty()) return wrong("--pool", "required");
  BacktestInputs inputs;
  auto policies = backtest::parse_policies(settings.text("policy"));
  if (!policies.ok()) return wrong("--policy", policies.error().message);
  inputs.policies = *std::move(policies);
  if (const auto read = read_pool(settings, inputs); !read.ok()) return read.error();
  const auto span = asked_span(settings);
  if (!span.ok()) return span.error();
  auto record = read_record(settings, *span, console);
  if (!record.ok()) return record.error();
  inputs.samples = std::move(record->samples);
  inputs.calendar = std::move(record->calendar);
  const auto window = window_of(settings, inputs.samples);
  if (!window.ok()) return window.error();
  inputs.window = *window;
  if (const auto remark = remark_on_calendar(settings, inputs.calendar,
                                             {inputs.samples.front().at, inputs.window.to});
      !remark.empty())
    inputs.remarks.push_back(remark);
  remark_on_schedule(inputs);
  const auto offsets = calendar::offsets_for(inputs.pool.time_zone);
  if (!offsets.ok()) return offsets.error();
  inputs.offsets = *offsets;
  inputs.delay = *settings.duration("delay");
  const auto off_air = settings.duration("off-air");
  inputs.told = off_air ? backtest::with_nights_off_air(inputs.samples, *off_air) : inputs.samples;
  return inputs;
}

}  // namespace edgetide::cli
