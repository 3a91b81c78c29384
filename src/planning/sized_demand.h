#pragma once

#include <map>
#include <optional>
#include <tuple>

#include "edgetide/model/edge_pool.h"
#include "edgetide/model/fleet.h"
#include "edgetide/model/observation.h"
#include "edgetide/sizing/new_connections.h"

namespace edgetide::planning {

/// What a demand takes and is granted within the limits: `sizing::recommend` in numbers.
struct Sized {
  Viewers planned;
  Viewers after_loss;  ///< Of them, those that are left to carry after the loss.
  Replicas with_redundancy;
  Replicas granted;
  Replicas missing;
};

/// Sizes for many demands of one pool; those that need as many replicas are worked out once.
class SizedDemand {
 public:
  /// \pre both outlive it
  SizedDemand(const model::EdgePool& pool, const model::Observation& seen)
      : pool_(pool), seen_(seen) {}

  /// Nothing when no resource has a need to go by.
  [[nodiscard]] std::optional<Sized> of(Viewers planned, Viewers after_loss, Replicas least);
  /// Viewers that a fleet does not carry: of the planned ones while all of it stands, and of those
  /// that are left to carry after the loss that must be survived, whichever are more.
  [[nodiscard]] Viewers short_of(const Sized& sized, const model::Fleet& fleet) const;

 private:
  [[nodiscard]] Viewers beyond(Viewers wanted, Replicas serving,
                               const sizing::NewConnections& coming) const;

  const model::EdgePool& pool_;
  const model::Observation& seen_;
  /// By serving replicas, before and after the loss, and minimum.
  using Need = std::tuple<Replicas, Replicas, Replicas>;
  std::map<Need, Sized> known_;
  /// The last one that was asked for, which neighbours in time mostly share.
  std::map<Need, Sized>::iterator last_ = known_.end();
};

}  // namespace edgetide::planning
