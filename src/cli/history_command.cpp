#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/cluster_options.h"
#include "cli/commands.h"
#include "cli/history_output.h"
#include "cli/output_option.h"
#include "cli/pool_arguments.h"
#include "cli/version.h"
#include "json/json.h"
#include "report/structured_report.h"
#include "store/store.h"

namespace edgetide::cli {
namespace {

std::vector<config::Option> options() {
  auto all = request_options();
  const std::vector<config::Option> own{
      {.name = "data-dir",
       .help = "The operator's --data-dir, or a copy of it; the pool's status without.",
       .value_name = "DIR"},
      {.name = "last",
       .help = "How many decisions, counted from the newest.",
       .kind = config::Option::Kind::kInteger,
       .value_name = "N",
       .default_value = "20",
       .min = 1,
       .max = 100'000},
      output_option({"text", "json", "yaml"})};
  all.insert(all.end(), own.begin(), own.end());
  return all;
}

void print_structured(const ObjectKey& pool, const std::vector<store::KeptDecision>& decisions,
                      const config::Settings& settings, const Console& console) {
  auto all = nlohmann::ordered_json::array();
  for (const auto& decision : decisions) {
    auto report = nlohmann::ordered_json::parse(decision.report, nullptr, false);
    if (report.is_discarded()) report = nullptr;
    all.push_back({{"at", to_string(decision.at)},
                   {"summary", decision.summary},
                   {"writes", decision.writes},
                   {"report", std::move(report)}});
  }
  const nlohmann::ordered_json history{{"apiVersion", "edgetide.io/v1alpha1"},
                                       {"kind", "DecisionHistory"},
                                       {"namespace", pool.name_space},
                                       {"name", pool.name},
                                       {"decisions", std::move(all)}};
  console.out << (settings.text("output") == "yaml" ? report::to_yaml(history)
                                                    : history.dump(2) + "\n");
}

/// Whether the decision was told alone.
bool is_dry_run(const store::KeptDecision& decision) {
  const auto report = json::parse(decision.report);
  if (!report.ok()) return false;
  const auto mode = json::get_string(*report, "mode");
  return mode.ok() && *mode == model::to_string(model::Mode::kDryRun);
}

void print_text(const std::vector<store::KeptDecision>& decisions, const Console& console) {
  for (const auto& decision : decisions) {
    console.out << to_string(decision.at) << "  " << (is_dry_run(decision) ? "DryRun: " : "")
                << decision.summary;
    if (!decision.writes.empty()) console.out << "; wrote " << decision.writes;
    console.out << '\n';
  }
}

/// What an operator with --data-dir has kept.
Exit from_store(const ObjectKey& pool, const config::Settings& settings, const Console& console) {
  const auto decisions =
      store::read_decisions(settings.text("data-dir"), pool, *settings.integer("last"));
  if (!decisions.ok()) return fail(console, decisions.error());
  if (decisions->empty()) {
    return fail(console, {.code = ErrorCode::kNotFound,
                          .message = "no decision was kept",
                          .context = "EdgePool " + pool.text()});
  }
  settings.text("output") == "text" ? print_text(*decisions, console)
                                    : print_structured(pool, *decisions, settings, console);
  return Exit::kOk;
}

/// The last ones that changed something, from the pool's status.
Exit from_status(const config::Settings& settings, const Console& console) {
  const auto cluster = app::open_cluster(request_access(settings), std::string(kVersion));
  if (!cluster.ok()) return fail(console, cluster.error());
  const auto object = read_pool(*cluster, object_key(settings.arguments().front(),
                                                     home_namespace(settings, cluster->access)));
  if (!object.ok()) return fail(console, object.error());
  auto status = kube::decode_pool_status(*object);
  const auto most = static_cast<std::size_t>(*settings.integer("last"));
  if (status.record.decisions.size() > most) status.record.decisions.resize(most);
  if (status.record.decisions.empty())
    console.err << "edgetide: " << status.key.text() << ": nothing has been changed yet\n";
  console.out << print_recent(status, settings.text("output"));
  return Exit::kOk;
}

Exit run(const config::Settings& settings, const Console& console) {
  if (settings.arguments().empty())
    return fail(console, {.code = ErrorCode::kInvalid, .message = "which pool? NAMESPACE/POOL"});
  if (settings.text("data-dir").empty()) return from_status(settings, console);
  const ObjectKey pool = object_key(settings.arguments().front(), "");
  if (pool.name_space.empty())
    return fail(console, {.code = ErrorCode::kInvalid,
                          .message = "with --data-dir a pool is NAMESPACE/POOL"});
  return from_store(pool, settings, console);
}

}  // namespace

Command history_command() {
  return {.name = "history",
          .summary = "what was decided for a pool, and why",
          .usage = "history NAMESPACE/POOL [options]",
          .about =
              "Shows the last ten decisions that changed something, newest first, from the pool's "
              "status; with\n--data-dir those that an operator with that directory has kept, for "
              "30 days. -o json has the\nwhole report of each of these.",
          .options = options(),
          .examples = {"edgetide history video/live-edge",
                       "edgetide history video/live-edge --data-dir /var/lib/edgetide",
                       "edgetide history video/live-edge --data-dir copy -o json --last 1"},
          .max_arguments = 1,
          .names = Names::kPools,
          .run = run};
}

}  // namespace edgetide::cli
