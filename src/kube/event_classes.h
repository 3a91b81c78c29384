#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "edgetide/core/ids.h"
#include "edgetide/model/event_class.h"
#include "kube/outbox.h"
#include "kube/watched.h"

namespace edgetide::kube {

/// The EventClasses of the cluster, from a watch, and what they learn: written to their status when
/// an event has ended, and only then.
///
/// An event's pools tell of it one after another; what they tell is added up. Since a class is
/// taught by the same event only once, and by a larger sum in its place, a restart that reads its
/// past again changes nothing. Safe for use from several threads.
class EventClasses {
 public:
  using OnProblem = std::function<void(const std::string&)>;

  /// \pre `outbox` outlives the last call; `writes` says whether this replica writes at this
  /// moment.
  EventClasses(Client& client, Outbox& outbox, std::function<bool()> writes, OnProblem on_problem);

  void start() { classes_->reflector().start(); }
  [[nodiscard]] Reflector* reflector() const { return &classes_->reflector(); }

  /// Nothing is known of a class that does not exist.
  [[nodiscard]] model::KnownClass known(const std::string& event_class) const;

  /// What an event brought to one pool.
  void note_outcome(const ObjectKey& pool, const model::EventOutcome& outcome);

 private:
  using EventId = std::pair<Instant, std::string>;
  using Shares = std::map<ObjectKey, std::vector<double>>;

  [[nodiscard]] std::vector<model::EventClass> all() const;
  [[nodiscard]] std::vector<double> total(const ObjectKey& pool,
                                          const model::EventOutcome& outcome);
  void forget_known();  ///< \pre locked.
  void post(const std::string& name, const model::LearnedClass& learned);

  Outbox& outbox_;
  std::function<bool()> writes_;
  OnProblem on_problem_;
  mutable std::mutex mutex_;
  std::map<std::string, model::LearnedClass> posted_;        ///< Until the watch tells of it.
  std::map<std::string, std::map<EventId, Shares>> shares_;  ///< By class.
  mutable std::map<std::string, model::KnownClass> known_;   ///< Worked out when first asked for.
  std::uint64_t changes_ = 0;                                ///< Since then it may be otherwise.
  std::unique_ptr<Watched<model::EventClass>> classes_;      // last: its thread calls back
};

}  // namespace edgetide::kube
