#include <algorithm>
#include <chrono>
#include <ostream>

#include "app/system_clock.h"
#include "calendar/files.h"
#include "cli/ahead_output.h"
#include "cli/commands.h"
#include "cli/events_output.h"
#include "cli/looks.h"
#include "cli/output_option.h"
#include "cli/record_inputs.h"

namespace edgetide::cli {
namespace {

using Kind = config::Option::Kind;

constexpr std::chrono::days kAhead{28};
constexpr std::size_t kNext = 10;
/// Every year that a calendar may speak of.
const calendar::Span kEver{Instant{}, std::chrono::sys_days{std::chrono::year{2100} / 1 / 1}};

Error usage_error(std::string message) { return {ErrorCode::kInvalid, std::move(message)}; }

Result<calendar::Span> span_of(const config::Settings& settings) {
  const auto from = moment_of(settings, "from");
  if (!from.ok()) return from.error();
  const auto to = moment_of(settings, "to");
  if (!to.ok()) return to.error();
  const Instant first = from->value_or(app::SystemClock().now());
  const Instant last = to->value_or(first + kAhead);
  if (last < first) return usage_error("--to: " + to_string(last) + " is before --from");
  return calendar::Span{first, last};
}

/// Those that have not ended when the span begins.
Result<Events> events_in(const std::vector<std::string>& files, calendar::Span span) {
  constexpr std::chrono::days kLongest{31};
  const auto read = calendar::events_from_files(files, {span.from - kLongest, span.to});
  if (!read.ok()) return read.error();
  Events events;
  for (const auto& event : read->events()) {
    if (event.start <= span.to && std::max(event.start, event.end()) >= span.from)
      events.push_back(event);
  }
  return events;
}

/// Reads everything that there is, and says what it came to.
Exit validate(const std::vector<std::string>& files, const Console& console) {
  Exit worst = Exit::kOk;
  for (const std::string& file : files) {
    // A rule without an end is followed for as long as is looked at elsewhere.
    const Instant now = app::SystemClock().now();
    auto span = file.ends_with(".ics") ? calendar::Span{now - kAhead, now + kAhead} : kEver;
    const auto read = calendar::events_from_file(file, span);
    if (!read.ok()) {
      worst = std::max(worst, fail(console, read.error()));
      continue;
    }
    console.out << file << ": fine; "
                << (read->events().empty() ? "no event" : std::to_string(read->events().size()))
                << (file.ends_with(".ics") ? " within four weeks of now" : "") << '\n';
  }
  return worst;
}

/// What each event to come does to each pool of a cluster, or of -f.
Exit tell_effects(bool all, const config::Settings& settings, const Console& console) {
  if (settings.list("filename").empty() && !settings.text("at").empty())
    return fail(console, usage_error("--at needs pools from files: -f FILE"));
  const auto looks = take_looks(settings, {});
  if (!looks.ok()) return fail(console, looks.error());
  std::vector<PoolEffect> effects;
  bool all_foreseen = true;
  Instant now{};
  for (const auto& look : *looks) {
    now = look.report.at;
    if (const auto why = app::unforeseen(look); !why.empty()) {
      all_foreseen = false;
      console.err << "edgetide: " << look.pool.key.text() << ": nothing is foreseen: " << why
                  << '\n';
    }
    const auto to = moment_of(settings, "to");
    if (!to.ok()) return fail(console, to.error());
    const Seconds length = std::min<Seconds>(to->value_or(now + kAhead) - now, kAhead);
    for (auto& effect : app::event_effects(look, length))
      effects.push_back({look.pool.key, std::move(effect)});
  }
  std::ranges::stable_sort(effects, {},
                           [](const PoolEffect& one) { return one.effect.event.start; });
  if (!all && effects.size() > kNext) effects.resize(kNext);
  if (effects.empty() && all_foreseen)
    console.err << "edgetide: no events are announced to these pools\n";
  const std::string format = settings.text("output");
  if (!effects.empty() || format != "text") console.out << print_effects(effects, format, now);
  return Exit::kOk;
}

Exit run(const config::Settings& settings, const Console& console) {
  auto files = settings.arguments();
  const std::string what = files.empty() ? "" : files.front();
  if (what != "list" && what != "next" && what != "validate" && what != "import")
    return fail(console, usage_error("'" + what + "' is none of list, next, validate, import"));
  files.erase(files.begin());
  if (files.empty() && (what == "list" || what == "next"))
    return tell_effects(what == "list", settings, console);
  if (files.empty()) return fail(console, usage_error(what + " needs FILEs"));
  if (what == "validate") return validate(files, console);
  const auto span = span_of(settings);
  if (!span.ok()) return fail(console, span.error());
  auto events = events_in(files, *span);
  if (!events.ok()) return fail(console, events.error());
  std::string format = settings.text("output");
  if (what == "import") {
    if (format == "csv")
      return fail(console, usage_error("--output: import prints manifests, yaml or json"));
    const auto text = print_manifests(*events, settings.text("target-namespace"),
                                      settings.list("pools"), format == "text" ? "yaml" : format);
    if (!text.ok()) return fail(console, text.error());
    console.out << *text;
    return Exit::kOk;
  }
  if (what == "next" && events->size() > kNext) events->resize(kNext);
  console.out << print_events(*events, format);
  if (events->empty()) console.err << "edgetide: no events between --from and --to\n";
  return Exit::kOk;
}

std::vector<config::Option> options() {
  auto all = look_options();
  const std::vector<config::Option> own{
      {.name = "from",
       .help = "Events that have not ended by then; now without.",
       .value_name = "TIME"},
      {.name = "to",
       .help = "Events that start by then; four weeks after --from without.",
       .value_name = "TIME"},
      {.name = "pools",
       .help = "import: labels of the pools that carry the events; every pool of the namespace "
               "without.",
       .kind = Kind::kList,
       .value_name = "LABEL=VALUE"},
      {.name = "target-namespace",
       .help = "import: namespace of the StreamEvents; kubectl's without.",
       .value_name = "NAME"},
      output_option({"text", "json", "yaml", "csv"}, "How to print; import prints yaml for text.")};
  all.insert(all.end(), own.begin(), own.end());
  return all;
}

}  // namespace

Command events_command() {
  return {
      .name = "events",
      .summary = "what events will do; list, check and convert calendars",
      .usage = "events next|list [options] | list|next|validate|import FILE... [options]",
      .about =
          "Without FILEs tells what each event to come will do to each pool that it is announced "
          "to, in viewers\nand replicas: without it, with it, and up to how many. "
          "With FILEs reads calendars:\nCSV (start,end,class,name[,expected_peak_viewers]), "
          "StreamEvents in YAML, and iCalendar (.ics);\nlists their events, or the next ten, says "
          "what is wrong in them, or prints them as StreamEvents for\nkubectl apply.",
      .options = options(),
      .examples = {"edgetide events next",
                   "edgetide events next -f pool.yaml --demand viewers.csv --calendar season.ics",
                   "edgetide events list season.ics --from 2026-12-01T00:00:00Z",
                   "edgetide events next season.ics shows.csv -o json",
                   "edgetide events validate season.ics",
                   "edgetide events import season.ics --pools service=live | kubectl apply -f -"},
      .max_arguments = 100,
      .words = {"list", "next", "validate", "import"},
      .run = run};
}

}  // namespace edgetide::cli
