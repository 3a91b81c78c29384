#pragma once

#include <string>

#include "edgetide/core/ids.h"
#include "edgetide/core/result.h"
#include "kube/client.h"
#include "kube/kept_answers.h"

namespace edgetide::kube {

/// How many more nodes Cluster API's MachineDeployments may bring: their greatest size, by the
/// annotation of the cluster autoscaler, less the machines that are asked for. Read again once a
/// minute, in whatever version the server prefers. Safe for use from several threads at once.
class MachineDeployments {
 public:
  explicit MachineDeployments(Client& client);

  /// kNotFound where there is no such object, or its greatest size is not annotated.
  [[nodiscard]] Result<int> more_nodes(const ObjectKey& key) { return answers_.get(key); }

 private:
  [[nodiscard]] Result<int> ask(const ObjectKey& key);

  Client& client_;
  KeptAnswers<ObjectKey, int> answers_;  // last: its thread asks
};

/// What a MachineDeployment says of itself.
[[nodiscard]] Result<int> read_more_nodes(std::string_view machine_deployment);

}  // namespace edgetide::kube
