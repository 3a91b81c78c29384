#include "kube/status_writer.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "kube/codecs.h"
#include "kube/paths.h"

namespace edgetide::kube {
namespace {

/// Once in each such span of the pool's own there is a status, whatever it says.
constexpr Seconds kLongestSilence{300};
constexpr double kSmallMove = 0.05;

bool has_moved(double now, double before) {
  if ((now == 0) != (before == 0)) return true;
  return std::abs(now - before) >= kSmallMove * std::max(std::abs(before), 1e-9) && now != before;
}

std::int64_t span_of(const ObjectKey& pool, Instant at) {
  const auto own = static_cast<std::int64_t>(std::hash<ObjectKey>{}(pool) % 300);
  return (at.time_since_epoch() + Seconds{own}) / kLongestSilence;
}

std::string status_path(const ObjectKey& pool) {
  return collection_path(kApiVersion, "edgepools", pool.name_space) + "/" +
         percent_encode(pool.name) + "/status?fieldManager=edgetide&force=true";
}

}  // namespace

StatusDigest digest_of(const model::EdgePool& pool, const model::PlanReport& report,
                       const std::vector<std::string>& spec_problems) {
  StatusDigest digest{.at = report.at, .span = span_of(pool.key, report.at)};
  std::string facts =
      std::to_string(pool.generation) + '\n' + std::string{model::to_string(report.mode)};
  for (const auto& domain : report.plan.domains)
    facts += '\n' + domain.name + '=' + std::to_string(domain.to.count());
  for (const auto& domain : report.observation.domains)
    facts += '\n' + domain.name + (domain.known ? " known" : " " + domain.detail);
  facts += '\n' + std::string{model::to_string(report.sizing.basis)};
  if (report.sizing.basis == model::SizingBasis::kEvent) facts += report.peak.event;
  for (const auto& verdict : report.verdicts) facts += '\n' + verdict.guard + verdict.reason;
  for (const auto& condition : report.conditions) {
    facts +=
        '\n' + condition.type + std::string{model::to_string(condition.status)} + condition.reason;
  }
  for (const auto& violation : report.violations) facts += '\n' + violation.rule;
  if (report.shortfall) facts += '\n' + report.shortfall->cause;
  if (report.outlook) facts += '\n' + std::to_string(report.outlook->shortfalls.size()) + " ahead";
  facts += report.contended ? "\ncontended" : "";
  facts += '\n' + std::string{model::to_string(report.observation.demand.viewers.freshness)};
  for (const auto& problem : spec_problems) facts += '\n' + problem;
  digest.facts = std::hash<std::string>{}(facts);
  if (report.observation.demand.viewers.has_value())
    digest.demand = report.observation.demand.viewers.value;
  digest.ready = model::total_ready(report.observation).count();
  if (report.shortfall) digest.missing = report.shortfall->missing().count();
  return digest;
}

bool is_worth_writing(const StatusDigest& now, const StatusDigest& written) {
  return now.facts != written.facts || now.span != written.span || now.at < written.at ||
         has_moved(now.demand, written.demand) || has_moved(now.ready, written.ready) ||
         has_moved(now.missing, written.missing);
}

void StatusWriter::publish(const model::EdgePool& pool, const model::PlanReport& report,
                           const ports::ActOutcome& outcome) {
  const PoolFacts facts = look_up_(pool.key);
  std::optional<json::Value> status;
  {
    const std::lock_guard lock(mutex_);
    State& state = state_of(pool.key, facts);
    state.record = advance(std::move(state.record), report, outcome);
    const auto digest = digest_of(pool, report, facts.spec_problems);
    if (!outcome.writes.empty() || !state.written || is_worth_writing(digest, *state.written)) {
      status = encode_status({.pool = pool, .report = report, .spec_problems = facts.spec_problems},
                             state.record);
      state.written = digest;
    }
  }
  if (status) post(pool.key, *status);
}

void StatusWriter::refuse(const ObjectKey& pool, std::int64_t generation,
                          const std::vector<std::string>& spec_problems, Instant now) {
  const PoolFacts facts = look_up_(pool);
  json::Value status;
  {
    const std::lock_guard lock(mutex_);
    State& state = state_of(pool, facts);
    state.written.reset();
    status = encode_refused_status(pool, generation, spec_problems, now, state.record);
  }
  post(pool, status);
}

void StatusWriter::forget(const ObjectKey& pool) {
  const std::lock_guard lock(mutex_);
  states_.erase(pool);
}

StatusWriter::State& StatusWriter::state_of(const ObjectKey& pool, const PoolFacts& facts) {
  const auto [entry, is_new] = states_.try_emplace(pool);
  if (is_new) entry->second.record = facts.record;
  if (epoch_) entry->second.record.leader_epoch = epoch_();
  return entry->second;
}

void StatusWriter::post(const ObjectKey& pool, const json::Value& status) {
  outbox_.post({.address = "status " + pool.text(),
                .call = {.method = http::Method::kPatch,
                         .target = status_path(pool),
                         .body = json::dump(status),
                         .content_type = "application/apply-patch+yaml"},
                .done = [this, pool](const auto& outcome) { note_outcome(pool, outcome); }});
}

void StatusWriter::note_outcome(const ObjectKey& pool, const Result<std::string>& outcome) {
  // A pool that was deleted meanwhile has no status to keep.
  if (outcome.ok() || outcome.error().code == ErrorCode::kNotFound) return;
  {
    const std::lock_guard lock(mutex_);
    if (const auto state = states_.find(pool); state != states_.end())
      state->second.written.reset();
  }
  if (on_problem_) on_problem_("status of " + pool.text() + ": " + outcome.error().text());
}

}  // namespace edgetide::kube
