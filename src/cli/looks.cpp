#include "cli/looks.h"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <map>
#include <set>

#include "app/file_world.h"
#include "app/system_clock.h"
#include "calendar/files.h"
#include "calendar/zones.h"
#include "cli/cluster_options.h"
#include "cli/events_output.h"
#include "cli/look_remarks.h"
#include "cli/pool_arguments.h"
#include "cli/record_inputs.h"
#include "cli/version.h"
#include "cli/zones_option.h"
#include "edgetide/guard/mass_change.h"
#include "yaml/yaml.h"

namespace edgetide::cli {
namespace {

/// Of objects in files that name none.
constexpr const char* kDefaultNamespace = "default";

Error usage_error(std::string message) {
  return {.code = ErrorCode::kInvalid, .message = std::move(message)};
}

std::vector<ObjectKey> keys_of(const std::vector<std::string>& pools, const std::string& home) {
  std::vector<ObjectKey> keys;
  for (const auto& text : pools) keys.push_back(object_key(text, home));
  return keys;
}

/// A bare name is that of the only pool in the files that has it, whatever its namespace.
Result<std::vector<ObjectKey>> keys_in_files(const std::vector<std::string>& names,
                                             const config::Settings& settings,
                                             const std::vector<model::EdgePool>& pools) {
  const auto home = settings.list("namespace");
  std::vector<ObjectKey> keys;
  for (const auto& text : names) {
    keys.push_back(object_key(text, home.size() == 1 ? home.front() : kDefaultNamespace));
    if (home.size() == 1 || text.find('/') != std::string::npos) continue;
    std::vector<ObjectKey> named;
    for (const auto& pool : pools)
      if (pool.key.name == text) named.push_back(pool.key);
    if (named.size() > 1)
      return usage_error("'" + text + "' is a pool of several namespaces; name one as " +
                         named.front().text());
    if (!named.empty()) keys.back() = named.front();
  }
  return keys;
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
      kube::add_manifests(manifests, text, "stdin", kDefaultNamespace, &local_time());
    } else {
      std::error_code problem;  // of a place that cannot be looked at whoever reads it tells
      if (!std::filesystem::exists(path, problem) && !problem)
        return Error{ErrorCode::kNotFound, "no such file or folder", path};
      for (const auto& file : manifest_files(path)) {
        kube::add_manifest_file(manifests, file, kDefaultNamespace, &local_time());
      }
    }
  }
  if (manifests.problems.empty() && manifests.pools.empty()) {
    std::string places;
    for (const auto& path : settings.list("filename"))
      places += (places.empty() ? "" : ", ") + (path == "-" ? "standard input" : path);
    return Error{.code = ErrorCode::kNotFound,
                 .message =
                     "no EdgePool; a folder's .yaml, .yml and .json files are read, not "
                     "those of folders in it",
                 .context = places};
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

std::set<ObjectKey> drawn_from(const std::vector<model::EdgePool>& pools) {
  std::set<ObjectKey> upstreams;
  for (const auto& pool : pools) {
    if (pool.upstream) upstreams.insert({pool.key.name_space, pool.upstream->name});
  }
  return upstreams;
}

std::map<std::string, Seconds> max_ages(const std::vector<model::MetricSource>& sources) {
  std::map<std::string, Seconds> ages;
  for (const auto& source : sources) ages[source.name] = source.max_sample_age;
  return ages;
}

/// How long an operator has to have run until nothing is held for what it might not remember.
Seconds memory_of(const std::vector<model::EdgePool>& pools) {
  Seconds longest = guard::kMassChangeAge;
  for (const auto& pool : pools) {
    longest = std::max(longest, guard::lowering_window(pool));
    for (const auto* rules : {&pool.behavior.scale_up, &pool.behavior.scale_down}) {
      longest = std::max(longest, rules->stabilization_window);
      for (const auto& policy : rules->policies) longest = std::max(longest, policy.period);
    }
  }
  return longest;
}

Result<Looks> look_at_files(const config::Settings& settings,
                            const std::vector<std::string>& names) {
  auto manifests = read_manifests(settings);
  if (!manifests.ok()) return manifests.error();
  model::DemandHistory demand;
  if (const auto path = settings.text("demand"); !path.empty()) {
    auto read = calendar::demand_from_file(path);
    if (!read.ok()) return in_short(read.error());
    demand = std::move(*read);
  }
  const auto at = moment_of(settings, demand);
  if (!at.ok()) return at.error();
  constexpr std::chrono::days kPast{62};  // as far as history is looked at, and a long event more
  constexpr std::chrono::days kAhead{31};
  const auto calendar =
      calendar::events_from_files(settings.list("calendar"), {*at - kPast, *at + kAhead});
  if (!calendar.ok()) return of_calendar(calendar.error());
  std::vector<model::StreamEvent> for_all(calendar->events().begin(), calendar->events().end());

  std::optional<Replicas> per_domain;
  if (const auto replicas = settings.integer("replicas")) {
    per_domain = Replicas{static_cast<int>(*replicas)};
  }
  const auto bitrate = bitrate_of(settings);
  if (!bitrate.ok()) return bitrate.error();
  Looks looks;
  if (auto remark = remark_on_long_events(for_all); !remark.empty())
    looks.remarks.push_back(std::move(remark));
  if (settings.text("at").empty() && !demand.empty())
    looks.remarks.push_back(remark_on_last_sample(*at, app::SystemClock().now()));
  if (auto remark = remark_on_unmatched(*manifests); !remark.empty())
    looks.remarks.push_back(std::move(remark));
  if (per_domain)
    std::ranges::move(remarks_on_fuller_domains(manifests->pools, *per_domain),
                      std::back_inserter(looks.remarks));
  const Seconds before = memory_of(manifests->pools);
  const auto keys = keys_in_files(names, settings, manifests->pools);
  if (!keys.ok()) return keys.error();
  app::FileDemand recorded(std::move(demand), {.bitrate = *bitrate,
                                               .drawn_from = drawn_from(manifests->pools),
                                               .max_age = max_ages(manifests->sources)});
  auto spread = spread_of(settings, manifests->pools);
  if (!spread.ok()) return spread.error();
  app::FilePools pools(std::move(manifests->pools), per_domain, *std::move(spread));
  app::FileEvents events(std::move(manifests->events), std::move(for_all),
                         std::move(manifests->classes));
  auto taken = app::look_remembering(pools, recorded, events, *at, before, *keys);
  if (!taken.ok()) return taken.error();
  looks.each = *std::move(taken);
  std::ranges::move(remarks_on_spread(looks.each), std::back_inserter(looks.remarks));
  return looks;
}

Result<Looks> look_at_live_pools(const config::Settings& settings,
                                 const std::vector<std::string>& names) {
  for (const char* name : {"demand", "bitrate", "replicas", "zones", "max-skew"}) {
    if (settings.text(name).empty()) continue;
    return usage_error(std::string("--") + name + " needs pools from files: -f FILE");
  }
  const auto access = kube::find_access(access_options(settings));
  if (!access.ok()) return access.error();
  auto taken = app::look_at_cluster({.access = access_options(settings),
                                     .namespaces = settings.list("namespace"),
                                     .node_room = settings.flag("node-room"),
                                     .version = std::string(kVersion)},
                                    keys_of(names, home_namespace(settings, *access)),
                                    std::chrono::seconds{*settings.duration("timeout")});
  if (!taken.ok()) return taken.error();
  return Looks{.each = *std::move(taken), .remarks = {}};
}

}  // namespace

const kube::LocalTime& local_time() {
  static const kube::LocalTime functions{
      .offsets = [](const std::string& zone) { return calendar::offsets_for(zone); },
      .moment = calendar::to_instant};
  return functions;
}

std::vector<config::Option> look_options() {
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
       .help =
           "With -f: viewers over time, CSV with the header timestamp,value. A sample is fresh "
           "for the maxSampleAgeSeconds of the pool's MetricSource where the files have it, for "
           "10m where not, and always for the recording's own step.",
       .value_name = "FILE"},
      {.name = "bitrate",
       .help =
           "With -f: bits per second that a viewer takes, such as 4.2M, of pools that are sized "
           "by egress; without it their egress is not known, and nothing is lowered.",
       .value_name = "RATE"},
      {.name = "calendar",
       .help = "With -f: more events, CSV (start,end,class,name[,expected_peak_viewers]), YAML or "
               "iCalendar (.ics).",
       .kind = config::Option::Kind::kList,
       .value_name = "FILE"},
      {.name = "at",
       .help = "With -f: the moment of the decision; the last sample of --demand, or now, without. "
               "Of a cluster: a moment within two days, of which is told what it will need.",
       .value_name = "TIME"},
      {.name = "replicas",
       .help =
           "With -f: replicas that stand in each domain, all Ready, as long as is remembered; the "
           "minimum's share without.",
       .kind = config::Option::Kind::kInteger,
       .value_name = "NUMBER",
       .max = 100'000},
      node_room_option(),
      {.name = "timeout",
       .help = "How long the cluster is waited for.",
       .kind = config::Option::Kind::kDuration,
       .value_name = "DURATION",
       .default_value = "30s",
       .min = 1,
       .max = 600},
  };
  all.insert(all.end(), own.begin(), own.end());
  std::ranges::move(zones_options(), std::back_inserter(all));
  return all;
}

Result<Looks> take_looks(const config::Settings& settings, const std::vector<std::string>& pools) {
  const bool files = !settings.list("filename").empty();
  return files ? look_at_files(settings, pools) : look_at_live_pools(settings, pools);
}

}  // namespace edgetide::cli
