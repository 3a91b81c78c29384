#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "edgetide/controller/past.h"
#include "edgetide/controller/reconciler.h"
#include "support/pools.h"

namespace edgetide::controller {

using namespace testing_support;

/// A world of one pool in memory, whose every part can be made to fail.
struct World : ports::PoolRepository,
               ports::DemandSource,
               ports::EventSource,
               ports::ReportSink,
               ports::VerbTimer,
               ports::Clock {
  std::vector<ObjectKey> keys() override {
    return exists ? std::vector{pool.key} : std::vector<ObjectKey>{};
  }
  Result<model::EdgePool> find(const ObjectKey& key) override {
    if (exists) return pool;
    return Error{.code = ErrorCode::kNotFound, .message = "gone", .context = key.text()};
  }
  std::vector<model::DomainObservation> fleet(const model::EdgePool&) override {
    auto domains = observed(pool, standing, viewers).domains;
    if (silent) domains[*silent].ready = Replicas{0};
    return domains;
  }
  Result<void> scale(const model::EdgePool&, const ports::ScaleOrder& order) override {
    orders.push_back(order);
    if (refuses) return *refuses;
    standing[order.domain] = order.to.count();
    return {};
  }
  Result<void> rehearse(const model::EdgePool&, const ports::ScaleOrder& order) override {
    rehearsed.push_back(order);
    if (refuses_rehearsal) return *refuses_rehearsal;
    return {};
  }
  model::DemandReadings read(const model::EdgePool&, Instant) override {
    if (while_reading) while_reading();
    return {.viewers = viewers, .egress = egress};
  }
  Result<model::DemandHistory> history(const model::EdgePool&,
                                       const ports::HistoryRange& range) override {
    if (before_history) before_history();
    ++history_reads;
    if (!history_answers) return Error{.code = ErrorCode::kUnavailable, .message = "down"};
    std::vector<model::DemandSample> samples;
    for (Instant at = range.from; at < range.to; at += range.step) {
      if (at >= history_begins) samples.push_back({at, Viewers{usual_viewers}});
    }
    return model::DemandHistory(std::move(samples));
  }
  std::optional<std::string> viewers_query(const model::EdgePool&) override { return query; }
  model::EventCalendar calendar(const model::EdgePool&) override { return announced; }
  model::UtcOffsets offsets(const model::EdgePool&) override { return {}; }
  void publish(const model::EdgePool&, const model::PlanReport& report,
               const ports::ActOutcome& outcome) override {
    reports.push_back(report);
    outcomes.push_back(outcome.writes.size());
    ++published;
  }
  void forget(const ObjectKey&) override { ++forgotten; }
  void took(std::string_view verb, std::chrono::nanoseconds) override { verbs.emplace_back(verb); }
  [[nodiscard]] Instant now() const override { return time; }

  [[nodiscard]] Ports ports() {
    Ports all{*this, *this, *this, *this, *this, *this};
    all.pasts = pasts;
    all.states = states;
    return all;
  }

  model::EdgePool pool = three_domains();
  model::Reading viewers = fresh(10'000);
  std::optional<model::Reading> egress;
  /// Waits for that many reports, of a runner in another thread, for up to a minute.
  [[nodiscard]] bool publishes(int count) const {
    for (int i = 0; i < 6000 && published < count; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds{10});
    return published == count;
  }

  PastReader* pasts = nullptr;          ///< Who reads pasts beside the looks, if anybody.
  ports::StateStore* states = nullptr;  ///< Where what was learned is kept, if anywhere.
  std::atomic<int> published{0};
  std::vector<int> standing{2, 2, 2};
  std::optional<std::size_t> silent;  ///< The domain of which nothing serves.
  Instant time = kEvening;
  model::EventCalendar announced;
  std::function<void()> while_reading;
  std::function<void()> before_history;
  bool exists = true;
  std::optional<Error> refuses;
  std::vector<ports::ScaleOrder> rehearsed;
  std::optional<Error> refuses_rehearsal;
  std::optional<std::string> query = "sum(player_sessions)";
  bool history_answers = true;
  Instant history_begins{};
  double usual_viewers = 10'000;
  std::atomic<int> history_reads{0};
  std::atomic<int> forgotten{0};
  std::vector<ports::ScaleOrder> orders;
  std::vector<model::PlanReport> reports;
  std::vector<std::size_t> outcomes;
  std::vector<std::string> verbs;
};

/// Pools "p0", "p1", ..., alike but for their names.
struct ManyPools : World {
  explicit ManyPools(int pools) : count(pools) {}
  [[nodiscard]] static ObjectKey key(int i) { return {"video", "p" + std::to_string(i)}; }
  [[nodiscard]] static std::size_t index(const ObjectKey& key) {
    return std::stoul(key.name.substr(1));
  }
  std::vector<ObjectKey> keys() override {
    std::vector<ObjectKey> all;
    for (int i = 0; i < count; ++i) all.push_back(key(i));
    return all;
  }
  Result<model::EdgePool> find(const ObjectKey& key) override {
    model::EdgePool found = pool;
    found.key = key;
    return found;
  }
  int count;
};

}  // namespace edgetide::controller
