#include "cli/scenario_file.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "calendar/files.h"
#include "cli/record_inputs.h"
#include "cli/scenario_audience.h"
#include "cli/scenario_faults.h"
#include "cli/scenario_pools.h"
#include "simulation/random.h"
#include "yaml/to_json.h"
#include "yaml/yaml.h"

namespace edgetide::cli {
namespace {

using kube::Fields;
using kube::TextKind;
using simulation::Fault;
using simulation::Match;
using simulation::Scenario;
using simulation::ZoneLoss;

/// A file that the document names, and the field that names it.
struct NamedFile {
  std::string field;
  std::string path;
};

std::string beside(const std::string& scenario, const std::string& file) {
  return (std::filesystem::path(scenario).parent_path() / file).string();
}

/// What the document says, before the files that it names are read.
struct Written {
  std::string title;
  std::uint64_t seed = 1;
  Instant start;
  Seconds lasts{0};
  WrittenPool pool;
  std::vector<WrittenPool> upstreams;  ///< The nearest first.
  std::vector<std::string> calendars;
  std::vector<NamedFile> files;  ///< All of them, as they are written.
  WrittenAudience audience;
  std::string trace_place;  ///< file:line:column
  std::optional<ZoneLoss> zone_loss;
  std::string zone_loss_place;  ///< file:line:column
  std::vector<Fault> faults;

  [[nodiscard]] Night night() const { return {.from = start, .to = start + lasts}; }
  [[nodiscard]] LivedLoads lived() const {
    return {.egress = !upstreams.empty(), .connections = audience.connections.has_value()};
  }
};

void read_calendars(Fields& spec, Written& written) {
  if (!spec.has("calendars")) return;
  spec.list("calendars", {1, 16}, [&](const json::Value& item, const std::string& path) {
    if (!item.is_string()) {
      spec.findings().add(path, std::string(json::kind_text(item)) + " is no path of a file");
      return;
    }
    written.calendars.push_back(item.get<std::string>());
    written.files.push_back({path, written.calendars.back()});
  });
}

/// Each by its path alone, or as an object with its nodes and zones.
void read_upstream_list(Fields& spec, Written& written) {
  if (!spec.has("upstreams")) return;
  spec.list("upstreams", {1, 16}, [&](const json::Value& item, const std::string& path) {
    WrittenPool& upstream = written.upstreams.emplace_back();
    if (item.is_string()) {
      upstream.path = item.get<std::string>();
      written.files.push_back({path, upstream.path});
      return;
    }
    Fields fields(item, path, spec.findings());
    upstream = read_written_pool(fields);
    written.files.push_back({fields.path("pool"), upstream.path});
  });
}

/// What is not there is told with its place, beside all else that is wrong.
void want_files(const Written& written, const std::string& scenario, kube::Findings& findings) {
  std::error_code problem;  // of a place that cannot be looked at whoever reads it tells
  for (const auto& [field, file] : written.files) {
    const std::string path = beside(scenario, file);
    if (!file.empty() && !std::filesystem::exists(path, problem) && !problem)
      findings.add(field, "'" + file + "': no such file" + (path == file ? "" : ": " + path));
  }
}

Written read_spec(Fields& spec) {
  Written written;
  written.title = spec.required_text("title", TextKind::kFree).value_or("");
  written.seed = static_cast<std::uint64_t>(spec.integer("seed", {0, 1'000'000'000}).value_or(1));
  const auto problems = spec.findings().problems.size();
  written.start = read_moment(spec, "start");
  written.lasts = read_minutes(spec, "durationMinutes");
  std::optional<Night> night;
  if (spec.findings().problems.size() == problems) night = written.night();
  written.pool = read_written_pool(spec);
  written.files.push_back({spec.path("pool"), written.pool.path});
  read_calendars(spec, written);
  read_upstream_list(spec, written);
  Fields audience = spec.required_object("audience");
  written.audience = read_audience(audience, night);
  written.files.push_back({audience.path("trace"), written.audience.trace});
  if (spec.has("zoneLost")) written.zone_loss = read_zone_loss(spec.object("zoneLost"), night);
  if (spec.has("faults")) {
    const LivedLoads lived = written.lived();
    spec.list("faults", {1, 50}, [&](const json::Value& item, const std::string& path) {
      written.faults.push_back(read_fault(item, path, spec.findings(), night, lived));
    });
  }
  return written;
}

Result<Written> read_document(const std::string& path) {
  const auto documents = yaml::load_file(path);
  if (!documents.ok()) return documents.error();
  if (documents->size() != 1) return wrong(path, "one document is wanted, of kind Scenario");
  const auto located = yaml::to_json(documents->front());
  kube::Findings findings{.refuse_unknown = true};
  Written written;
  {
    Fields document(located.value, "", findings);
    for (const auto& [key, wanted] :
         {std::pair{"apiVersion", "edgetide.io/v1alpha1"}, std::pair{"kind", "Scenario"}}) {
      const auto text = document.required_text(key, TextKind::kFree);
      if (text && *text != wanted)
        document.add_problem(key, "'" + *text + "' is not " + std::string(wanted));
    }
    Fields spec = document.required_object("spec");
    if (spec.present()) written = read_spec(spec);
    want_files(written, path, findings);
  }
  const auto place_of = [&](std::string_view field) {
    const auto at = located.position_of(field);
    return path + ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
  };
  written.trace_place = place_of("spec.audience.trace");
  written.zone_loss_place = place_of("spec.zoneLost");
  written.pool.zones_place = place_of(written.pool.zones_field);
  for (WrittenPool& upstream : written.upstreams)
    upstream.zones_place = place_of(upstream.zones_field);
  if (findings.problems.empty()) return written;
  std::string all;
  for (const auto& problem : findings.problems)
    all += (all.empty() ? "" : "\n") + place_of(problem.path) + ": " + problem.text();
  return Error{.code = ErrorCode::kInvalid, .message = std::move(all)};
}

/// From the recording that it names, or as it tells.
Result<simulation::Audience> read_or_made(WrittenAudience& written, std::uint64_t seed,
                                          const std::string& scenario, const std::string& place,
                                          const Night& night) {
  if (!written.trace.empty()) return read_trace(beside(scenario, written.trace), place, night);
  return simulation::Audience{seed, written.ordinary, std::move(written.programme)};
}

/// The match that the night is about: the largest of those that are played within it.
Match main_match(const Written& written) {
  Match most{.kick_off = written.start, .uplift = Viewers{0}};
  for (const Match& match : written.audience.programme.matches) {
    const bool tonight =
        match.kick_off >= written.start && match.kick_off < written.start + written.lasts;
    if (tonight && match.uplift > most.uplift) most = match;
  }
  return most;
}

/// When matches and premieres begin that the document tells of.
std::vector<Instant> written_beginnings(const simulation::Programme& programme) {
  std::vector<Instant> beginnings;
  for (const Match& match : programme.matches) beginnings.push_back(match.kick_off);
  for (const auto& premiere : programme.premieres) beginnings.push_back(premiere.start);
  return beginnings;
}

/// What was announced before the night was played, where the document does not tell how: as a match
/// each, up to two minutes late, or as a premiere, on the minute; of sizes that differ by some 15
/// %.
void play_the_past(Written& written, const model::EventCalendar& calendar, std::uint64_t seed) {
  constexpr std::uint64_t kPast = 41;
  auto& [bitrate, trace, ordinary, past_events, past_premieres, programme, opened] =
      written.audience;
  if (past_events <= Viewers{0}) return;
  simulation::Random random(simulation::derived_seed(seed, kPast));
  const auto written_ones = written_beginnings(programme);
  for (const model::StreamEvent& event : calendar.events()) {
    const double size = std::max(.5, 1 + .15 * random.normal());
    const Seconds late{random.below(121)};
    const bool is_written = std::ranges::any_of(written_ones, [&](Instant begins) {
      return begins >= event.ramp_start() && begins <= event.end();
    });
    if (event.start >= written.start || is_written) continue;
    const Viewers uplift{past_events.count() * size};
    if (past_premieres) {
      programme.premieres.push_back(
          {.start = event.start, .uplift = uplift, .duration = event.duration});
    } else {
      programme.matches.push_back({.kick_off = event.start + late, .uplift = uplift});
    }
  }
}

/// The first pool whose failure domains nobody knows; null when there is none.
const model::EdgePool* first_unknown(const model::EdgePool& nearest,
                                     const std::vector<model::EdgePool>& farther,
                                     const std::map<ObjectKey, simulation::Zones>& known) {
  const auto is_unknown = [&](const model::EdgePool& pool) {
    return !pool.topology_key.empty() && !known.contains(pool.key);
  };
  if (is_unknown(nearest)) return &nearest;
  const auto found = std::ranges::find_if(farther, is_unknown);
  return found == farther.end() ? nullptr : &*found;
}

}  // namespace

Result<Scenario> read_scenario_file(const std::string& path,
                                    const std::vector<std::string>& overrides,
                                    std::optional<std::uint64_t> seed,
                                    std::vector<std::string>& remarks) {
  auto written = read_document(path);
  if (!written.ok()) return written.error();
  written->pool.path = beside(path, written->pool.path);
  for (WrittenPool& upstream : written->upstreams) upstream.path = beside(path, upstream.path);
  const LivedLoads lived = written->lived();
  auto pool = read_nearest_pool(written->pool, overrides, lived, remarks);
  if (!pool.ok()) return pool.error();
  auto farther = read_upstreams(written->upstreams, *pool, written->pool.path, remarks);
  if (!farther.ok()) return farther.error();
  std::map<ObjectKey, simulation::NodeRoom> nodes;
  std::map<ObjectKey, simulation::Zones> zones;
  const auto take = [&](const WrittenPool& from, const ObjectKey& key) {
    if (from.nodes) nodes.emplace(key, *from.nodes);
    if (from.zones) zones.emplace(key, *from.zones);
  };
  take(written->pool, pool->key);
  for (std::size_t i = 0; i < farther->size(); ++i) take(written->upstreams[i], (*farther)[i].key);
  const auto* unknown = first_unknown(*pool, *farther, zones);
  if (unknown != nullptr && written->zone_loss)
    return wrong(written->zone_loss_place,
                 "spec.zoneLost: the scheduler spreads " + unknown->key.text() +
                     " (spec.topologyKey), and the scenario does not tell over how many zones: "
                     "give zones beside the pool, of which one can be lost");
  std::vector<std::string> calendars;
  for (const auto& file : written->calendars) calendars.push_back(beside(path, file));
  // The past, and a day for what comes after the night.
  const Instant to = written->night().to;
  auto calendar = calendar::events_from_files(
      calendars, {written->night().past_from(), to + std::chrono::days{1}});
  if (!calendar.ok()) return calendar.error();
  const std::uint64_t chance = seed.value_or(written->seed);
  const Match tonight = main_match(*written);
  play_the_past(*written, *calendar, chance);
  auto audience =
      read_or_made(written->audience, chance, path, written->trace_place, written->night());
  if (!audience.ok()) return audience.error();
  return Scenario{.title = written->title,
                  .seed = chance,
                  .from = written->start,
                  .to = to,
                  .pool = *std::move(pool),
                  .calendar = *std::move(calendar),
                  .audience = *std::move(audience),
                  .bitrate = written->audience.bitrate,
                  .connections = written->audience.connections,
                  .farther = *std::move(farther),
                  .nodes = std::move(nodes),
                  .zones = std::move(zones),
                  .zone_loss = written->zone_loss,
                  .faults = std::move(written->faults),
                  .tonight = tonight};
}

}  // namespace edgetide::cli
