#pragma once

#include <string>
#include <vector>

#include "edgetide/core/ids.h"
#include "edgetide/ports/clock.h"
#include "kube/in_cluster.h"

namespace edgetide::app {

/// One thing that was looked at.
struct Finding {
  enum class State { kOk, kWarning, kFailure };

  State state = State::kOk;
  std::string subject;  ///< "API server", "definition edgepools"
  std::string text;     ///< What was seen.
  std::string remedy;   ///< What helps; empty where nothing has to be done.
};

struct DoctorOptions {
  kube::AccessOptions access;
  std::vector<std::string> namespaces;  ///< Pools of these only; empty for all.
  /// The operator's, as "NAMESPACE/NAME": its rights are looked at in place of one's own.
  std::string service_account;
  std::string lease_namespace;  ///< Of the Lease that its replicas elect by; empty: found out.
  std::string lease_name = "edgetide";
  std::string version;  ///< Of this program.
};

/// Looks at everything that has to be right for decisions to be made and carried out: the way to
/// the API server, its version and clock, the definitions, who leads, rights, metric sources with
/// the age of what they answer, pools, and who else scales their targets. Changes nothing.
[[nodiscard]] std::vector<Finding> examine(const DoctorOptions& options, const ports::Clock& clock);

}  // namespace edgetide::app
