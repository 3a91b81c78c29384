#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "edgetide/core/ids.h"
#include "edgetide/core/quantity.h"
#include "edgetide/core/time.h"
#include "edgetide/model/dry_run.h"
#include "edgetide/model/plan_report.h"
#include "edgetide/ports/report_sink.h"
#include "json/json.h"

/// The status of an EdgePool: a plan report in, what kubectl shows out.
namespace edgetide::kube {

/// A decision to change something, as it is kept in the status.
struct RecordedDecision {
  Instant at;
  std::string action;  ///< "ScaleUp", "ScaleDown"; "Rebalance" when only the spread changes.
  Replicas from;       ///< In total over the domains.
  Replicas to;
  std::string reason;  ///< The basis of the size: "Forecast", "Event/final"; "Paused" by a person.
  /// Told and not written; nothing of decisions that were recorded before that was.
  std::optional<bool> dry_run;

  bool operator==(const RecordedDecision&) const = default;
};

/// The part of a status that is made of earlier ones. A restarted operator reads it back.
struct StatusRecord {
  struct ConditionState {
    std::string status;       ///< "True", "False", "Unknown"
    Instant last_transition;  ///< When `status` took its value.

    bool operator==(const ConditionState&) const = default;
  };

  std::map<std::string, ConditionState> conditions;  ///< By type.
  std::optional<Instant> last_scale_up;
  std::optional<Instant> last_scale_down;
  std::vector<RecordedDecision> decisions;  ///< Newest first, at most ten.
  std::optional<Instant> dry_run_since;     ///< Nothing in Enforce.
  model::DryRunWorth dry_run;               ///< Since then.
  std::optional<BitsPerSecond> bitrate;     ///< Of one viewer, as last measured.
  /// Of the leader that wrote it; zero where none was elected. The server refuses a smaller one.
  std::int64_t leader_epoch = 0;

  bool operator==(const StatusRecord&) const = default;
};

/// What decided the size, in a word: "Forecast", "Event/video/final".
[[nodiscard]] std::string basis_text(const model::PlanReport& report);

/// "in 3h the plans took 120 replica-hours and were short for 0s, what stood took 150 and was ..."
[[nodiscard]] std::string worth_text(const model::DryRunWorth& worth);

/// Reads the record from an EdgePool's `status`. What is absent or cannot be understood is left
/// out: a status is a memory, not an input.
[[nodiscard]] StatusRecord decode_status_record(const json::Value& pool_object);

/// The record after one more look at the pool. A decision enters when something of it was written;
/// in DryRun when it differs from the newest one.
[[nodiscard]] StatusRecord advance(StatusRecord record, const model::PlanReport& report,
                                   const ports::ActOutcome& outcome);

/// What is told about a pool.
struct StatusInputs {
  const model::EdgePool& pool;  ///< The version that was decided upon.
  const model::PlanReport& report;
  /// What is wrong with the pool as it is written now, a line each; then `pool` is an older
  /// version.
  const std::vector<std::string>& spec_problems;
};

/// The body of a server-side apply to the pool's `status` subresource. Every time of change in
/// `record`'s conditions is brought up to date: `lastTransitionTime` moves only with the status.
[[nodiscard]] json::Value encode_status(const StatusInputs& inputs, StatusRecord& record);

/// The same for a pool that was never usable: `SpecValid` and `ScalingActive` are False, and
/// everything the record knows stays.
/// \pre spec_problems are not empty.
[[nodiscard]] json::Value encode_refused_status(const ObjectKey& pool, std::int64_t generation,
                                                const std::vector<std::string>& spec_problems,
                                                Instant now, StatusRecord& record);

/// Cut after a whole character where it is too long. Bytes, which are never fewer than characters.
[[nodiscard]] std::string clipped(const std::string& text, std::size_t longest);

}  // namespace edgetide::kube
