#include "kube/cluster.h"

#include <algorithm>
#include <thread>

#include "kube/client.h"
#include "kube/connection.h"
#include "kube/event_calendars.h"
#include "kube/event_classes.h"
#include "kube/event_recorder.h"
#include "kube/metric_sources.h"
#include "kube/outbox.h"
#include "kube/pool_repository.h"
#include "kube/status_writer.h"
#include "kube/stream_event_source.h"
#include "kube/sync_state.h"

namespace edgetide::kube {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t kMostWaitingWrites = 20'000;
constexpr milliseconds kLastWrites{2'000};
constexpr milliseconds kLookAgain{5};
/// What is not read by then is read when it is looked at.
constexpr milliseconds kReadAhead{30'000};

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
  return text;
}

class WatchedCluster final : public Cluster, private ports::ReportSink {
 public:
  WatchedCluster(std::unique_ptr<http::Transport> transport, const Credential& credential,
                 ClusterOptions options)
      : options_(std::move(options)),
        client_(std::move(transport), credential,
                {.user_agent = options_.user_agent,
                 .write_permit = options_.write_permit,
                 .rate_limit = options_.rate_limit,
                 .on_throttled = options_.on_throttled,
                 .on_warning = options_.on_problem}),
        outbox_(client_, kMostWaitingWrites),
        statuses_(
            outbox_, [this](const ObjectKey& key) { return facts_of(key); }, options_.epoch,
            options_.on_problem),
        recorder_(outbox_, options_.instance),
        pools_(client_, pool_options()),
        classes_(
            client_, outbox_, [this] { return writes_status(); }, options_.on_problem),
        calendars_(client_, outbox_, recorder_, calendar_options()),
        events_(client_, pools_, classes_, calendars_, event_options()),
        sources_(client_, options_.on_problem) {}

  ~WatchedCluster() override { stop(); }

  void set_on_change(std::function<void(const ObjectKey&)> on_change) override {
    on_change_ = std::move(on_change);
  }

  void start() override {
    pools_.start();
    classes_.start();
    calendars_.start();
    events_.start();
    sources_.start();
  }

  Result<void> wait_until_synced(milliseconds deadline) override {
    const auto until = steady_clock::now() + deadline;
    while (true) {
      SyncState state = sync_state(own_reflectors());
      if (state.refused) return *state.refused;
      if (state.missing.empty()) {
        pools_.follow_targets();
        state.missing = unsettled(pools_.targets().reflectors());
        for (std::string& room : unsettled(pools_.rooms().reflectors()))
          state.missing.push_back(std::move(room));
        for (std::string& nodes : unsettled(pools_.node_domains().reflectors()))
          state.missing.push_back(std::move(nodes));
        for (std::string& calendar : calendars_.waiting()) state.missing.push_back(calendar);
      }
      if (state.missing.empty()) return {};
      if (steady_clock::now() >= until) {
        return Error{.code = ErrorCode::kTimeout,
                     .message = "not known yet: " + joined(state.missing)};
      }
      std::this_thread::sleep_for(kLookAgain);
    }
  }

  void read_ahead() override { pools_.read_ahead(kReadAhead); }

  void stop() override {
    const auto all = reflectors();
    for (Reflector* reflector : all) reflector->request_stop();
    outbox_.finish(kLastWrites);
    client_.cancel_waits();
    calendars_.stop();
    for (Reflector* reflector : all) reflector->stop();
  }

  ports::PoolRepository& pools() override { return pools_; }
  ports::EventSource& events() override { return events_; }
  ports::ReportSink& reports() override { return *this; }

  std::vector<std::string> problems(const ObjectKey& pool) const override {
    const auto kept = pools_.kept(pool);
    return kept ? kept->problems : std::vector<std::string>{};
  }

  std::map<ObjectKey, bool> calendars_ready() const override { return calendars_.readiness(); }

  std::int64_t known_epoch() const override {
    std::int64_t highest = 0;
    pools_.visit([&](const ObjectKey&, const KeptPool& kept) {
      highest = std::max(highest, kept.record.leader_epoch);
    });
    return highest;
  }
  void tell_unusable() override {
    for (const ObjectKey& pool : pools_.keys()) {
      if (const auto kept = pools_.kept(pool)) refuse(pool, *kept);
    }
  }

  std::map<std::string, model::MetricSource> metric_sources() const override {
    return sources_.all();
  }
  std::uint64_t metric_sources_version() const override { return sources_.version(); }

  Result<std::map<std::string, std::string>> secret(const ObjectKey& key) override {
    return read_secret(client_, key);
  }

  Statistics statistics() const override {
    Statistics all{.requests = client_.requests(),
                   .request_retries = client_.retries(),
                   .rate_limit_wait = client_.rate_limit_wait(),
                   .events_dropped = recorder_.dropped(),
                   .events_held_back = recorder_.held_back()};
    for (const Reflector* reflector : reflectors())
      all.watches.emplace(reflector->name(), reflector->statistics());
    return all;
  }

 private:
  void publish(const model::EdgePool& pool, const model::PlanReport& report,
               const ports::ActOutcome& outcome) override {
    if (!options_.writes_status) return;
    statuses_.publish(pool, report, outcome);
    recorder_.publish(pool, report, outcome);
  }

  void forget(const ObjectKey& pool) override {
    events_.forget_demand(pool);
    statuses_.forget(pool);
    recorder_.forget(pool);
  }

  [[nodiscard]] PoolRepositoryOptions pool_options() {
    PoolRepositoryOptions pools{.namespaces = options_.namespaces,
                                .local_time = options_.local_time,
                                .writes_status = [this] { return writes_status(); },
                                .node_room = options_.node_room};
    pools.targets.on_problem = options_.on_problem;
    pools.on_change = [this](const ObjectKey& pool) { tell_change(pool); };
    pools.on_unusable = [this](const ObjectKey& pool, const KeptPool& kept) {
      note_unusable(pool, kept);
    };
    return pools;
  }

  [[nodiscard]] StreamEventSourceOptions event_options() {
    return {.namespaces = options_.namespaces,
            .local_time = options_.local_time,
            .on_change = [this](const ObjectKey& pool) { tell_change(pool); },
            .on_problem = options_.on_problem};
  }

  [[nodiscard]] EventCalendarsOptions calendar_options() {
    return {.namespaces = options_.namespaces,
            .read = options_.read_calendar,
            .now = options_.now,
            .writes = [this] { return writes_status(); },
            .on_change = [this](const std::string& name_space,
                                const Selector& selector) { tell_changes(name_space, selector); },
            .on_problem = options_.on_problem};
  }

  void tell_changes(const std::string& name_space, const Selector& selector) const {
    for (const auto& pool : pools_.usable_in(name_space)) {
      if (selector.matches(pool->labels)) tell_change(pool->key);
    }
  }

  void tell_change(const ObjectKey& pool) const {
    if (on_change_) on_change_(pool);
  }

  void note_unusable(const ObjectKey& pool, const KeptPool& kept) {
    if (options_.on_problem) {
      options_.on_problem("EdgePool " + pool.text() + ": " + joined(kept.problems) +
                          (kept.good ? "; the last good version holds" : ""));
    }
    refuse(pool, kept);
  }

  /// With a good version there are plans, and their reports carry the problems.
  void refuse(const ObjectKey& pool, const KeptPool& kept) {
    if (kept.good || kept.problems.empty() || !writes_status()) return;
    statuses_.refuse(pool, kept.generation, kept.problems, options_.now());
  }

  /// Whether this replica does so at this moment.
  [[nodiscard]] bool writes_status() const {
    return options_.writes_status && (!options_.write_permit || options_.write_permit());
  }

  [[nodiscard]] StatusWriter::PoolFacts facts_of(const ObjectKey& pool) const {
    const auto kept = pools_.kept(pool);
    if (!kept) return {};
    return {.record = kept->record, .spec_problems = kept->problems};
  }

  /// Of the resources that are ours.
  [[nodiscard]] std::vector<Reflector*> own_reflectors() const {
    auto all = pools_.reflectors();
    for (Reflector* reflector : events_.reflectors()) all.push_back(reflector);
    all.push_back(classes_.reflector());
    for (Reflector* reflector : calendars_.reflectors()) all.push_back(reflector);
    all.push_back(sources_.reflector());
    return all;
  }

  [[nodiscard]] std::vector<Reflector*> reflectors() const {
    auto all = own_reflectors();
    for (Reflector* reflector : pools_.targets().reflectors()) all.push_back(reflector);
    for (Reflector* reflector : pools_.rooms().reflectors()) all.push_back(reflector);
    for (Reflector* reflector : pools_.node_domains().reflectors()) all.push_back(reflector);
    return all;
  }

  ClusterOptions options_;
  std::function<void(const ObjectKey&)> on_change_;
  Client client_;
  Outbox outbox_;
  StatusWriter statuses_;
  EventRecorder recorder_;
  PoolRepository pools_;
  EventClasses classes_;
  EventCalendars calendars_;
  StreamEventSource events_;
  MetricSources sources_;
};

}  // namespace

std::unique_ptr<Cluster> Cluster::over(std::unique_ptr<http::Transport> transport,
                                       const Credential& credential, ClusterOptions options) {
  EDGETIDE_ASSERT(options.local_time.offsets && options.local_time.moment,
                  "a cluster is given its time zones");
  EDGETIDE_ASSERT(!options.writes_status || options.now, "who writes statuses knows the time");
  EDGETIDE_ASSERT(!options.read_calendar || options.now, "who reads calendars knows the time");
  return std::make_unique<WatchedCluster>(std::move(transport), credential, std::move(options));
}

Result<std::unique_ptr<Cluster>> Cluster::open(const Access& access, ClusterOptions options) {
  auto transport = Connection::open(access, {.on_problem = options.on_problem});
  if (!transport.ok()) return transport.error();
  return over(std::move(*transport), access.credential, std::move(options));
}

}  // namespace edgetide::kube
