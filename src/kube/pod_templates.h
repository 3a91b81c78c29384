#pragma once

#include <memory>

#include "edgetide/core/result.h"
#include "kube/client.h"
#include "kube/discovery.h"
#include "kube/kept_answers.h"
#include "kube/pod_shape.h"
#include "kube/scale_cache.h"

namespace edgetide::kube {

/// What the pods of a workload will be, by its template: for targets of which none stands. What
/// admission would add is not known. Read again once a minute, by the right to list that watching a
/// target takes anyway. Safe for use from several threads at once.
class PodTemplates {
 public:
  explicit PodTemplates(Client& client);

  /// kNotFound where the object is not there, or has no template of pods.
  [[nodiscard]] Result<std::shared_ptr<const PodShape>> shape_of(const TargetKey& key) {
    return answers_.get(key);
  }

 private:
  using Shape = Result<std::shared_ptr<const PodShape>>;

  [[nodiscard]] Shape ask(const TargetKey& key);

  Client& client_;
  Discovery discovery_;
  KeptAnswers<TargetKey, std::shared_ptr<const PodShape>> answers_;  // last: its thread asks
};

}  // namespace edgetide::kube
