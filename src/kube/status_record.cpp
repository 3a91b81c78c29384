#include <algorithm>
#include <cmath>

#include "edgetide/model/reasons.h"
#include "kube/status_codec.h"

namespace edgetide::kube {
namespace {

constexpr std::size_t kMostDecisions = 10;
constexpr std::int64_t kHighestEpoch = 1'000'000'000'000;
constexpr std::int64_t kHighestBitrate = 1'000'000'000'000;
constexpr std::int64_t kMostReplicasEver = 100'000'000;
constexpr std::int64_t kMostSeconds = 1'000'000'000'000'000;

std::optional<Instant> instant_at(const json::Value& object, std::string_view path) {
  const auto text = json::get_string(object, path);
  return text.ok() ? parse_instant(*text) : std::nullopt;
}

std::string text_at(const json::Value& object, std::string_view path) {
  const auto text = json::get_string(object, path);
  return text.ok() ? *text : std::string{};
}

std::optional<Replicas> replicas_at(const json::Value& object, std::string_view path) {
  const auto count = json::get_int(object, path, 0, kMostReplicasEver);
  if (!count.ok()) return std::nullopt;
  return Replicas{static_cast<int>(*count)};
}

/// The list's items; none when there is no list.
json::Value items_at(const json::Value& object, std::string_view path) {
  const json::Value* found = json::find(object, path);
  return found != nullptr && found->is_array() ? *found : json::Value::array();
}

std::optional<RecordedDecision> read_decision(const json::Value& item) {
  const auto at = instant_at(item, "time");
  const auto from = replicas_at(item, "from");
  const auto to = replicas_at(item, "to");
  if (!at || !from || !to) return std::nullopt;
  const auto dry_run = json::get_bool(item, "dryRun");
  return RecordedDecision{.at = *at,
                          .action = text_at(item, "action"),
                          .from = *from,
                          .to = *to,
                          .reason = text_at(item, "reason"),
                          .dry_run = dry_run.ok() ? std::optional(*dry_run) : std::nullopt};
}

/// What was written in total, and whether anything was.
struct Written {
  bool any = false;
  int change = 0;
};

Written written(const ports::ActOutcome& outcome) {
  Written sum;
  for (const ports::DomainOutcome& write : outcome.writes) {
    if (!write.result.ok()) continue;
    sum.any = true;
    sum.change += write.to.count() - write.from.count();
  }
  return sum;
}

bool changes_something(const model::ScalingPlan& plan) {
  return std::ranges::any_of(
      plan.domains, [](const model::DomainPlan& domain) { return domain.from != domain.to; });
}

/// By the total; domains that only trade replicas are rebalanced.
std::string action_text(const model::ScalingPlan& plan) {
  return plan.action == model::Action::kHold ? "Rebalance"
                                             : std::string{model::to_string(plan.action)};
}

/// What decided the size that was written: a person, where a pause names a number and that is not
/// what was wanted; or else the basis.
std::string decided_by(const model::PlanReport& report) {
  const bool at_a_number = report.pause && report.pause->replicas;
  const bool by_hand =
      at_a_number && std::ranges::any_of(report.verdicts, [](const model::GuardVerdict& verdict) {
        return verdict.reason == std::string_view{model::reason::kPaused};
      });
  return by_hand ? model::reason::kPaused : basis_text(report);
}

RecordedDecision decision_of(const model::PlanReport& report) {
  return {.at = report.at,
          .action = action_text(report.plan),
          .from = report.plan.total_from(),
          .to = report.plan.total_to(),
          .reason = decided_by(report),
          .dry_run = report.mode == model::Mode::kDryRun};
}

/// In DryRun the fleet does not follow, so the same decision comes again with every look: it is
/// brought up to date and keeps the time at which it was first made.
void record_dry_run(std::vector<RecordedDecision>& decisions, RecordedDecision decision) {
  if (!decisions.empty() && decisions.front().dry_run == true &&
      decisions.front().action == decision.action && decisions.front().from == decision.from) {
    decision.at = decisions.front().at;
    decisions.front() = std::move(decision);
    return;
  }
  decisions.insert(decisions.begin(), std::move(decision));
}

model::FleetUse read_use(const json::Value& object, const std::string& path) {
  const auto number = [&](const char* key) {
    return json::get_int(object, path + key, 0, kMostSeconds);
  };
  const auto seconds = number(".replicaSeconds");
  const auto unserved = number(".shortViewerSeconds");
  const auto short_for = number(".shortSeconds");
  return {.replica_seconds = seconds.ok() ? static_cast<double>(*seconds) : 0,
          .short_viewer_seconds = unserved.ok() ? static_cast<double>(*unserved) : 0,
          .short_for = Seconds{short_for.ok() ? *short_for : 0}};
}

void read_dry_run(const json::Value& object, StatusRecord& record) {
  record.dry_run_since = instant_at(object, "status.dryRun.since");
  if (!record.dry_run_since) return;
  const auto judged = json::get_int(object, "status.dryRun.judgedSeconds", 0, kMostSeconds);
  record.dry_run = {.judged = Seconds{judged.ok() ? *judged : 0},
                    .standing = read_use(object, "status.dryRun.standing"),
                    .planned = read_use(object, "status.dryRun.planned")};
}

/// A dry run ends with the pool's mode, and what it was worth with it.
void note_dry_run(StatusRecord& record, const model::PlanReport& report) {
  if (report.mode != model::Mode::kDryRun) {
    record.dry_run_since.reset();
    record.dry_run = {};
    return;
  }
  if (!report.dry_run) return;
  if (!record.dry_run_since) record.dry_run_since = report.at;
  record.dry_run += *report.dry_run;
}

/// With one decimal below a hundred.
std::string hours_text(double seconds) {
  const auto tenths = static_cast<std::int64_t>(std::llround(seconds / 360));
  if (tenths >= 1000 || tenths % 10 == 0) return std::to_string((tenths + 5) / 10);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
}

}  // namespace

std::string worth_text(const model::DryRunWorth& worth) {
  const auto& [judged, standing, planned] = worth;
  return "in " + to_string(judged) + " the plans took " + hours_text(planned.replica_seconds) +
         " replica-hours and were short for " + to_string(planned.short_for) +
         ", what stood took " + hours_text(standing.replica_seconds) + " and was short for " +
         to_string(standing.short_for);
}

std::string basis_text(const model::PlanReport& report) {
  std::string basis{model::to_string(report.sizing.basis)};
  if (report.sizing.basis == model::SizingBasis::kEvent) basis += "/" + report.peak.event;
  return basis;
}

StatusRecord decode_status_record(const json::Value& pool_object) {
  StatusRecord record;
  for (const json::Value& item : items_at(pool_object, "status.conditions")) {
    const std::string type = text_at(item, "type");
    const auto since = instant_at(item, "lastTransitionTime");
    if (!type.empty() && since) record.conditions[type] = {text_at(item, "status"), *since};
  }
  record.last_scale_up = instant_at(pool_object, "status.lastScaleUpTime");
  record.last_scale_down = instant_at(pool_object, "status.lastScaleDownTime");
  for (const json::Value& item : items_at(pool_object, "status.recentDecisions")) {
    if (record.decisions.size() == kMostDecisions) break;
    if (auto decision = read_decision(item)) record.decisions.push_back(std::move(*decision));
  }
  read_dry_run(pool_object, record);
  const auto bitrate =
      json::get_int(pool_object, "status.demand.bitsPerSecondPerViewer", 1, kHighestBitrate);
  if (bitrate.ok()) record.bitrate = BitsPerSecond{static_cast<double>(*bitrate)};
  const auto epoch = json::get_int(pool_object, "status.leaderEpoch", 1, kHighestEpoch);
  if (epoch.ok()) record.leader_epoch = *epoch;
  return record;
}

StatusRecord advance(StatusRecord record, const model::PlanReport& report,
                     const ports::ActOutcome& outcome) {
  const Written sum = written(outcome);
  if (sum.change > 0) record.last_scale_up = report.at;
  if (sum.change < 0) record.last_scale_down = report.at;
  if (sum.any) {
    record.decisions.insert(record.decisions.begin(), decision_of(report));
  } else if (report.mode == model::Mode::kDryRun && changes_something(report.plan)) {
    record_dry_run(record.decisions, decision_of(report));
  }
  note_dry_run(record, report);
  if (const auto& bitrate = report.observation.demand.bitrate)
    record.bitrate = BitsPerSecond{std::ceil(bitrate->count())};
  if (record.decisions.size() > kMostDecisions) record.decisions.resize(kMostDecisions);
  return record;
}

}  // namespace edgetide::kube
