#include "cli/scenario_file.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "calendar/files.h"
#include "calendar/zones.h"
#include "cli/record_inputs.h"
#include "kube/pool_file.h"
#include "kube/validation.h"
#include "simulation/random.h"
#include "yaml/to_json.h"
#include "yaml/yaml.h"

namespace edgetide::cli {
namespace {

using kube::Fields;
using kube::TextKind;
using simulation::Fault;
using simulation::FaultKind;
using simulation::Match;
using simulation::Scenario;
using simulation::ZoneLoss;

constexpr kube::IntRange kMinutes{1, 1440};
/// More than any broadcast ever had.
constexpr kube::AmountRange kViewers{"0", "10G"};

/// What the document says, before the files that it names are read.
struct Written {
  std::string title;
  std::uint64_t seed = 1;
  Instant start;
  Seconds lasts{0};
  std::string pool;
  std::vector<std::string> calendars;
  std::string trace;  ///< In place of what follows.
  Viewers prime_time{0};
  Viewers past_events{0};
  std::vector<Match> matches;
  std::optional<ZoneLoss> zone_loss;
  std::vector<Fault> faults;
};

Instant read_moment(Fields& fields, std::string_view key) {
  const auto text = fields.required_text(key, TextKind::kMoment);
  if (!text) return {};
  const auto at = parse_instant(*text);
  if (!at) fields.add_problem(key, "'" + *text + "' is no moment such as 2026-12-05T20:00:00Z");
  return at.value_or(Instant{});
}

Seconds read_minutes(Fields& fields, std::string_view key) {
  return std::chrono::minutes{fields.required_integer(key, kMinutes).value_or(1)};
}

Viewers read_viewers(Fields& fields, std::string_view key) {
  const auto viewers = fields.quantity(key, kViewers);
  return Viewers{viewers ? viewers->number() : 0};
}

Match read_match(const json::Value& item, const std::string& path, kube::Findings& findings) {
  Fields fields(item, path, findings);
  Match match{.kick_off = read_moment(fields, "start"), .uplift = read_viewers(fields, "viewers")};
  match.extra_time =
      fields.choice<bool>("end", {{"NinetyMinutes", false}, {"ExtraTime", true}}).value_or(false);
  return match;
}

Fault read_fault(const json::Value& item, const std::string& path, kube::Findings& findings) {
  Fields fields(item, path, findings);
  Fault fault;
  const auto kind = fields.required_text("kind", TextKind::kFree);
  const auto known = std::ranges::find_if(simulation::kFaultKinds, [&](FaultKind one) {
    return kind && *kind == simulation::name_of(one);
  });
  if (known != simulation::kFaultKinds.end()) {
    fault.kind = *known;
  } else if (kind) {
    std::string names;
    for (const FaultKind one : simulation::kFaultKinds)
      names += (names.empty() ? "" : ", ") + std::string(simulation::name_of(one));
    fields.add_problem("kind", "'" + *kind + "' is none of " + names);
  }
  fault.from = read_moment(fields, "start");
  fault.lasts = read_minutes(fields, "durationMinutes");
  if (fault.kind == FaultKind::kSlowStarts)
    fault.by = static_cast<double>(fields.required_integer("times", {2, 100}).value_or(2));
  if (fault.kind == FaultKind::kClockAhead)
    fault.by = static_cast<double>(fields.required_integer("seconds", {-7200, 7200}).value_or(0));
  return fault;
}

Written read_spec(Fields& spec) {
  Written written;
  written.title = spec.required_text("title", TextKind::kFree).value_or("");
  written.seed = static_cast<std::uint64_t>(spec.integer("seed", {0, 1'000'000'000}).value_or(1));
  written.start = read_moment(spec, "start");
  written.lasts = read_minutes(spec, "durationMinutes");
  written.pool = spec.required_text("pool", TextKind::kFree).value_or("");
  if (spec.has("calendars")) {
    spec.list("calendars", {1, 16}, [&](const json::Value& item, const std::string& path) {
      if (item.is_string()) return written.calendars.push_back(item.get<std::string>());
      spec.findings().add(path, std::string(json::kind_text(item)) + " is no path of a file");
    });
  }
  Fields audience = spec.required_object("audience");
  if (audience.has("trace")) {
    written.trace = audience.required_text("trace", TextKind::kFree).value_or("");
    for (const char* made_up : {"primeTimeViewers", "pastEventViewers", "matches"}) {
      if (audience.has(made_up)) audience.add_problem(made_up, "has no place beside a trace");
    }
  }
  written.prime_time = read_viewers(audience, "primeTimeViewers");
  written.past_events = read_viewers(audience, "pastEventViewers");
  if (audience.has("matches")) {
    audience.list("matches", {1, 200}, [&](const json::Value& item, const std::string& path) {
      written.matches.push_back(read_match(item, path, audience.findings()));
    });
  }
  if (spec.has("zoneLost")) {
    Fields lost = spec.object("zoneLost");
    written.zone_loss =
        ZoneLoss{.at = read_moment(lost, "start"), .lasts = read_minutes(lost, "durationMinutes")};
  }
  if (spec.has("faults")) {
    spec.list("faults", {1, 50}, [&](const json::Value& item, const std::string& path) {
      written.faults.push_back(read_fault(item, path, spec.findings()));
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
  }
  if (findings.problems.empty()) return written;
  std::string all;
  for (const auto& problem : findings.problems) {
    const auto at = located.position_of(problem.path);
    all += (all.empty() ? "" : "\n") + path + ":" + std::to_string(at.line) + ":" +
           std::to_string(at.column) + ": " + problem.text();
  }
  return Error{.code = ErrorCode::kInvalid, .message = std::move(all)};
}

Result<model::EdgePool> read_pool(const std::string& path,
                                  const std::vector<std::string>& overrides) {
  static const kube::LocalTime local_time{
      .offsets = [](const std::string& zone) { return calendar::offsets_for(zone); },
      .moment = calendar::to_instant};
  auto pool = kube::read_lone_pool_file(path, overrides, &local_time);
  if (!pool.ok()) return pool.error();
  auto& capacity = pool->capacity;
  if (!capacity.viewers) {
    return wrong(path, "spec.capacity.viewers: required, since a scenario counts viewers");
  }
  capacity.egress.reset();
  capacity.requests.reset();
  capacity.connections.reset();
  capacity.handshakes.reset();
  pool->mode = model::Mode::kEnforce;
  return pool;
}

/// The recorded audience, which has to know all of the night.
Result<simulation::Audience> read_trace(const std::string& path, Instant from, Instant to) {
  const auto record = calendar::demand_from_file(path);
  if (!record.ok()) return record.error();
  const auto samples = record->samples();
  if (samples.empty() || samples.front().at > from || samples.back().at < to) {
    return wrong(path, "the night goes from " + to_string(from) + " to " + to_string(to) +
                           ", and the record " +
                           (samples.empty() ? "holds nothing"
                                            : "from " + to_string(samples.front().at) + " to " +
                                                  to_string(samples.back().at)));
  }
  return simulation::Audience(std::vector(samples.begin(), samples.end()));
}

/// The match that the night is about: the largest of those that are played within it.
Match main_match(const Written& written) {
  Match most{.kick_off = written.start, .uplift = Viewers{0}};
  for (const Match& match : written.matches) {
    const bool tonight =
        match.kick_off >= written.start && match.kick_off < written.start + written.lasts;
    if (tonight && match.uplift > most.uplift) most = match;
  }
  return most;
}

/// What was announced before the night was played: as a match each, of sizes that differ by some
/// 15 %, and up to two minutes late.
void play_the_past(Written& written, const model::EventCalendar& calendar, std::uint64_t seed) {
  constexpr std::uint64_t kPast = 41;
  if (written.past_events <= Viewers{0}) return;
  simulation::Random random(simulation::derived_seed(seed, kPast));
  for (const model::StreamEvent& event : calendar.events()) {
    const double size = std::max(.5, 1 + .15 * random.normal());
    const Seconds late{random.below(121)};
    if (event.start >= written.start) continue;
    written.matches.push_back(
        {.kick_off = event.start + late, .uplift = Viewers{written.past_events.count() * size}});
  }
}

}  // namespace

Result<Scenario> read_scenario_file(const std::string& path,
                                    const std::vector<std::string>& overrides,
                                    std::optional<std::uint64_t> seed) {
  auto written = read_document(path);
  if (!written.ok()) return written.error();
  const auto beside = [&](const std::string& file) {
    return (std::filesystem::path(path).parent_path() / file).string();
  };
  auto pool = read_pool(beside(written->pool), overrides);
  if (!pool.ok()) return pool.error();
  std::vector<std::string> calendars;
  for (const auto& file : written->calendars) calendars.push_back(beside(file));
  // As much of the past as an operator reads, and a day for what comes after the night.
  const Instant from = written->start - std::chrono::days{56};
  const Instant to = written->start + written->lasts;
  auto calendar = calendar::events_from_files(calendars, {from, to + std::chrono::days{1}});
  if (!calendar.ok()) return calendar.error();
  const std::uint64_t chance = seed.value_or(written->seed);
  const Match tonight = main_match(*written);
  play_the_past(*written, *calendar, chance);
  auto audience = written->trace.empty()
                      ? Result<simulation::Audience>(simulation::Audience{
                            chance, written->prime_time, std::move(written->matches)})
                      : read_trace(beside(written->trace), written->start, to);
  if (!audience.ok()) return audience.error();
  return Scenario{.title = written->title,
                  .seed = chance,
                  .from = written->start,
                  .to = to,
                  .pool = *std::move(pool),
                  .calendar = *std::move(calendar),
                  .audience = *std::move(audience),
                  .zone_loss = written->zone_loss,
                  .faults = std::move(written->faults),
                  .tonight = tonight};
}

}  // namespace edgetide::cli
