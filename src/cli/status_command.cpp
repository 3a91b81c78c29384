#include <unistd.h>

#include <chrono>
#include <ostream>
#include <sstream>
#include <thread>

#include "app/complaints.h"
#include "app/system_clock.h"
#include "cli/cluster_options.h"
#include "cli/commands.h"
#include "cli/output_option.h"
#include "cli/pool_arguments.h"
#include "cli/status_output.h"
#include "cli/text_table.h"
#include "cli/version.h"

namespace edgetide::cli {
namespace {

constexpr std::size_t kMostComplaints = 20;

/// Below the table: what is not as it should be, pool by pool.
void print_complaints(const std::vector<kube::PoolStatus>& pools, Instant now, std::ostream& out) {
  std::size_t count = 0;
  for (const kube::PoolStatus& pool : pools) {
    for (const std::string& complaint : app::complaints(pool, now)) {
      if (count++ == 0) out << '\n';
      if (count <= kMostComplaints) out << wrapped(pool.key.text() + ": " + complaint, "! ");
    }
  }
  if (count > kMostComplaints)
    out << "! and " << count - kMostComplaints << " more; -o json has them all\n";
}

/// A table, and not text for programs.
bool for_people(const config::Settings& settings) {
  const std::string format = settings.text("output");
  return format == "text" || format == "wide";
}

Exit show(const app::ClusterClient& cluster, const config::Settings& settings,
          const Console& console) {
  const auto objects = read_pools(cluster, settings);
  if (!objects.ok()) return fail(console, objects.error());
  std::vector<kube::PoolStatus> pools;
  for (const json::Value& object : *objects) pools.push_back(kube::decode_pool_status(object));
  const Instant now = app::SystemClock().now();
  const std::string format = settings.text("output");
  if (pools.empty()) console.err << "edgetide: no EdgePools found\n";
  if (!pools.empty() || !for_people(settings))
    console.out << print_statuses(pools, format, now, console.columns);
  if (for_people(settings)) print_complaints(pools, now, console.out);
  return Exit::kOk;
}

/// Again and again, until somebody interrupts; what fails is said and tried again.
[[noreturn]] void show_on(const app::ClusterClient& cluster, const config::Settings& settings,
                          const Console& console) {
  constexpr std::chrono::seconds kEvery{2};
  constexpr const char* kClear = "\033[H\033[2J";
  const std::string term = console.environment("TERM").value_or("");
  const bool can_be_cleared = isatty(STDOUT_FILENO) != 0 && !term.empty() && term != "dumb";
  while (true) {
    std::ostringstream text;
    const Console page{.out = text, .err = text, .environment = {}, .columns = console.columns};
    if (for_people(settings))
      text << "Every " << kEvery.count() << "s: " << to_string(app::SystemClock().now()) << "\n\n";
    static_cast<void>(show(cluster, settings, page));
    console.out << (can_be_cleared ? kClear : "") << text.str() << std::flush;
    std::this_thread::sleep_for(kEvery);
  }
}

Exit run(const config::Settings& settings, const Console& console) {
  if (settings.flag("all-namespaces") && !settings.list("namespace").empty())
    return fail(console, {.code = ErrorCode::kInvalid,
                          .message = "--all-namespaces and --namespace exclude each other"});
  const auto cluster = app::open_cluster(request_access(settings), std::string(kVersion));
  if (!cluster.ok()) return fail(console, cluster.error());
  if (settings.flag("watch")) show_on(*cluster, settings, console);
  return show(*cluster, settings, console);
}

std::vector<config::Option> options() {
  auto all = request_options();
  all.push_back({.name = "all-namespaces",
                 .help = "Every namespace, as without --namespace.",
                 .kind = config::Option::Kind::kFlag,
                 .short_name = 'A'});
  all.push_back(selector_option());
  all.push_back({.name = "watch",
                 .help = "Show it again every two seconds, until interrupted.",
                 .kind = config::Option::Kind::kFlag,
                 .short_name = 'w'});
  all.push_back(
      output_option({"text", "wide", "json", "yaml", "csv", "name"},
                    "How to print; wide has more columns, json and yaml have everything."));
  return all;
}

}  // namespace

Command status_command() {
  return {.name = "status",
          .summary = "all pools at a glance",
          .usage = "status [NAMESPACE/POOL]... [options]",
          .about =
              "Shows what was last decided for each pool, from the statuses that the operator "
              "writes: replicas\nReady and desired, the peak that is prepared for and in how "
              "long, what decided the size, whether\nthe promised loss would be survived now, "
              "replicas that are needed and cannot be had, and a pause.\nWhat is not as it should "
              "be stands below.",
          .options = options(),
          .examples = {"edgetide status                       # every pool of the cluster",
                       "edgetide status -n video -o wide", "edgetide status --watch"},
          .max_arguments = 1000,
          .names = Names::kPools,
          .run = run};
}

}  // namespace edgetide::cli
