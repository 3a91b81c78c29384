#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "edgetide/core/result.h"
#include "edgetide/core/time.h"
#include "kube/access.h"
#include "kube/cluster.h"
#include "kube/leader_election.h"

namespace edgetide::app {

/// How several replicas of the operator agree on the one that acts.
struct LeadOptions {
  bool elect = false;      ///< False: this replica is the only one.
  std::string name_space;  ///< Of the Lease; empty for that of the access.
  std::string name = "edgetide";
  Seconds lease_duration{15};
  Seconds renew_deadline{10};
  Seconds retry_period{2};
};

/// Whether this replica acts. Losing the lease ends the process with exit status 1: what it had
/// begun must not go on beside another's.
class Lead final : public ports::Leadership {
 public:
  /// kInvalid when the times leave no room for a renewal that fails.
  [[nodiscard]] static Result<std::unique_ptr<Lead>> prepare(const kube::Access& access,
                                                             const LeadOptions& options);

  /// Lets a cluster write only while this replica leads.
  void guard(kube::ClusterOptions& options) const;

  /// Takes part from now on; `on_gained` is called, from another thread, when this replica begins
  /// to act. \pre both outlive this object's `release`.
  void seek(const kube::Cluster& cluster, std::function<void()> on_gained);

  /// \pre everything that acts has stopped.
  void release();

  [[nodiscard]] bool leads() const override;

 private:
  explicit Lead(std::unique_ptr<http::Transport> transport, const kube::Access& access,
                const LeadOptions& options);

  const kube::Cluster* cluster_ = nullptr;
  std::function<void()> on_gained_;
  std::unique_ptr<kube::LeaderElection> election_;  ///< Nothing when there is none.
};

}  // namespace edgetide::app
