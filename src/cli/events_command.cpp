#include <algorithm>
#include <chrono>
#include <ostream>

#include "app/system_clock.h"
#include "calendar/files.h"
#include "cli/ahead_output.h"
#include "cli/cluster_options.h"
#include "cli/commands.h"
#include "cli/events_check.h"
#include "cli/events_import.h"
#include "cli/events_output.h"
#include "cli/looks.h"
#include "cli/output_option.h"
#include "cli/record_inputs.h"

namespace edgetide::cli {
namespace {

constexpr std::chrono::days kAhead{28};
constexpr std::size_t kNext = 10;

const std::vector<std::string> kWords{"list", "next", "validate", "import"};

const std::vector<std::string> kFormats{"text", "wide", "json", "yaml", "csv", "name"};

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

/// Those that have not ended when the span begins, and how many of those read it leaves out.
struct Selected {
  Events events;
  std::size_t ended = 0;
  std::size_t later = 0;
};

Result<Selected> events_in(const std::vector<std::string>& files, calendar::Span span) {
  constexpr std::chrono::days kLongest{31};
  const auto read = calendar::events_from_files(files, {span.from - kLongest, span.to});
  if (!read.ok()) return read.error();
  Selected selected;
  for (const auto& event : read->events()) {
    if (event.start > span.to) {
      ++selected.later;
    } else if (std::max(event.start, event.end()) < span.from) {
      ++selected.ended;
    } else {
      selected.events.push_back(event);
    }
  }
  return selected;
}

/// Of a calendar whose events come again and again only those near the span were read.
void tell_left_out(const Selected& selected, calendar::Span span, std::ostream& err) {
  if (selected.ended > 0)
    err << "edgetide: left out " << count_text(selected.ended) << " that ended before "
        << to_string(span.from) << " (--from)\n";
  if (selected.later > 0)
    err << "edgetide: left out " << count_text(selected.later) << " starting after "
        << to_string(span.to) << " (--to)\n";
  if (selected.events.empty()) err << "edgetide: no events between --from and --to\n";
}

/// What each event to come does to each pool of a cluster, or of -f.
Exit tell_effects(bool all, const config::Settings& settings, const Console& console) {
  if (settings.list("filename").empty() && !settings.text("at").empty())
    return fail(console, usage_error("--at needs pools from files: -f FILE"));
  const auto looks = take_looks(settings, {});
  if (!looks.ok()) return fail(console, looks.error());
  const auto to = moment_of(settings, "to");
  if (!to.ok()) return fail(console, to.error());
  for (const std::string& remark : looks->remarks) console.err << "edgetide: " << remark << '\n';
  std::vector<PoolEffect> effects;
  Instant now{};
  Instant until{};
  for (const auto& look : looks->each) {
    now = look.report.at;
    if (const auto why = app::unforeseen(look); !why.empty())
      console.err << "edgetide: " << look.pool.key.text() << ": replicas are not foreseen: " << why
                  << '\n';
    const auto unknown = app::unknown_loads(look);
    if (!unknown.empty())
      console.err << "edgetide: " << look.pool.key.text() << ": " << text_of(unknown) << '\n';
    const Seconds length = std::min<Seconds>(to->value_or(now + kAhead) - now, kAhead);
    until = now + length;
    for (auto& effect : app::event_effects(look, length))
      effects.push_back({look.pool.key, std::move(effect), unknown});
  }
  if (looks->each.empty()) console.err << "edgetide: no EdgePools found\n";
  std::ranges::stable_sort(effects, {},
                           [](const PoolEffect& one) { return one.effect.event.start; });
  if (!all && effects.size() > kNext) effects.resize(kNext);
  if (effects.empty() && !looks->each.empty())
    console.err << "edgetide: no events are announced to these pools until " << to_string(until)
                << '\n';
  const std::string format = settings.text("output");
  if (!effects.empty() || (format != "text" && format != "wide"))
    console.out << print_effects(effects, format, now, console.columns);
  return Exit::kOk;
}

Exit run(const config::Settings& settings, const Console& console) {
  auto files = settings.arguments();
  const std::string what = files.empty() ? "" : files.front();
  if (std::ranges::find(kWords, what) == kWords.end())
    return fail_on_word(console, "events", kWords, what);
  files.erase(files.begin());
  if (const auto fits = check_import_options(settings, what); !fits.ok())
    return fail(console, fits.error());
  if (files.empty() && (what == "list" || what == "next"))
    return tell_effects(what == "list", settings, console);
  const std::string format = settings.text("output");
  if (what == "validate") {
    if (format != "text" && format != "json" && format != "yaml")
      return fail(console, usage_error("--output: validate prints text, json or yaml"));
    if (!files.empty()) return validate_files(files, format, console);
    if (!settings.list("filename").empty())
      return fail(console, usage_error("validate takes FILEs behind it, or looks at a cluster; "
                                       "plan -f reads manifests"));
    return validate_cluster(settings, console);
  }
  if (files.empty()) return fail(console, usage_error(what + " needs FILEs"));
  const auto span = span_of(settings);
  if (!span.ok()) return fail(console, span.error());
  auto selected = events_in(files, *span);
  if (!selected.ok()) return fail(console, selected.error());
  Events& events = selected->events;
  if (what == "import") {
    const Exit exit = import_calendar(files, events, *span, settings, console);
    if (exit == Exit::kOk) tell_left_out(*selected, *span, console.err);
    return exit;
  }
  if (what == "next" && events.size() > kNext) events.resize(kNext);
  console.out << print_events(events, format, console.columns);
  if (events.empty()) console.err << "edgetide: no events between --from and --to\n";
  if (const auto remark = remark_on_long_events(events); !remark.empty())
    console.err << "edgetide: " << remark << '\n';
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
      output_option(kFormats,
                    "How to print; validate as text, json or yaml, import as yaml or json, import "
                    "--apply as text, json, yaml or name.")};
  all.insert(all.end(), own.begin(), own.end());
  const auto of_import = import_options();
  all.insert(all.end() - 1, of_import.begin(), of_import.end());
  return all;
}

std::vector<std::string> names_of(const std::vector<config::Option>& options) {
  std::vector<std::string> names;
  for (const auto& option : options) names.push_back(option.name);
  return names;
}

std::vector<std::string> joined(std::vector<std::string> names,
                                const std::vector<std::string>& more) {
  names.insert(names.end(), more.begin(), more.end());
  return names;
}

std::vector<Part> parts() {
  const auto looks = joined(names_of(look_options()), {"from", "to", "output"});
  const auto cluster = joined(names_of(cluster_options()), {"timeout", "output"});
  return {
      {.word = "next",
       .summary = "what the next ten events will do to each pool; with FILEs, which they are",
       .about = "Tells what each of the next ten events will do to each pool; with FILEs, which "
                "events they are.",
       .usage = "next [FILE]... [options]",
       .options = looks,
       .output = output_option(kFormats)},
      {.word = "list",
       .summary = "what all events of four weeks will do to each pool; with FILEs, which they are",
       .about = "Tells what each event of four weeks will do to each pool; with FILEs, which "
                "events they are.",
       .usage = "list [FILE]... [options]",
       .options = looks,
       .output = output_option(kFormats)},
      {.word = "validate",
       .summary = "what is wrong in FILEs, or in what a cluster is announced",
       .about =
           "Says what is wrong in FILEs, or in the EventCalendars and StreamEvents of a cluster.",
       .usage = "validate [FILE]... [options]",
       .options = cluster,
       .output = output_option({"text", "json", "yaml"})},
      {.word = "import",
       .summary = "FILEs as StreamEvents: printed, or with --apply put into a cluster",
       .about =
           "Prints the events of FILEs as StreamEvents, or with --apply puts them into a cluster.",
       .usage = "import FILE... [options]",
       .options = joined(joined(cluster, names_of(import_options())), {"from", "to"}),
       .output =
           output_option({"text", "json", "yaml", "name"},
                         "How to print; without --apply text is YAML, and there is no name.")}};
}

}  // namespace

Command events_command() {
  return {
      .name = "events",
      .summary = "what events will do; list, check and import calendars",
      .usage = "events next|list|validate [options] | list|next|validate|import FILE... [options]",
      .about =
          "Without FILEs tells what each event to come will do to each pool that it is announced "
          "to, in viewers\nand replicas: without it, with it, and up to how many; validate says "
          "what "
          "is wrong in the cluster's\nEventCalendars and StreamEvents. "
          "With FILEs reads calendars:\nCSV (start,end,class,name[,expected_peak_viewers]), "
          "StreamEvents in YAML, and iCalendar (.ics);\nlists their events, or the next ten, says "
          "what is wrong in them, or prints them as StreamEvents.\nimport --apply puts them into "
          "a cluster: all are checked before the first is written. The same file\ngives the same "
          "names: imported again it changes its events; one that it has no more stays\nuntil it "
          "is deleted, by --prune for instance.",
      .options = options(),
      .examples = {"edgetide events next",
                   "edgetide events next -f pool.yaml --demand viewers.csv --calendar season.ics",
                   "edgetide events list season.ics --from 2026-12-01T00:00:00Z",
                   "edgetide events next season.ics shows.csv -o json",
                   "edgetide events validate season.ics",
                   "edgetide events validate -n video             # what is announced in a cluster",
                   "edgetide events import season.ics --pools service=live > season.yaml",
                   "edgetide events import season.ics --pools service=live --apply -n video"},
      .max_arguments = 100,
      .words = kWords,
      .parts = parts(),
      .run = run};
}

}  // namespace edgetide::cli
