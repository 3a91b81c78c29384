#pragma once

#include <vector>

#include "config/settings.h"
#include "kube/in_cluster.h"

namespace edgetide::cli {

/// kubectl's options of which cluster, as whom and in which namespace, which every command that
/// talks to a cluster has.
[[nodiscard]] inline std::vector<config::Option> cluster_options() {
  return {{.name = "kubeconfig",
           .help = "Kubeconfig file. Without it: those of $KUBECONFIG, the pod's service account, "
                   "~/.kube/config.",
           .value_name = "FILE"},
          {.name = "context", .help = "Context of the kubeconfig.", .value_name = "NAME"},
          {.name = "cluster",
           .help = "Cluster of the kubeconfig; the context's without.",
           .value_name = "NAME"},
          {.name = "user",
           .help = "User of the kubeconfig; the context's without.",
           .value_name = "NAME"},
          {.name = "as",
           .help = "Whom to act as, where you may impersonate: NAME, or "
                   "system:serviceaccount:NAMESPACE:NAME.",
           .value_name = "USER"},
          {.name = "as-group",
           .help = "With --as: the groups to act in.",
           .kind = config::Option::Kind::kList,
           .value_name = "GROUP"},
          {.name = "namespace",
           .help = "Only this namespace; all without it.",
           .kind = config::Option::Kind::kList,
           .value_name = "NAME",
           .short_name = 'n'}};
}

/// The same with --request-timeout, of commands that ask a few things and end.
[[nodiscard]] inline std::vector<config::Option> request_options() {
  auto all = cluster_options();
  all.push_back({.name = "request-timeout",
                 .help =
                     "How long an answer of the API server is waited for, all tries together; 4s "
                     "without.",
                 .kind = config::Option::Kind::kDuration,
                 .value_name = "DURATION",
                 .min = 1,
                 .max = 600});
  return all;
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
  return {.kubeconfig = settings.text("kubeconfig"),
          .context = settings.text("context"),
          .cluster = settings.text("cluster"),
          .user = settings.text("user"),
          .as = settings.text("as"),
          .as_groups = settings.list("as-group")};
}

/// \pre the command has the options of request_options()
[[nodiscard]] inline kube::AccessOptions request_access(const config::Settings& settings) {
  auto access = access_options(settings);
  if (const auto timeout = settings.duration("request-timeout")) access.request_timeout = *timeout;
  return access;
}

}  // namespace edgetide::cli
