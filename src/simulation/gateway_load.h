#pragma once

#include <vector>

#include "edgetide/core/quantity.h"
#include "edgetide/core/time.h"
#include "edgetide/model/edge_pool.h"

namespace edgetide::simulation {

/// What the viewers of a night open, which gateways have to bear.
struct ConnectionHabits {
  double open = 2;         ///< Connections of one viewer, while watching.
  double per_arrival = 2;  ///< TLS handshakes of one, on coming and on coming back.
  Seconds stay{1800};      ///< After so long, on average, one leaves and another comes.
};

/// What became of those who wanted to watch at one step.
struct LetIn {
  Viewers viewers;                 ///< Have a connection.
  HandshakesPerSecond handshakes;  ///< Were taken.
  Connections wanted;              ///< Were everybody let in,
  HandshakesPerSecond asked;       ///< and nobody had waited before.
};

/// The TLS connections of an audience, and what its gateways take of them: handshakes up to the
/// capacity of what is Ready. Who finds none free waits, is not served, and tries again.
class GatewayLoad {
 public:
  GatewayLoad(const model::EdgePool& pool, const ConnectionHabits& habits)
      : pool_(pool), habits_(habits) {}

  /// Who is there at a moment, and who wants in.
  struct Door {
    Viewers wanting;
    ViewersPerSecond coming;  ///< Beside those who take the place of others.
    Replicas serving;
  };
  /// What happens within `step` from `at` on. \pre times rise
  void advance(Instant at, Seconds step, const Door& door);

  [[nodiscard]] const LetIn& last() const { return last_; }
  /// As a gateway counts them at that moment: open ones, and the handshakes of a second, averaged
  /// over the two minutes before; before the first moment those of the first. \pre there was one
  [[nodiscard]] double open(Instant at) const;
  [[nodiscard]] HandshakesPerSecond handshakes(Instant at) const;

 private:
  struct Counted {
    Instant at;
    double open;
    double handshakes;  ///< A second.
  };

  model::EdgePool pool_;
  ConnectionHabits habits_;
  double waiting_ = 0;  ///< Handshakes of who still wants in, for want of room.
  LetIn last_;
  std::vector<Counted> counted_;  ///< By time.
};

}  // namespace edgetide::simulation
