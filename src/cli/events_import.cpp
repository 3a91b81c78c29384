#include "cli/events_import.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <ostream>

#include "app/cluster_client.h"
#include "app/system_clock.h"
#include "cli/cluster_options.h"
#include "cli/looks.h"
#include "cli/pool_arguments.h"
#include "cli/progress.h"
#include "cli/version.h"
#include "kube/codecs.h"
#include "kube/event_import.h"
#include "report/structured_report.h"

namespace edgetide::cli {
namespace {

using Json = nlohmann::ordered_json;
using Kind = config::Option::Kind;

constexpr std::size_t kLongestLabel = 63;

Error usage_error(std::string message) { return {ErrorCode::kInvalid, std::move(message)}; }

const char* word_of(kube::ImportResult result) {
  switch (result) {
    case kube::ImportResult::kCreated: return "created";
    case kube::ImportResult::kConfigured: return "configured";
    case kube::ImportResult::kUnchanged: return "unchanged";
    case kube::ImportResult::kPruned: return "pruned";
    case kube::ImportResult::kLeft: return "left";
  }
  return "";
}

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_label_value(const std::string& text) {
  const auto legal = [](char c) { return is_alphanumeric(c) || c == '-' || c == '_' || c == '.'; };
  return !text.empty() && text.size() <= kLongestLabel && std::ranges::all_of(text, legal) &&
         is_alphanumeric(text.front()) && is_alphanumeric(text.back());
}

/// By which name the cluster knows the calendar.
Result<std::string> origin_of(const std::vector<std::string>& files,
                              const config::Settings& settings) {
  const std::string given = settings.text("imported-from");
  if (given.empty() && files.size() > 1)
    return usage_error("several FILEs need a name to be known by: --imported-from NAME");
  const std::string name =
      given.empty() ? std::filesystem::path(files.front()).filename().string() : given;
  if (is_label_value(name)) return name;
  return usage_error("--imported-from: '" + name +
                     "' is no value of a label: up to 63 letters, digits, '-', '_' and '.', the "
                     "first and the last a letter or a digit");
}

Result<std::string> target_namespace(const config::Settings& settings) {
  const auto named = settings.list("namespace");
  if (named.size() > 1) return usage_error("--namespace: an import has one");
  const std::string target = settings.text("target-namespace");
  return target.empty() && !named.empty() ? named.front() : target;
}

Result<std::vector<json::Value>> checked(const std::vector<Json>& manifests) {
  std::vector<json::Value> events;
  for (const Json& manifest : manifests) {
    events.emplace_back(manifest);
    const auto decoded = kube::decode_stream_event(events.back(), {.refuse_unknown = true});
    if (!decoded.ok())
      return kube::to_error(decoded.problems, "StreamEvent " + decoded.value.key.name);
  }
  return events;
}

std::string document_of(const kube::EventImport& import,
                        const std::vector<kube::ImportedEvent>& events, const std::string& format) {
  Json items = Json::array();
  for (const auto& event : events)
    items.push_back({{"name", event.name}, {"result", word_of(event.result)}});
  return report::document({{"apiVersion", "edgetide.io/v1alpha1"},
                           {"kind", "EventImport"},
                           {"namespace", import.name_space},
                           {"importedFrom", import.imported_from},
                           {"dryRun", import.dry_run},
                           {"items", items}},
                          format);
}

void tell(const kube::EventImport& import, const std::vector<kube::ImportedEvent>& events,
          const std::string& format, const Console& console) {
  std::map<kube::ImportResult, std::size_t> counts;
  std::string left;
  for (const auto& event : events) {
    ++counts[event.result];
    if (event.result == kube::ImportResult::kLeft) {
      left = event.name;
    } else if (format == "text" || format == "name") {
      console.out << "streamevent.edgetide.io/" << event.name;
      if (format == "text")
        console.out << ' ' << word_of(event.result) << (import.dry_run ? " (server dry run)" : "");
      console.out << '\n';
    }
  }
  if (format == "json" || format == "yaml") console.out << document_of(import, events, format);
  std::string summary;
  for (const auto& [result, count] : counts) {
    if (result == kube::ImportResult::kLeft) continue;
    summary += (summary.empty() ? "" : ", ") + std::to_string(count) + " " + word_of(result);
  }
  if (!summary.empty())
    console.err << "edgetide: " << import.name_space << ": " << summary
                << (import.dry_run ? "; nothing was written: a dry run\n" : "\n");
  if (!left.empty())
    console.err << "edgetide: " << count_text(counts[kube::ImportResult::kLeft])
                << " of an earlier import from " << import.imported_from
                << " stay that it has no more, such as " << left << "; --prune deletes them\n";
}

Exit apply(kube::EventImport import, const config::Settings& settings, const Console& console) {
  auto access = access_options(settings);
  access.request_timeout = *settings.duration("timeout");
  const auto cluster = app::open_cluster(access, std::string(kVersion));
  if (!cluster.ok()) return fail(console, cluster.error());
  if (import.name_space.empty()) import.name_space = home_namespace(settings, cluster->access);
  kube::ImportOutcome outcome;
  {
    Progress progress(console.err, stderr_is_terminal(console.environment("TERM").value_or("")));
    outcome = kube::import_events(*cluster->client, import,
                                  [&](double done) { progress.show("importing", done); });
  }
  tell(import, outcome.events, settings.text("output"), console);
  return outcome.failure ? fail(console, *outcome.failure) : Exit::kOk;
}

}  // namespace

std::vector<config::Option> import_options() {
  return {{.name = "pools",
           .help = "import: labels of the pools that carry the events; every pool of the namespace "
                   "without.",
           .kind = Kind::kList,
           .value_name = "LABEL=VALUE"},
          {.name = "target-namespace",
           .help = "import: namespace of the StreamEvents; that of --namespace without, else "
                   "kubectl's.",
           .value_name = "NAME"},
          {.name = "apply",
           .help = "import: put the StreamEvents into the cluster, all checked first, instead of "
                   "printing them. What somebody else has changed is not overwritten.",
           .kind = Kind::kFlag},
          {.name = "dry-run",
           .help = "import --apply: let the API server check it, and change nothing.",
           .kind = Kind::kFlag},
          {.name = "prune",
           .help = "import --apply: delete what an earlier import of this calendar has put there, "
                   "if it is to start between --from and --to and the calendar has it no more.",
           .kind = Kind::kFlag},
          {.name = "imported-from",
           .help = "import --apply: by which name the cluster knows the calendar, in the label "
                   "edgetide.io/imported-from; the FILE's without.",
           .value_name = "NAME"}};
}

Result<void> check_import_options(const config::Settings& settings, const std::string& what) {
  const bool applies = settings.flag("apply");
  if (applies && what != "import") return usage_error("--apply: only import writes to a cluster");
  for (const char* option : {"dry-run", "prune"}) {
    if (settings.flag(option) && !applies)
      return usage_error("--" + std::string(option) + " needs import --apply");
  }
  if (!settings.text("imported-from").empty() && !applies)
    return usage_error("--imported-from needs import --apply");
  return {};
}

Exit import_calendar(const std::vector<std::string>& files, const Events& events,
                     calendar::Span span, const config::Settings& settings,
                     const Console& console) {
  const std::string format = settings.text("output");
  const bool applies = settings.flag("apply");
  if (format == "wide" || format == "csv" || (format == "name" && !applies))
    return fail(console, usage_error(applies ? "--output: import --apply prints text, json, yaml "
                                               "or name"
                                             : "--output: import prints manifests, yaml or json"));
  const auto name_space = target_namespace(settings);
  if (!name_space.ok()) return fail(console, name_space.error());
  const auto manifests = manifests_of(events, *name_space, settings.list("pools"));
  if (!manifests.ok()) return fail(console, manifests.error());
  if (const auto remark = remark_on_lengths(events); !remark.empty())
    console.err << "edgetide: " << remark << '\n';
  for (const auto& [written, name] : renamed_classes(events))
    console.err << "edgetide: class '" << written << "' is "
                << (name.empty() ? "left out" : name + " there") << ", as an EventClass is named\n";
  if (!applies) {
    console.out << print_manifests(*manifests, format);
    return Exit::kOk;
  }
  const auto origin = origin_of(files, settings);
  if (!origin.ok()) return fail(console, origin.error());
  auto objects = checked(*manifests);
  if (!objects.ok()) return fail(console, objects.error());
  return apply({.name_space = *name_space,
                .imported_from = *origin,
                .events = *std::move(objects),
                .from = std::max(span.from, app::SystemClock().now()),
                .to = span.to,
                .zones = &local_time(),
                .prune = settings.flag("prune"),
                .dry_run = settings.flag("dry-run")},
               settings, console);
}

}  // namespace edgetide::cli
