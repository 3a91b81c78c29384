#pragma once

#include <string>
#include <vector>

#include "app/single_look.h"
#include "kube/manifests.h"

/// What is said, beside the decisions, of what files tell and do not tell. Empty for nothing.
namespace edgetide::cli {

/// When the recording ends, by which is decided where nobody names a moment.
[[nodiscard]] std::string remark_on_last_sample(Instant last, Instant now);

/// StreamEvents that no pool of the files carries: how many, and one of them.
[[nodiscard]] std::string remark_on_unmatched(const kube::Manifests& manifests);

/// Of each domain that is told to hold more than it may.
[[nodiscard]] std::vector<std::string> remarks_on_fuller_domains(
    const std::vector<model::EdgePool>& pools, Replicas per_domain);

/// Of each pool whose replicas the scheduler spreads, which files do not tell of.
[[nodiscard]] std::vector<std::string> remarks_on_spread(const std::vector<app::Look>& looks);

}  // namespace edgetide::cli
