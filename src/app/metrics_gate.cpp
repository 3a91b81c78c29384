#include "app/metrics_gate.h"

#include <cstddef>
#include <utility>

#include "edgetide/core/thrown.h"
#include "kube/access_review.h"
#include "kube/connection.h"
#include "telemetry/log.h"

namespace edgetide::app {
namespace {

using http::Admission;

constexpr const char* kGuarded = "/metrics";
constexpr std::chrono::seconds kAdmittedFor{120};
constexpr std::chrono::seconds kRefusedFor{30};
constexpr std::size_t kMostVerdicts = 256;
constexpr std::size_t kMostWaiting = 64;

}  // namespace

MetricsGate::MetricsGate(Review review, std::function<SteadyTime()> now)
    : review_(std::move(review)),
      now_(std::move(now)),
      thread_([this](std::stop_token stop) { run(std::move(stop)); }) {}

void MetricsGate::judge(const http::Visitor& visitor, std::function<void(Admission)> tell) {
  if (visitor.path != kGuarded) return tell(Admission::kAdmitted);
  if (visitor.token.empty()) return tell(Admission::kUnauthenticated);
  std::optional<Admission> verdict;
  {
    const std::lock_guard lock(mutex_);
    verdict = known(visitor.token);
    if (!verdict && (stopped_ || waiting_.size() >= kMostWaiting)) verdict = Admission::kUnknown;
    if (!verdict) waiting_.push_back({.token = visitor.token, .tell = std::move(tell)});
  }
  if (verdict) return tell(*verdict);
  changed_.notify_one();
}

void MetricsGate::stop() {
  std::deque<Waiting> left;
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    left = std::exchange(waiting_, {});
  }
  for (const Waiting& visitor : left) visitor.tell(Admission::kUnknown);
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void MetricsGate::run(std::stop_token stop) {
  while (const auto visitor = next(stop)) {
    auto admission = Admission::kUnknown;
    static_cast<void>(contain(Work::kReview, [&] { admission = review(visitor->token); }));
    static_cast<void>(contain(Work::kReview, [&] { visitor->tell(admission); }));
  }
}

std::optional<MetricsGate::Waiting> MetricsGate::next(std::stop_token stop) {
  std::unique_lock lock(mutex_);
  if (!changed_.wait(lock, std::move(stop), [this] { return !waiting_.empty(); }))
    return std::nullopt;
  Waiting visitor = std::move(waiting_.front());
  waiting_.pop_front();
  return visitor;
}

std::optional<Admission> MetricsGate::known(const std::string& token) const {
  const auto found = verdicts_.find(token);
  if (found == verdicts_.end() || now_() >= found->second.until) return std::nullopt;
  return found->second.admission;
}

Admission MetricsGate::review(const std::string& token) {
  {
    const std::lock_guard lock(mutex_);
    if (const auto verdict = known(token)) return *verdict;  // of one who asked just before
  }
  const auto admission = review_(token);
  if (!admission.ok()) return Admission::kUnknown;
  const std::lock_guard lock(mutex_);
  keep(token, *admission);
  return *admission;
}

void MetricsGate::keep(const std::string& token, Admission admission) {
  const auto now = now_();
  if (verdicts_.size() >= kMostVerdicts)
    std::erase_if(verdicts_, [&](const auto& entry) { return now >= entry.second.until; });
  if (verdicts_.size() >= kMostVerdicts) verdicts_.clear();
  const auto kept_for = admission == Admission::kAdmitted ? kAdmittedFor : kRefusedFor;
  verdicts_.insert_or_assign(token, Verdict{.admission = admission, .until = now + kept_for});
}

Result<std::unique_ptr<MetricsGate>> open_metrics_gate(const kube::Access& access,
                                                       const std::string& user_agent) {
  auto transport = kube::Connection::open(access, {.on_problem = telemetry::log_warn});
  if (!transport.ok()) return transport.error();
  const auto reviewer =
      std::make_shared<kube::AccessReviewer>(std::move(*transport), access.credential, user_agent);
  return std::make_unique<MetricsGate>([reviewer](const std::string& token) {
    auto admission = reviewer->review(token, kGuarded);
    if (!admission.ok())
      telemetry::log_warn("a token for /metrics could not be reviewed: " +
                          admission.error().text());
    return admission;
  });
}

}  // namespace edgetide::app
