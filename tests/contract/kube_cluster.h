#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "contract/kube_api.h"
#include "kube/target_watches.h"

namespace edgetide::kube::testing {

inline const Instant kNow = *parse_instant("2026-12-05T20:00:00Z");

/// The way in of the operator as its own service account, with manifests/install.yaml.
inline Access operator_access() {
  KubeApi& api = KubeApi::instance();
  static const std::string token = [&] {
    api.kubectl("apply -f " EDGETIDE_SOURCE_DIR "/manifests/install.yaml");
    const auto request =
        api.create("/api/v1/namespaces/edgetide/serviceaccounts/edgetide/token",
                   {{"apiVersion", "authentication.k8s.io/v1"}, {"kind", "TokenRequest"}});
    return json::get_string(request, "status.token").value();
  }();
  Access access = api.access();
  access.credential = {.token = token};
  access.endpoint.tls.certificate_pem.clear();
  access.endpoint.tls.key_pem.clear();
  return access;
}

inline model::PlanReport report_of(const model::EdgePool& pool,
                                   std::vector<model::DomainObservation> fleet, double viewers) {
  model::PlanReport report;
  report.pool = pool.key;
  report.mode = pool.mode;
  report.at = kNow;
  report.observation.demand.viewers = {
      .freshness = model::Freshness::kFresh, .value = viewers, .at = kNow};
  report.observation.domains = std::move(fleet);
  for (const auto& domain : report.observation.domains) {
    report.plan.domains.push_back(
        {.name = domain.name, .from = domain.specified, .to = domain.specified});
    report.spare_viewers.push_back(Viewers{0});
    report.sizing.per_domain.push_back(domain.specified);
  }
  report.plan.next_look = kNow + Seconds{15};
  report.conditions = {{.type = "AbleToScale",
                        .status = model::ConditionStatus::kTrue,
                        .reason = "Ready",
                        .message = "targets are known"}};
  report.summary = "holding";
  return report;
}

/// A calendar of lines such as "2026-12-05T20:00:00Z Derby".
inline Result<model::EventCalendar> read_lines(std::string_view text, std::string_view name,
                                               Instant from, Instant to, const std::string&) {
  std::vector<model::StreamEvent> events;
  std::istringstream lines{std::string{text}};
  for (std::string start, what; lines >> start >> what;) {
    const auto at = parse_instant(start);
    if (!at) return Error{.message = start + " is no time", .context = std::string{name}};
    if (*at >= from && *at <= to)
      events.push_back({.name = what, .start = *at, .duration = Seconds{3600}});
  }
  return model::EventCalendar(std::move(events));
}

/// What the cluster promises its callers, held against a real API server with real Deployments
/// whose pods fake nodes run.
class KubeCluster : public ::testing::Test {
 protected:
  KubeCluster() : name_space_(api_.make_namespace()), key_{name_space_, "live"} {}

  /// Sees this test's namespace, or all.
  void open(bool everywhere = false) {
    cluster_ =
        Cluster::open(operator_access(), {.namespaces = everywhere ? std::vector<std::string>{}
                                                                   : std::vector{name_space_},
                                          .local_time = utc_only(),
                                          .read_calendar = read_lines,
                                          .instance = "contract-test",
                                          .on_problem =
                                              [this](const std::string& problem) {
                                                const std::lock_guard lock(mutex_);
                                                problems_.push_back(problem);
                                              },
                                          .now = [this] { return now_.load(); }})
            .value();
    cluster_->set_on_change([this](const ObjectKey& pool) {
      const std::lock_guard lock(mutex_);
      woken_.insert(pool);
    });
    cluster_->start();
    const auto synced = cluster_->wait_until_synced(std::chrono::seconds{20});
    ASSERT_TRUE(synced.ok()) << synced.error().text();
  }

  void open_with_three_domains(int replicas) {
    for (const char* name : {"edge-a", "edge-b", "edge-c"})
      api_.make_deployment(name_space_, name, replicas);
    api_.make_pool(name_space_, "live", {"edge-a", "edge-b", "edge-c"});
    open();
  }

  [[nodiscard]] model::EdgePool pool() { return cluster_->pools().find(key_).value(); }
  [[nodiscard]] std::vector<model::DomainObservation> fleet() {
    return cluster_->pools().fleet(pool());
  }
  [[nodiscard]] bool comes_to(std::size_t domain, int specified, int ready) {
    return eventually([&] {
      const auto seen = fleet().at(domain);
      return seen.known && seen.specified.count() == specified && seen.ready.count() == ready &&
             seen.starting.count() == 0;
    });
  }
  [[nodiscard]] Result<void> scale(std::size_t domain, int from, int to) {
    return cluster_->pools().scale(pool(),
                                   {.domain = domain, .from = Replicas{from}, .to = Replicas{to}});
  }
  [[nodiscard]] int replicas_on_server(const std::string& deployment) {
    const auto object = api_.get(deployments_in(name_space_) + "/" + deployment);
    return static_cast<int>(json::get_int(object, "spec.replicas", 0, 1000).value());
  }
  [[nodiscard]] json::Value status_on_server() {
    const auto object = api_.get(pools_in(name_space_) + "/live");
    return object.value("status", json::Value::object());
  }
  [[nodiscard]] bool take_woken(const ObjectKey& key) {
    const std::lock_guard lock(mutex_);
    return woken_.erase(key) > 0;
  }

  KubeApi& api_ = KubeApi::instance();
  std::string name_space_;
  ObjectKey key_;
  std::mutex mutex_;
  std::vector<std::string> problems_;
  std::set<ObjectKey> woken_;
  std::atomic<Instant> now_{kNow};
  std::unique_ptr<Cluster> cluster_;  // last: its threads call back
};

}  // namespace edgetide::kube::testing
