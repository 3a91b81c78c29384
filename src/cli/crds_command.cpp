#include <ostream>

#include "app/cluster_client.h"
#include "cli/cluster_options.h"
#include "cli/commands.h"
#include "cli/version.h"
#include "kube/crds.h"

namespace edgetide::cli {
namespace {

std::vector<config::Option> options() {
  auto all = request_options();
  std::erase_if(all, [](const config::Option& option) { return option.name == "namespace"; });
  all.push_back({.name = "apply",
                 .help = "Create the definitions in the cluster, or bring them up to this version, "
                         "instead of printing them.",
                 .kind = config::Option::Kind::kFlag});
  return all;
}

Exit apply(const config::Settings& settings, const Console& console) {
  const auto cluster = app::open_cluster(request_access(settings), std::string(kVersion));
  if (!cluster.ok()) return fail(console, cluster.error());
  for (const kube::CrdFile& file : kube::crd_files()) {
    if (const auto applied = kube::apply_crd(*cluster->client, file); !applied.ok()) {
      Error error = applied.error();
      error.context = "definition " + kube::crd_name(file) + ": " + error.context;
      return fail(console, error);
    }
    console.out << kube::crd_name(file) << " is up to date\n";
  }
  return Exit::kOk;
}

Exit run(const config::Settings& settings, const Console& console) {
  if (settings.flag("apply")) return apply(settings, console);
  console.out << kube::crd_stream();
  return Exit::kOk;
}

}  // namespace

Command crds_command() {
  return {.name = "crds",
          .summary = "print or install the custom resource definitions",
          .usage = "crds [options]",
          .about =
              "Prints the CustomResourceDefinitions of this version as one YAML stream, or "
              "puts them into\nthe cluster.",
          .options = options(),
          .examples = {"edgetide crds | kubectl apply --server-side -f -",
                       "edgetide crds --apply       # the same, as whom the kubeconfig names"},
          .run = run};
}

}  // namespace edgetide::cli
