#include <algorithm>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "app/file_world.h"
#include "app/single_look.h"
#include "app/system_clock.h"
#include "calendar/files.h"
#include "calendar/zones.h"
#include "cli/cluster_options.h"
#include "cli/commands.h"
#include "cli/version.h"
#include "report/structured_report.h"
#include "report/text_report.h"
#include "yaml/yaml.h"

namespace edgetide::cli {
namespace {

using Reports = Result<std::vector<model::PlanReport>>;

Error usage_error(std::string message) {
  return {.code = ErrorCode::kInvalid, .message = std::move(message)};
}

class FixedClock final : public ports::Clock {
 public:
  explicit FixedClock(Instant at) : at_(at) {}
  [[nodiscard]] Instant now() const override { return at_; }

 private:
  Instant at_;
};

/// "NAMESPACE/NAME", or a bare name in the default namespace.
std::vector<ObjectKey> wanted_pools(const config::Settings& settings) {
  std::vector<ObjectKey> keys;
  for (const auto& text : settings.arguments()) {
    const auto slash = text.find('/');
    if (slash == std::string::npos) {
      keys.push_back({"default", text});
    } else {
      keys.push_back({text.substr(0, slash), text.substr(slash + 1)});
    }
  }
  return keys;
}

const kube::LocalTime& local_time() {
  static const kube::LocalTime functions{
      .offsets = [](const std::string& zone) { return calendar::offsets_for(zone); },
      .moment = calendar::to_instant};
  return functions;
}

/// The file, or the folder's YAML and JSON files by name, as kubectl takes them.
std::vector<std::string> manifest_files(const std::string& path) {
  std::error_code problem;  // what cannot be looked at is told of by who reads it
  if (!std::filesystem::is_directory(path, problem)) return {path};
  std::vector<std::string> files;
  std::filesystem::directory_iterator entry(path, problem);
  for (; !problem && entry != end(entry); entry.increment(problem)) {
    const auto ending = entry->path().extension();
    if (ending == ".yaml" || ending == ".yml" || ending == ".json") files.push_back(entry->path());
  }
  if (problem) return {path};
  std::ranges::sort(files);
  return files;
}

Result<kube::Manifests> read_manifests(const config::Settings& settings) {
  kube::Manifests manifests;
  for (const auto& path : settings.list("filename")) {
    if (path == "-") {
      std::string text(yaml::Limits{}.max_bytes + 1, '\0');  // more is refused
      std::cin.read(text.data(), static_cast<std::streamsize>(text.size()));
      text.resize(static_cast<std::size_t>(std::cin.gcount()));
      kube::add_manifests(manifests, text, "stdin", "default", &local_time());
    } else {
      for (const auto& file : manifest_files(path)) {
        kube::add_manifest_file(manifests, file, "default", &local_time());
      }
    }
  }
  if (manifests.problems.empty()) return manifests;
  std::string all;
  for (const auto& problem : manifests.problems) all += (all.empty() ? "" : "\n") + problem;
  return usage_error(all);
}

Result<Instant> moment_of(const config::Settings& settings, const model::DemandHistory& demand) {
  const auto text = settings.text("at");
  if (!text.empty()) {
    if (const auto at = parse_instant(text)) return *at;
    return usage_error("--at: '" + text + "' is not a time such as 2026-12-05T20:00:00Z");
  }
  if (!demand.empty()) return demand.samples().back().at;
  return app::SystemClock().now();
}

Reports plan_from_files(const config::Settings& settings) {
  auto manifests = read_manifests(settings);
  if (!manifests.ok()) return manifests.error();
  model::DemandHistory demand;
  if (const auto path = settings.text("demand"); !path.empty()) {
    auto read = calendar::demand_from_file(path);
    if (!read.ok()) return read.error();
    demand = std::move(*read);
  }
  const auto at = moment_of(settings, demand);
  if (!at.ok()) return at.error();
  constexpr std::chrono::days kPast{62};  // as far as history is looked at, and a long event more
  constexpr std::chrono::days kAhead{31};
  const auto calendar =
      calendar::events_from_files(settings.list("calendar"), {*at - kPast, *at + kAhead});
  if (!calendar.ok()) return calendar.error();
  std::vector<model::StreamEvent> for_all(calendar->events().begin(), calendar->events().end());

  std::optional<Replicas> per_domain;
  if (const auto replicas = settings.integer("replicas")) {
    per_domain = Replicas{static_cast<int>(*replicas)};
  }
  app::FilePools pools(std::move(manifests->pools), per_domain);
  app::FileDemand recorded(std::move(demand));
  app::FileEvents events(std::move(manifests->events), std::move(for_all),
                         std::move(manifests->classes));
  return app::look_once(pools, recorded, events, FixedClock(*at), wanted_pools(settings));
}

Reports plan_from_cluster(const config::Settings& settings) {
  for (const char* name : {"demand", "at", "replicas"}) {
    if (settings.text(name).empty()) continue;
    return usage_error(std::string("--") + name + " needs pools from files: -f FILE");
  }
  return app::look_at_cluster({.access = access_options(settings),
                               .namespaces = settings.list("namespace"),
                               .version = std::string(kVersion)},
                              wanted_pools(settings),
                              std::chrono::seconds{*settings.duration("timeout")});
}

void print(const std::vector<model::PlanReport>& reports, const std::string& format,
           std::ostream& out) {
  if (format == "text") {
    for (const auto& report : reports) {
      out << (&report == &reports.front() ? "" : "\n") << report::text_report(report);
    }
    return;
  }
  nlohmann::ordered_json list{{"apiVersion", "edgetide.io/v1alpha1"},
                              {"kind", "PlanReportList"},
                              {"items", nlohmann::ordered_json::array()}};
  for (const auto& report : reports) list["items"].push_back(report::json_report(report));
  out << (format == "json" ? list.dump(2) + "\n" : report::to_yaml(list));
}

bool decided(const model::PlanReport& report) {
  return report.plan.action != model::Action::kHold || report.shortfall.has_value();
}

Exit run(const config::Settings& settings, const Console& console) {
  const bool files = !settings.list("filename").empty();
  const auto reports = files ? plan_from_files(settings) : plan_from_cluster(settings);
  if (!reports.ok()) return fail(console, reports.error());
  if (reports->empty()) console.err << "edgetide: no EdgePools found\n";
  print(*reports, settings.text("output"), console.out);
  const bool tell = settings.flag("exit-code") && std::ranges::any_of(*reports, decided);
  return tell ? Exit::kDecided : Exit::kOk;
}

std::vector<config::Option> options() {
  auto all = cluster_options();
  const std::vector<config::Option> own{
      {.name = "filename",
       .help =
           "Manifests of EdgePools and StreamEvents to plan for instead of a cluster's: a file, a "
           "folder, or - for standard input.",
       .kind = config::Option::Kind::kList,
       .value_name = "FILE",
       .short_name = 'f'},
      {.name = "demand",
       .help = "With -f: viewers over time, CSV with the header timestamp,value.",
       .value_name = "FILE"},
      {.name = "calendar",
       .help = "With -f: more events, CSV (start,end,class,name[,expected_peak_viewers]), YAML or "
               "iCalendar (.ics).",
       .kind = config::Option::Kind::kList,
       .value_name = "FILE"},
      {.name = "at",
       .help = "With -f: the moment of the decision; the last sample of --demand, or now, without.",
       .value_name = "TIME"},
      {.name = "replicas",
       .help =
           "With -f: replicas that stand in each domain, all Ready; the minimum's share without.",
       .kind = config::Option::Kind::kInteger,
       .value_name = "NUMBER",
       .max = 100'000},
      {.name = "timeout",
       .help = "How long the cluster is waited for.",
       .kind = config::Option::Kind::kDuration,
       .value_name = "DURATION",
       .default_value = "30s",
       .min = 1,
       .max = 600},
      {.name = "exit-code",
       .help = "Exit with 4 when a pool would be changed or has a shortfall.",
       .kind = config::Option::Kind::kFlag},
      {.name = "output",
       .help = "How to print.",
       .value_name = "FORMAT",
       .default_value = "text",
       .short_name = 'o',
       .choices = {"text", "json", "yaml"}},
  };
  all.insert(all.end(), own.begin(), own.end());
  return all;
}

}  // namespace

Command plan_command() {
  return {
      .name = "plan",
      .summary = "decide once, print why, change nothing",
      .usage = "plan [NAMESPACE/POOL]... [options]",
      .about =
          "Takes one look at each pool, as the operator would, and prints the whole "
          "decision: demand,\nforecast, sizing, what each guard said, and what would be "
          "written where. Changes nothing.",
      .options = options(),
      .examples =
          {"edgetide plan                                  # every pool of the cluster",
           "edgetide plan video/live-edge -o yaml",
           "edgetide plan -f examples/live-edge --demand viewers.csv --at 2026-12-05T19:30:00Z"},
      .max_arguments = 100,
      .run = run};
}

}  // namespace edgetide::cli
