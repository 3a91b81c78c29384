#include "cli/scenario_audience.h"

#include <chrono>
#include <utility>

#include "calendar/files.h"
#include "cli/record_inputs.h"

namespace edgetide::cli {
namespace {

using kube::Fields;
using kube::TextKind;
using simulation::Match;
using simulation::Premiere;
using simulation::PrimeTime;
using simulation::RetryStorm;

constexpr kube::IntRange kMinutes{1, 1440};
/// As long as a premiere takes to fill, and no longer than a night.
constexpr kube::IntRange kWorkMinutes{15, 720};
/// Nobody brings nothing; more than any broadcast ever had.
constexpr kube::AmountRange kViewers{"1", "10G"};
/// Of one viewer.
constexpr kube::AmountRange kBitrate{"1k", "1G"};
/// Of one viewer.
constexpr kube::AmountRange kConnections{"0.1", "100"};

Viewers read_viewers(Fields& fields, std::string_view key) {
  const auto viewers = fields.quantity(key, kViewers);
  return Viewers{viewers ? viewers->number() : 0};
}

/// Of what is nothing without them.
Viewers read_required_viewers(Fields& fields) {
  if (!fields.has("viewers")) fields.add_problem("viewers", "required");
  return read_viewers(fields, "viewers");
}

/// What begins after the night, or ends before a forecast learns anything, changes nothing.
void refuse_without_effect(Fields& fields, Instant begins, Instant ends,
                           const std::optional<Night>& night) {
  if (!night || begins == Instant{}) return;
  if (begins < night->to && ends > night->past_from()) return;
  fields.add_problem(
      "start", to_string(begins) + " is outside of the night: it is to begin before " +
                   to_string(night->to) + " and to end after " + to_string(night->past_from()) +
                   ", from when on the forecast learns");
}

Match read_match(const json::Value& item, const std::string& path, kube::Findings& findings,
                 const std::optional<Night>& night) {
  Fields fields(item, path, findings);
  Match match{.kick_off = read_moment(fields, "start"), .uplift = read_required_viewers(fields)};
  match.extra_time =
      fields.choice<bool>("end", {{"NinetyMinutes", false}, {"ExtraTime", true}}).value_or(false);
  refuse_without_effect(fields, match.kick_off, simulation::final_whistle(match), night);
  return match;
}

Premiere read_premiere(const json::Value& item, const std::string& path, kube::Findings& findings,
                       const std::optional<Night>& night) {
  Fields fields(item, path, findings);
  Premiere premiere{.start = read_moment(fields, "start"), .uplift = read_required_viewers(fields)};
  if (const auto minutes = fields.integer("durationMinutes", kWorkMinutes))
    premiere.duration = std::chrono::minutes{*minutes};
  refuse_without_effect(fields, premiere.start, premiere.end(), night);
  return premiere;
}

/// "20:15" as the time since midnight.
std::optional<Seconds> time_of_day(const std::string& text) {
  const auto at = parse_instant("1970-01-01T" + text + ":00Z");
  if (!at) return std::nullopt;
  return at->time_since_epoch();
}

/// On the way up or down as well.
bool touches(const PrimeTime& prime_time, const Night& night) {
  for (Instant at = night.from; at < night.to; at += std::chrono::minutes{1})
    if (simulation::prime_time_share(prime_time, at) > 0) return true;
  return false;
}

PrimeTime read_prime_time(Fields fields, const std::optional<Night>& night) {
  PrimeTime prime_time{.uplift = read_required_viewers(fields)};
  if (const auto minutes = fields.integer("durationMinutes", kWorkMinutes))
    prime_time.duration = std::chrono::minutes{*minutes};
  const kube::IntRange programmes{
      kWorkMinutes.min, std::chrono::floor<std::chrono::minutes>(prime_time.duration).count()};
  if (const auto minutes = fields.integer("programmeMinutes", programmes))
    prime_time.programme = std::chrono::minutes{*minutes};
  if (const auto text = fields.text("start", TextKind::kFree)) {
    const auto start = time_of_day(*text);
    if (!start) {
      fields.add_problem("start", "'" + *text + "' is no time of day such as 20:15");
      return prime_time;
    }
    prime_time.start = *start;
  }
  if (night && !touches(prime_time, *night))
    fields.add_problem("start", clock_text(Instant{prime_time.start}).substr(0, 5) + " for " +
                                    to_string(prime_time.duration) +
                                    " is outside of the night, every day: it is to be on between " +
                                    to_string(night->from) + " and " + to_string(night->to));
  return prime_time;
}

RetryStorm read_retry_storm(const json::Value& item, const std::string& path,
                            kube::Findings& findings, const std::optional<Night>& night) {
  Fields fields(item, path, findings);
  RetryStorm storm{.start = read_moment(fields, "start"),
                   .duration = read_minutes(fields, "durationMinutes")};
  if (const auto percent = fields.integer("percent", {1, 100}))
    storm.share = Ratio{static_cast<double>(*percent) / 100};
  if (const auto percent = fields.integer("sessionsPercent", {100, 500}))
    storm.times = static_cast<double>(*percent) / 100;
  refuse_without_effect(fields, storm.start, storm.back_at(), night);
  return storm;
}

simulation::ConnectionHabits read_connections(Fields fields) {
  simulation::ConnectionHabits habits;
  if (const auto open = fields.quantity("perViewer", kConnections)) habits.open = open->number();
  if (const auto opened = fields.quantity("handshakesPerArrival", kConnections))
    habits.per_arrival = opened->number();
  if (const auto minutes = fields.integer("stayMinutes", kMinutes))
    habits.stay = std::chrono::minutes{*minutes};
  return habits;
}

/// Each of a list that need not be there.
template <typename Item, typename Read>
std::vector<Item> read_list(Fields& audience, std::string_view key,
                            const std::optional<Night>& night, Read read) {
  std::vector<Item> items;
  if (!audience.has(key)) return items;
  audience.list(key, {1, 200}, [&](const json::Value& item, const std::string& path) {
    items.push_back(read(item, path, audience.findings(), night));
  });
  return items;
}

std::string span_text(Instant from, Instant to) { return to_string(from) + " to " + to_string(to); }

/// What lies between the gaps: "19:00 to 19:30 and 22:10 to 23:00" with their days; "nothing".
std::string recorded_text(const std::vector<simulation::Unrecorded>& gaps, const Night& night) {
  std::string text;
  const auto add = [&](Instant from, Instant to) {
    if (from < to) text += (text.empty() ? "" : ", ") + span_text(from, to);
  };
  Instant known_from = night.from;
  for (const auto& [from, to] : gaps) {
    add(known_from, from);
    known_from = to;
  }
  add(known_from, night.to);
  return text.empty() ? "nothing" : text + " alone";
}

}  // namespace

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

WrittenAudience read_audience(Fields& audience, const std::optional<Night>& night) {
  WrittenAudience written;
  if (audience.has("trace")) {
    written.trace = audience.required_text("trace", TextKind::kFree).value_or("");
    for (const char* made_up : {"primeTimeViewers", "pastEventViewers", "pastEvents", "matches",
                                "premieres", "primeTime", "retryStorms"}) {
      if (audience.has(made_up)) audience.add_problem(made_up, "has no place beside a trace");
    }
  }
  if (const auto bits = audience.quantity("bitsPerSecond", kBitrate))
    written.bitrate = BitsPerSecond{bits->number()};
  if (audience.has("connections"))
    written.connections = read_connections(audience.object("connections"));
  written.ordinary = read_viewers(audience, "primeTimeViewers");
  written.past_events = read_viewers(audience, "pastEventViewers");
  written.past_premieres =
      audience.choice<bool>("pastEvents", {{"Matches", false}, {"Premieres", true}})
          .value_or(false);
  auto& programme = written.programme;
  programme.matches = read_list<Match>(audience, "matches", night, read_match);
  programme.premieres = read_list<Premiere>(audience, "premieres", night, read_premiere);
  if (audience.has("primeTime"))
    programme.prime_time = read_prime_time(audience.object("primeTime"), night);
  programme.retry_storms = read_list<RetryStorm>(audience, "retryStorms", night, read_retry_storm);
  return written;
}

Result<simulation::Audience> read_trace(const std::string& path, const std::string& place,
                                        const Night& night) {
  const auto record = calendar::demand_from_file(path);
  if (!record.ok()) return record.error();
  const auto samples = record->samples();
  const auto refused = [&](const std::string& holds) {
    return wrong(place, "spec.audience.trace: the night goes from " +
                            span_text(night.from, night.to) + ", and the record " + path + holds);
  };
  if (samples.empty()) return refused(" holds nothing");
  if (samples.front().at > night.from || samples.back().at < night.to)
    return refused(" from " + span_text(samples.front().at, samples.back().at));
  simulation::Audience audience(std::vector(samples.begin(), samples.end()));
  const auto gaps = audience.unrecorded(night.from, night.to);
  Seconds unknown{0};
  for (const auto& [from, to] : gaps) unknown += to - from;
  if (2 * unknown > night.to - night.from)
    return refused(" has " + recorded_text(gaps, night) + " of it: at least half is wanted");
  return audience;
}

}  // namespace edgetide::cli
