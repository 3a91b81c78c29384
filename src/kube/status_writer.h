#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "edgetide/ports/report_sink.h"
#include "kube/outbox.h"
#include "kube/status_codec.h"

namespace edgetide::kube {

/// What a status says, boiled down to what makes it worth writing.
struct StatusDigest {
  Instant at;
  std::size_t facts = 0;  ///< Equal ones say the same, but for the numbers below and times.
  std::int64_t span = 0;  ///< Which five minutes of the pool's own it is in.
  double demand = 0;
  double ready = 0;
  double missing = 0;  ///< Of the shortfall; none when nothing is short.
};

[[nodiscard]] StatusDigest digest_of(const model::EdgePool& pool, const model::PlanReport& report,
                                     const std::vector<std::string>& spec_problems);

/// Whether readers of the last status would be misled: another desired size, condition, verdict or
/// basis; demand, or Ready or missing replicas, moved by 5 % or to or from nothing; or the pool's
/// next five minutes have begun, which is at another time of them than other pools'.
[[nodiscard]] bool is_worth_writing(const StatusDigest& now, const StatusDigest& written);

/// Keeps the statuses of EdgePools, by server-side apply, when there is something new to say.
class StatusWriter {
 public:
  /// What earlier runs left in a pool's status, and what is wrong with its spec now.
  struct PoolFacts {
    StatusRecord record;
    std::vector<std::string> spec_problems;
  };
  using LookUp = std::function<PoolFacts(const ObjectKey&)>;
  using Epoch = std::function<std::int64_t()>;

  /// \pre `outbox` outlives the writer's last call; its thread ends before the writer does.
  /// `epoch` of this replica's lead; empty where none is elected: then what stands is kept.
  StatusWriter(Outbox& outbox, LookUp look_up, Epoch epoch,
               std::function<void(const std::string&)> on_problem)
      : outbox_(outbox),
        look_up_(std::move(look_up)),
        epoch_(std::move(epoch)),
        on_problem_(std::move(on_problem)) {}

  void publish(const model::EdgePool& pool, const model::PlanReport& report,
               const ports::ActOutcome& outcome);
  /// Says that a pool cannot be used at all, which no plan will. \pre problems are not empty.
  void refuse(const ObjectKey& pool, std::int64_t generation,
              const std::vector<std::string>& spec_problems, Instant now);
  void forget(const ObjectKey& pool);

 private:
  struct State {
    StatusRecord record;
    std::optional<StatusDigest> written;  ///< Nothing: to be written whatever it says.
  };

  [[nodiscard]] State& state_of(const ObjectKey& pool, const PoolFacts& facts);
  void post(const ObjectKey& pool, const json::Value& status);
  void note_outcome(const ObjectKey& pool, const Result<std::string>& outcome);

  Outbox& outbox_;
  LookUp look_up_;
  Epoch epoch_;
  std::function<void(const std::string&)> on_problem_;
  std::mutex mutex_;
  std::map<ObjectKey, State> states_;
};

}  // namespace edgetide::kube
