#pragma once

#include <map>
#include <optional>
#include <set>
#include <utility>

#include "edgetide/core/ids.h"
#include "edgetide/core/quantity.h"
#include "edgetide/core/time.h"

/// Many pools of one source that want less at once: a source is more likely wrong than so many
/// audiences.
namespace edgetide::guard {

/// A change of the many is believed once it is that old.
inline constexpr Seconds kMassChangeAge{600};

/// What a pool wanted at a look, before any guard had spoken.
struct Wish {
  Replicas wanted;
  Replicas standing;
};

/// What a pool is told of the others that its source serves.
struct MassChange {
  enum class State {
    kNone,
    kUnseen,  ///< The pool wants less for the first time; the others have not looked since.
    kHolds,   ///< More than a fifth of the pools, and at least five, came to want less at once.
  };
  State state = State::kNone;
  int wanting_less = 0;  ///< The most that did at once, since it holds.
  int pools = 0;         ///< That the source serves.
};

/// The pools of one source, look by look.
///
/// A *change* is a wish for a tenth less than the pool wanted before, and less than stands; of a
/// pool that was never seen, for a tenth less than stands. It *holds* from the moment that more
/// than 20 % of the pools, and at least five, have changed within a minute, until ten minutes after
/// they last did. After a restart every pool that would lower is a change.
class MassChangeWatch {
 public:
  /// What the pool wants at its look at `now`; nothing when data are in doubt.
  void note(const ObjectKey& pool, const std::optional<Wish>& wish, Instant now);

  /// The source does not serve the pool any more.
  void forget(const ObjectKey& pool);

  /// `tick`: within which every pool has a look.
  [[nodiscard]] MassChange told_to(const ObjectKey& pool, Instant now, Seconds tick) const;

 private:
  struct Pool {
    std::optional<Replicas> reference;  ///< What a change is measured by.
    std::optional<Instant> less_since;  ///< Nothing: wants no less.
    std::optional<Instant> changed;
  };

  void set_changed(const ObjectKey& key, Pool& pool, std::optional<Instant> at);
  void judge(Instant now);

  std::map<ObjectKey, Pool> pools_;
  std::set<std::pair<Instant, ObjectKey>> changes_;  ///< Of a minute, by time.
  std::optional<Instant> first_;  ///< Look; until a tick later not all have had theirs.
  std::optional<Instant> last_;   ///< When so many last changed,
  int most_ = 0;                  ///< and the most that did since it began to hold.
};

}  // namespace edgetide::guard
