#include "app/operator.h"

#include <malloc.h>

#include <thread>

#include "app/cluster_demand.h"
#include "app/cluster_metrics.h"
#include "app/health.h"
#include "app/host_name.h"
#include "app/lead.h"
#include "app/metrics_gate.h"
#include "app/process.h"
#include "app/report_sinks.h"
#include "app/shutdown.h"
#include "app/system_clock.h"
#include "calendar/files.h"
#include "calendar/zones.h"
#include "edgetide/controller/runner.h"
#include "edgetide/core/thrown.h"
#include "kube/backoff.h"
#include "report/structured_report.h"
#include "store/store.h"
#include "telemetry/log.h"
#include "telemetry/metrics.h"

namespace edgetide::app {
namespace {

/// Threads of the HTTP client's own; those that ask and watch are not among them.
constexpr int kIoThreads = 4;

/// Waits until the cluster is known, saying again and again what is missing. False when stopped.
bool know_cluster(kube::Cluster& cluster, std::stop_token stop) {
  std::string said;
  while (!stop.stop_requested()) {
    const auto synced = cluster.wait_until_synced(std::chrono::seconds{1});
    if (synced.ok()) return true;
    if (synced.error().text() != said) {
      said = synced.error().text();
      telemetry::log_warn("waiting for the cluster: " + said);
    }
    if (synced.error().code != ErrorCode::kTimeout) {
      std::this_thread::sleep_for(std::chrono::milliseconds{500});
    }
  }
  return false;
}

std::unique_ptr<store::Store> open_store(const std::string& directory) {
  if (directory.empty()) return nullptr;
  return std::make_unique<store::Store>(
      store::StoreOptions{.directory = directory,
                          .render = report::json_line,
                          .on_problem = telemetry::log_warn,
                          .now = [] { return SystemClock().now(); }});
}

/// A look that ended by an exception; that pool's targets stay as they are.
void say_skipped(const ObjectKey& pool, std::string_view why) {
  telemetry::log(telemetry::LogLevel::kError, "could not be looked at: " + std::string(why),
                 {.pool = pool.text()});
}

/// An exception that a thread goes on after; a look's is said with its pool.
void say_thrown(Work work, std::string_view words) {
  if (work == Work::kLook) return;
  telemetry::log_error("an exception of the work '" + std::string(to_string(work)) +
                       "', which goes on: " + std::string(words));
}

/// Lists, pasts and first reports leave holes between what stays, which the allocator would keep.
void give_back_memory(std::stop_token stop) {
  keep_doing(Work::kUpkeep, stop, [&] {
    if (kube::pause(std::chrono::minutes{1}, stop)) malloc_trim(0);
  });
}

/// Everything that runs, put together; ends when destroyed.
class Operator {
 public:
  /// \pre `lead` guards the cluster and outlives the operator.
  Operator(std::unique_ptr<kube::Cluster> cluster, Lead& lead, const OperatorOptions& options)
      : cluster_(std::move(cluster)),
        lead_(lead),
        metrics_(options.version),
        demand_(*cluster_),
        store_(open_store(options.data_directory)),
        reports_(sinks()),
        pasts_({cluster_->pools(), cluster_->events(), {demand_, store_.get()}, clock_}, {},
               [this](const ObjectKey& pool) { runner_.wake(pool); }),
        reconciler_({.pools = cluster_->pools(),
                     .demand = demand_,
                     .events = cluster_->events(),
                     .reports = reports_,
                     .timer = metrics_,
                     .clock = clock_,
                     .leadership = &lead_,
                     .pasts = &pasts_,
                     .states = store_.get()},
                    {.review = options.interval}),
        runner_(reconciler_, cluster_->pools(), say_skipped),
        health_(runner_) {
    metrics_.set_leads(lead_.leads());
  }

  Result<void> serve(const OperatorOptions& options, http::Gate gate) {
    auto server = http::listen(
        {.host = options.listen_host, .port = options.listen_port, .gate = std::move(gate)},
        operator_routes(health_, [this] { return exposition(); }));
    if (!server.ok()) return server.error();
    server_ = std::move(*server);
    telemetry::log_info("serving /livez, /readyz and /metrics on port " +
                        std::to_string(server_->port()));
    return {};
  }

  void start() {
    cluster_->set_on_change([this](const ObjectKey& pool) { runner_.wake(pool); });
    cluster_->start();
    work_ = std::jthread(
        [this](std::stop_token stop) { keep_doing(Work::kUpkeep, stop, [&] { work(stop); }); });
  }

  void stop() {
    work_.request_stop();
    demand_.stop();
    work_.join();
    pasts_.stop();
    cluster_->stop();
    lead_.release();
  }

 private:
  std::vector<ports::ReportSink*> sinks() {
    std::vector<ports::ReportSink*> all{&cluster_->reports(), &metrics_, &log_};
    if (store_) all.push_back(store_.get());
    return all;
  }

  /// Until stopped.
  void work(std::stop_token stop) {
    if (!know_cluster(*cluster_, stop)) return;
    if (!has_begun_) begin();
    has_begun_ = true;
    const std::jthread asking([this](std::stop_token ended) {
      demand_.keep_asking(
          clock_, [this](std::vector<ObjectKey> risen) { runner_.wake_all(std::move(risen)); },
          std::move(ended));
    });
    const std::jthread giving_back(give_back_memory);
    runner_.run(stop);
  }

  void begin() {
    telemetry::log_info("the cluster is known; pools: " +
                        std::to_string(cluster_->pools().keys().size()));
    read_ahead();
    health_.set_ready();
    lead_.seek(*cluster_, [this] {
      metrics_.set_leads(true);
      cluster_->tell_unusable();
      runner_.wake_all();
    });
  }

  /// What the first looks will want, at the same time: scales, and the past of demand.
  void read_ahead() {
    const std::jthread scales(
        [this] { static_cast<void>(contain(Work::kAhead, [this] { cluster_->read_ahead(); })); });
    demand_.refresh(clock_.now());
    for (const ObjectKey& pool : cluster_->pools().keys()) reconciler_.expect(pool);
  }

  std::string exposition() {
    if (store_) metrics_.set_store_healthy(store_->healthy());
    std::map<ObjectKey, std::size_t> problems;
    for (const ObjectKey& pool : cluster_->pools().keys())
      problems[pool] = cluster_->problems(pool).size();
    metrics_.set_spec_problems(problems);
    metrics_.set_calendars_ready(cluster_->calendars_ready());
    return metrics_.exposition() + cluster_exposition(cluster_->statistics());
  }

  std::unique_ptr<kube::Cluster> cluster_;
  Lead& lead_;
  SystemClock clock_;
  telemetry::Metrics metrics_;
  telemetry::DecisionLog log_;
  ClusterDemand demand_;
  std::unique_ptr<store::Store> store_;  ///< nullptr: nothing is kept.
  ReportSinks reports_;
  controller::PastReader pasts_;
  controller::Reconciler reconciler_;
  controller::Runner runner_;
  Health health_;
  std::unique_ptr<http::Server> server_;
  bool has_begun_ = false;  ///< Of the working thread alone.
  std::jthread work_;
};

/// As the options want it; nullptr when everybody may read /metrics.
Result<std::unique_ptr<MetricsGate>> find_gate(const kube::Access& access,
                                               const OperatorOptions& options) {
  if (!options.metrics_token) return std::unique_ptr<MetricsGate>();
  return open_metrics_gate(access, "edgetide/" + options.version);
}

http::Gate gate_by(MetricsGate* gate) {
  if (gate == nullptr) return {};
  return [gate](const http::Visitor& visitor, std::function<void(http::Admission)> tell) {
    gate->judge(visitor, std::move(tell));
  };
}

}  // namespace

kube::ClusterOptions cluster_options(const OperatorOptions& options) {
  return {
      .namespaces = options.namespaces,
      .local_time = {.offsets = [](const std::string& zone) { return calendar::offsets_for(zone); },
                     .moment = calendar::to_instant},
      .read_calendar =
          [](std::string_view text, std::string_view name, Instant from, Instant to,
             const std::string& zone) {
            return calendar::events_from_ical(text, name, {from, to}, zone);
          },
      .user_agent = "edgetide/" + options.version,
      .instance = host_name(),
      .on_problem = telemetry::log_warn,
      .on_throttled = telemetry::log_info,
      .rate_limit = options.rate_limit,
      .now = [] { return SystemClock().now(); },
      .node_room = options.node_room};
}

Result<void> run_operator(const OperatorOptions& options) {
  if (!options.core_dumps) forbid_core_dumps();
  end_on_uncaught_exceptions();
  set_on_thrown(say_thrown);
  // Answers of megabytes come and go: what they took is given back, and not kept by each thread.
  mallopt(M_ARENA_MAX, 2);
  mallopt(M_MMAP_THRESHOLD, 256 * 1024);
  const ShutdownSignals signals;
  http::initialize_io(kIoThreads);
  const auto access = kube::find_access(options.access);
  if (!access.ok()) return access.error();
  telemetry::log_info("edgetide " + options.version + ", cluster from " + access->origin);
  for (const auto& warning : access->warnings) telemetry::log_warn(warning);
  const auto lead = Lead::prepare(*access, options.lead);
  if (!lead.ok()) return lead.error();
  auto seen_as = cluster_options(options);
  (*lead)->guard(seen_as);
  auto cluster = kube::Cluster::open(*access, std::move(seen_as));
  if (!cluster.ok()) return cluster.error();

  const auto gate = find_gate(*access, options);
  if (!gate.ok()) return gate.error();

  Operator running(std::move(*cluster), **lead, options);
  if (auto served = running.serve(options, gate_by(gate->get())); !served.ok()) return served;
  running.start();
  telemetry::log_info(signals.wait() == SIGTERM ? "stopping on SIGTERM" : "stopping on SIGINT");
  signals.end_soon();
  running.stop();
  if (*gate) (*gate)->stop();  // while the server that it tells is there
  return {};
}

}  // namespace edgetide::app
