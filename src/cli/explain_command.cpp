#include <ostream>

#include "app/system_clock.h"
#include "cli/cluster_options.h"
#include "cli/commands.h"
#include "cli/explanation.h"
#include "cli/output_option.h"
#include "cli/pool_arguments.h"
#include "cli/version.h"
#include "kube/codecs.h"

namespace edgetide::cli {
namespace {

Exit run(const config::Settings& settings, const Console& console) {
  if (settings.arguments().empty()) {
    return fail(console,
                {.code = ErrorCode::kInvalid, .message = "explain wants one pool: NAMESPACE/POOL"});
  }
  const auto cluster = app::open_cluster(request_access(settings), std::string(kVersion));
  if (!cluster.ok()) return fail(console, cluster.error());
  const ObjectKey key =
      object_key(settings.arguments().front(), home_namespace(settings, cluster->access));
  const auto object = read_pool(*cluster, key);
  if (!object.ok()) return fail(console, object.error());
  const kube::PoolStatus status = kube::decode_pool_status(*object);
  const auto pool = kube::decode_pool(*object);
  if (!pool.ok()) return fail(console, kube::to_error(pool.problems, "EdgePool " + key.text()));
  if (status.observed_generation == 0) {
    return fail(console,
                {.code = ErrorCode::kNotFound,
                 .message = "not decided upon yet: is an operator running? 'edgetide plan " +
                            key.text() + "' decides once, here",
                 .context = "EdgePool " + key.text()});
  }
  const Instant now = app::SystemClock().now();
  const auto surroundings = read_surroundings(*cluster, pool.value, now);
  console.out << print_explanation(explain(status, pool.value, surroundings, now),
                                   settings.text("output"), now);
  return Exit::kOk;
}

std::vector<config::Option> options() {
  auto all = request_options();
  all.push_back(output_option({"text", "json", "yaml"}));
  return all;
}

}  // namespace

Command explain_command() {
  return {.name = "explain",
          .summary = "why a pool has its size, and what would change it",
          .usage = "explain NAMESPACE/POOL [options]",
          .about =
              "Tells how the operator came to the size of a pool: every input with its age, the "
              "numbers from\nviewers to replicas, which limits spoke, and what would change the "
              "size. Reads what the operator\nhas written down; 'edgetide plan' decides anew.",
          .options = options(),
          .examples = {"edgetide explain video/live-edge",
                       "edgetide explain live-edge -n video -o json"},
          .max_arguments = 1,
          .names = Names::kPools,
          .run = run};
}

}  // namespace edgetide::cli
