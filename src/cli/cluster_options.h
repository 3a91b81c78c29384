#pragma once

#include <vector>

#include "config/settings.h"
#include "kube/in_cluster.h"

namespace edgetide::cli {

/// --kubeconfig, --context and --namespace, which every command that talks to a cluster has.
[[nodiscard]] inline std::vector<config::Option> cluster_options() {
  return {{.name = "kubeconfig",
           .help = "Kubeconfig file. Without it: those of $KUBECONFIG, the pod's service account, "
                   "~/.kube/config.",
           .value_name = "FILE"},
          {.name = "context", .help = "Context of the kubeconfig.", .value_name = "NAME"},
          {.name = "namespace",
           .help = "Only this namespace; all without it.",
           .kind = config::Option::Kind::kList,
           .value_name = "NAME",
           .short_name = 'n'}};
}

/// --node-room, of who takes decisions on a cluster.
[[nodiscard]] inline config::Option node_room_option() {
  return {.name = "node-room",
          .help =
              "Follow the nodes and what stands on them, so that the days ahead are held against "
              "their room as well. Takes the right to list and watch nodes, and pods everywhere.",
          .kind = config::Option::Kind::kFlag};
}

[[nodiscard]] inline kube::AccessOptions access_options(const config::Settings& settings) {
  return {.kubeconfig = settings.text("kubeconfig"), .context = settings.text("context")};
}

}  // namespace edgetide::cli
