#include <algorithm>
#include <chrono>
#include <ostream>

#include "app/system_clock.h"
#include "calendar/files.h"
#include "cli/commands.h"
#include "cli/events_output.h"
#include "cli/record_inputs.h"

namespace edgetide::cli {
namespace {

using Kind = config::Option::Kind;

constexpr std::chrono::days kAhead{28};
constexpr std::int64_t kNext = 10;
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

Exit run(const config::Settings& settings, const Console& console) {
  auto files = settings.arguments();
  if (files.size() < 2)
    return fail(console,
                usage_error("events needs one of list, next, validate, import, and FILEs"));
  const std::string what = files.front();
  files.erase(files.begin());
  if (what == "validate") return validate(files, console);
  if (what != "list" && what != "next" && what != "import")
    return fail(console, usage_error("'" + what + "' is none of list, next, validate, import"));
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
  return {{.name = "from",
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
          {.name = "output",
           .help = "How to print; import prints yaml for text.",
           .value_name = "FORMAT",
           .default_value = "text",
           .short_name = 'o',
           .choices = {"text", "json", "yaml", "csv"}}};
}

}  // namespace

Command events_command() {
  return {
      .name = "events",
      .summary = "list, check and convert calendars of events",
      .usage = "events list|next|validate|import FILE... [options]",
      .about =
          "Reads calendars: CSV (start,end,class,name[,expected_peak_viewers]), StreamEvents in "
          "YAML,\nand iCalendar (.ics). Lists their events, or the next ten; says what is wrong "
          "in them; or\nprints them as StreamEvents for kubectl apply.",
      .options = options(),
      .examples = {"edgetide events list season.ics --from 2026-12-01T00:00:00Z",
                   "edgetide events next season.ics shows.csv -o json",
                   "edgetide events validate season.ics",
                   "edgetide events import season.ics --pools service=live | kubectl apply -f -"},
      .max_arguments = 100,
      .run = run};
}

}  // namespace edgetide::cli
