#include <algorithm>
#include <ostream>

#include "app/cluster_client.h"
#include "cli/classes_output.h"
#include "cli/cluster_options.h"
#include "cli/commands.h"
#include "cli/output_option.h"
#include "cli/version.h"
#include "kube/class_writer.h"
#include "kube/codecs.h"
#include "kube/listing.h"
#include "kube/manifests.h"
#include "kube/paths.h"

namespace edgetide::cli {
namespace {

using Kind = config::Option::Kind;

const std::vector<std::string> kWords{"list", "export", "import", "reset"};

Error usage_error(std::string message) { return {ErrorCode::kInvalid, std::move(message)}; }

/// An EventClass as it stands in the cluster.
struct Standing {
  json::Value object;
  model::EventClass decoded;
};

Result<std::vector<Standing>> read_classes(const app::ClusterClient& cluster) {
  const auto objects = kube::list_objects(
      *cluster.client, kube::collection_path(kube::kApiVersion, "eventclasses", ""));
  if (!objects.ok()) return objects.error();
  std::vector<Standing> classes;
  for (const json::Value& object : *objects) {
    auto decoded = kube::decode_event_class(object);
    if (!decoded.ok()) return kube::to_error(decoded.problems, "EventClass " + decoded.value.name);
    classes.push_back({object, std::move(decoded.value)});
  }
  return classes;
}

const Standing* find_class(const std::vector<Standing>& classes, const std::string& name) {
  const auto found = std::ranges::find(
      classes, name, [](const Standing& one) -> const std::string& { return one.decoded.name; });
  return found == classes.end() ? nullptr : &*found;
}

/// The classes of these names, or all where there are none.
Result<std::vector<Standing>> chosen(std::vector<Standing> classes,
                                     const std::vector<std::string>& names) {
  if (names.empty()) return classes;
  std::vector<Standing> some;
  for (const std::string& name : names) {
    const Standing* found = find_class(classes, name);
    if (found == nullptr) return Error{ErrorCode::kNotFound, "no such class", "EventClass " + name};
    some.push_back(*found);
  }
  return some;
}

Exit show(const std::vector<Standing>& classes, const std::string& what, const std::string& format,
          const Console& console) {
  Classes decoded;
  for (const Standing& one : classes) decoded.push_back(one.decoded);
  if (decoded.empty()) console.err << "edgetide: no EventClasses found\n";
  const bool manifests = what == "export" || format == "json" || format == "yaml";
  if (manifests) {
    console.out << print_class_manifests(decoded, format == "text" ? "yaml" : format);
  } else if (!decoded.empty()) {
    console.out << print_classes(decoded, format);
  }
  return Exit::kOk;
}

std::string learned_text(const model::EventClass& one) {
  return one.name + " has learned from " + std::to_string(one.learned.events) +
         (one.learned.events == 1 ? " event" : " events");
}

Exit import(const app::ClusterClient& cluster, const std::vector<std::string>& files,
            const config::Settings& settings, const Console& console) {
  kube::Manifests manifests;
  for (const std::string& file : files)
    kube::add_manifest_file(manifests, file, "default", nullptr);
  if (!manifests.problems.empty()) {
    std::string all;
    for (const auto& problem : manifests.problems) all += (all.empty() ? "" : "\n") + problem;
    return fail(console, usage_error(all));
  }
  if (manifests.classes.empty()) return fail(console, usage_error("the files hold no EventClass"));
  const auto standing = read_classes(cluster);
  if (!standing.ok()) return fail(console, standing.error());
  for (const model::EventClass& one : manifests.classes) {
    const Standing* before = find_class(*standing, one.name);
    if (before != nullptr && before->decoded.learned.events > 0 && !settings.flag("yes"))
      return fail(console,
                  usage_error(learned_text(before->decoded) + " here; --yes replaces that"));
  }
  const bool dry_run = settings.flag("dry-run");
  for (const model::EventClass& one : manifests.classes) {
    if (const auto put = kube::put_event_class(*cluster.client, one, dry_run); !put.ok())
      return fail(console, put.error());
    console.out << learned_text(one) << (dry_run ? "; not imported: a dry run\n" : "; imported\n");
  }
  return Exit::kOk;
}

Exit reset(const app::ClusterClient& cluster, const std::vector<Standing>& classes,
           const config::Settings& settings, const Console& console) {
  const bool dry_run = settings.flag("dry-run");
  for (const Standing& one : classes) {
    if (one.decoded.learned.events > 0 && !settings.flag("yes") && !dry_run)
      return fail(console, usage_error(learned_text(one.decoded) + "; --yes forgets that"));
    if (const auto done = kube::reset_event_class(*cluster.client, one.object, dry_run); !done.ok())
      return fail(console, done.error());
    console.out << learned_text(one.decoded)
                << (dry_run ? "; not reset: a dry run\n" : "; reset\n");
  }
  return Exit::kOk;
}

Exit run(const config::Settings& settings, const Console& console) {
  auto rest = settings.arguments();
  const std::string what = rest.empty() ? "" : rest.front();
  if (std::ranges::find(kWords, what) == kWords.end())
    return fail_on_word(console, "classes", kWords, what);
  rest.erase(rest.begin());
  if (rest.empty() && (what == "import" || what == "reset"))
    return fail(console,
                usage_error(what == "import" ? "import wants FILEs" : "reset wants NAMEs"));
  const std::string format = settings.text("output");
  if (what == "export" && (format == "wide" || format == "name"))
    return fail(console, usage_error("--output: export prints manifests, yaml or json"));
  const auto cluster = app::open_cluster(request_access(settings), std::string(kVersion));
  if (!cluster.ok()) return fail(console, cluster.error());
  if (what == "import") return import(*cluster, rest, settings, console);
  auto classes = read_classes(*cluster);
  if (!classes.ok()) return fail(console, classes.error());
  const auto some = chosen(*std::move(classes), rest);
  if (!some.ok()) return fail(console, some.error());
  if (what == "reset") return reset(*cluster, *some, settings, console);
  return show(*some, what, format, console);
}

std::vector<config::Option> options() {
  auto all = request_options();
  std::erase_if(all, [](const config::Option& option) { return option.name == "namespace"; });
  const std::vector<config::Option> own{
      {.name = "yes",
       .help = "import, reset: also where something was learned that is lost.",
       .kind = Kind::kFlag,
       .short_name = 'y'},
      {.name = "dry-run",
       .help = "import, reset: let the API server check it, and change nothing.",
       .kind = Kind::kFlag},
      output_option({"text", "wide", "json", "yaml", "name"},
                    "How to print; export as yaml or json.")};
  all.insert(all.end(), own.begin(), own.end());
  return all;
}

}  // namespace

Command classes_command() {
  return {
      .name = "classes",
      .summary = "what classes of events have learned: list, export, import, reset",
      .usage = "classes list|export|reset [NAME]... | import FILE... [options]",
      .about =
          "Shows what the EventClasses of a cluster have learned: from how many events, "
          "their typical\nviewers, and by what factor they easily differ. export prints them as "
          "manifests with all that;\nimport puts such into a cluster; reset forgets what a "
          "class has learned and leaves its spec.",
      .options = options(),
      .examples = {"edgetide classes list", "edgetide classes export --context old > classes.yaml",
                   "edgetide classes import classes.yaml --context new",
                   "edgetide classes reset football --yes"},
      .max_arguments = 1000,
      .words = kWords,
      .names = Names::kClasses,
      .run = run};
}

}  // namespace edgetide::cli
