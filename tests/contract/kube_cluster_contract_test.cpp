#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <set>
#include <sstream>
#include <thread>

#include "contract/kube_api.h"
#include "contract/tcp_relay.h"
#include "kube/target_watches.h"

/// What the cluster promises its callers, held against a real API server with real Deployments
/// whose pods fake nodes run. The operator is its own service account, with manifests/install.yaml.
namespace edgetide::kube {
namespace {

using testing::deployments_in;
using testing::eventually;
using testing::KubeApi;
using testing::pools_in;

const Instant kNow = *parse_instant("2026-12-05T20:00:00Z");

/// The operator's own way in.
Access operator_access() {
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

model::PlanReport report_of(const model::EdgePool& pool,
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
Result<model::EventCalendar> read_lines(std::string_view text, std::string_view name, Instant from,
                                        Instant to, const std::string&) {
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

class KubeCluster : public ::testing::Test {
 protected:
  KubeCluster() : name_space_(api_.make_namespace()), key_{name_space_, "live"} {}

  /// Sees this test's namespace, or all.
  void open(bool everywhere = false) {
    cluster_ =
        Cluster::open(operator_access(), {.namespaces = everywhere ? std::vector<std::string>{}
                                                                   : std::vector{name_space_},
                                          .local_time = testing::utc_only(),
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

TEST_F(KubeCluster, PodsAreCountedByDomainAndScalesAreCarriedOut) {
  open_with_three_domains(2);
  for (std::size_t domain = 0; domain < 3; ++domain) EXPECT_TRUE(comes_to(domain, 2, 2));
  EXPECT_EQ(fleet().at(1).name, "edge-b");

  ASSERT_TRUE(scale(1, 2, 5).ok());
  EXPECT_EQ(fleet().at(1).specified, Replicas{5}) << "a write is read back at once";
  EXPECT_EQ(replicas_on_server("edge-b"), 5);
  EXPECT_TRUE(comes_to(1, 5, 5));
  EXPECT_TRUE(comes_to(0, 2, 2));

  ASSERT_TRUE(scale(1, 5, 1).ok());
  EXPECT_TRUE(comes_to(1, 1, 1));
}

TEST_F(KubeCluster, NothingIsReadWhileNothingChanges) {
  open_with_three_domains(1);
  for (std::size_t domain = 0; domain < 3; ++domain) ASSERT_TRUE(comes_to(domain, 1, 1));
  std::this_thread::sleep_for(std::chrono::seconds{1});
  static_cast<void>(fleet());
  const auto requests = cluster_->statistics().requests;
  for (int look = 0; look < 100; ++look) static_cast<void>(fleet());
  EXPECT_EQ(cluster_->statistics().requests, requests);
}

TEST_F(KubeCluster, AForeignHandIsAConflictAndIsSeen) {
  open_with_three_domains(3);
  ASSERT_TRUE(comes_to(0, 3, 3));
  static_cast<void>(take_woken(key_));
  api_.merge(deployments_in(name_space_) + "/edge-a", {{"spec", {{"replicas", 1}}}});
  const auto written = scale(0, 3, 4);
  ASSERT_FALSE(written.ok());
  EXPECT_EQ(written.error().code, ErrorCode::kConflict) << written.error().text();
  EXPECT_EQ(replicas_on_server("edge-a"), 1);
  EXPECT_TRUE(eventually([&] { return fleet().at(0).specified == Replicas{1}; }));
  EXPECT_TRUE(eventually([&] { return take_woken(key_); }));
  EXPECT_TRUE(scale(0, 1, 3).ok());
}

TEST_F(KubeCluster, RolloutsDoNotKeepAScaleFromBeingWritten) {
  open_with_three_domains(1);
  ASSERT_TRUE(comes_to(0, 1, 1));
  std::jthread rollout([&](std::stop_token stop) {
    for (int turn = 0; !stop.stop_requested(); ++turn) {
      api_.merge(deployments_in(name_space_) + "/edge-a",
                 {{"metadata", {{"annotations", {{"turn", std::to_string(turn)}}}}}});
      std::this_thread::sleep_for(std::chrono::milliseconds{40});
    }
  });
  // Five tries at once get past nearly every rollout; a slow machine may need another look.
  for (int replicas = 1; replicas < 30; ++replicas) {
    auto written = scale(0, replicas, replicas + 1);
    for (int look = 0; !written.ok() && look < 3; ++look) {
      EXPECT_EQ(written.error().code, ErrorCode::kConflict);
      written = scale(0, replicas, replicas + 1);
    }
    ASSERT_TRUE(written.ok()) << written.error().text();
  }
  rollout.request_stop();
  rollout.join();
  EXPECT_EQ(replicas_on_server("edge-a"), 30);
  const auto requests = cluster_->statistics().requests;
  EXPECT_TRUE(std::ranges::any_of(requests, [](const auto& asked) {
    return asked.first.code == 409;
  })) << "some versions were in the way";
}

TEST_F(KubeCluster, WhatIsMissingIsNotKnownAndHoldsUpNobody) {
  api_.make_deployment(name_space_, "edge-a", 1);
  api_.make_pool(name_space_, "live", {"edge-a", "edge-gone"});
  open();
  EXPECT_TRUE(comes_to(0, 1, 1));
  const auto gone = fleet().at(1);
  EXPECT_FALSE(gone.known);
  EXPECT_EQ(gone.detail, "Deployment " + name_space_ + "/edge-gone: does not exist");
  EXPECT_EQ(scale(1, 1, 2).error().code, ErrorCode::kNotFound);

  api_.make_deployment(name_space_, "edge-gone", 1);
  EXPECT_TRUE(comes_to(1, 1, 1));
  api_.remove(deployments_in(name_space_) + "/edge-gone");
  EXPECT_TRUE(eventually([&] { return !fleet().at(1).known; }));
}

TEST_F(KubeCluster, KindsThatCannotBeScaledSayWhy) {
  api_.create(
      pools_in(name_space_),
      {{"apiVersion", "edgetide.io/v1alpha1"},
       {"kind", "EdgePool"},
       {"metadata", {{"name", "live"}}},
       {"spec",
        {{"failureDomains",
          {{{"name", "a"},
            {"scaleTargetRef", {{"apiVersion", "v1"}, {"kind", "ConfigMap"}, {"name", "x"}}}},
           {{"name", "b"},
            {"scaleTargetRef",
             {{"apiVersion", "no.example/v1"}, {"kind", "Thing"}, {"name", "x"}}}}}},
         {"demand", {{"sourceRef", {{"name", "video"}}}}},
         {"capacity", {{"viewers", 2000}}},
         {"replicas", {{"min", 1}, {"max", 100}}}}}});
  open();
  EXPECT_NE(fleet().at(0).detail.find("has no scale subresource"), std::string::npos)
      << fleet().at(0).detail;
  EXPECT_NE(fleet().at(1).detail.find("the server serves no such"), std::string::npos)
      << fleet().at(1).detail;
}

TEST_F(KubeCluster, PoolsComeChangeAndGo) {
  open(true);
  EXPECT_EQ(cluster_->pools().find(key_).error().code, ErrorCode::kNotFound);
  api_.make_deployment(name_space_, "edge-a", 1);
  api_.make_pool(name_space_, "live", {"edge-a"});
  ASSERT_TRUE(eventually([&] { return cluster_->pools().find(key_).ok(); }));
  EXPECT_TRUE(take_woken(key_));
  EXPECT_EQ(pool().mode, model::Mode::kDryRun);
  const auto keys = cluster_->pools().keys();
  EXPECT_NE(std::ranges::find(keys, key_), keys.end());
  EXPECT_TRUE(comes_to(0, 1, 1)) << "a pool that comes later is followed, too";

  api_.merge(pools_in(name_space_) + "/live", {{"spec", {{"mode", "Enforce"}}}});
  EXPECT_TRUE(eventually([&] { return pool().mode == model::Mode::kEnforce; }));
  api_.remove(pools_in(name_space_) + "/live");
  EXPECT_TRUE(eventually([&] { return !cluster_->pools().find(key_).ok(); }));
  EXPECT_EQ(replicas_on_server("edge-a"), 1);
}

TEST_F(KubeCluster, StatusIsWrittenWhenItSaysSomethingNew) {
  open_with_three_domains(1);
  ASSERT_TRUE(comes_to(2, 1, 1));
  auto report = report_of(pool(), fleet(), 1000);
  cluster_->reports().publish(pool(), report, {});
  ASSERT_TRUE(eventually([&] { return status_on_server().contains("conditions"); }));
  const auto first = status_on_server();
  EXPECT_EQ(json::get_int(first, "observedGeneration", 0, 9).value(), 1);

  report.at += Seconds{15};
  report.observation.demand.viewers.value = 1049;
  cluster_->reports().publish(pool(), report, {});
  report.at += Seconds{15};
  report.observation.demand.viewers.value = 1051;
  report.conditions[0].message = "still known";
  cluster_->reports().publish(pool(), report, {});
  ASSERT_TRUE(eventually([&] { return status_on_server() != first; }));
  EXPECT_TRUE(eventually([&] { return cluster_->statistics().statuses_written == 2; }));

  const auto moved = json::get_string(status_on_server(), "conditions[0].lastTransitionTime");
  EXPECT_EQ(moved.value(), to_string(kNow)) << "its status did not change";
  EXPECT_EQ(cluster_->statistics().statuses_failed, 0u);
  cluster_->stop();
  EXPECT_TRUE(problems_.empty()) << problems_.front();
}

TEST_F(KubeCluster, ChangesAndTroubleBecomeKubernetesEvents) {
  open_with_three_domains(1);
  auto report = report_of(pool(), fleet(), 1000);
  report.shortfall = {.required = Replicas{9},
                      .granted = Replicas{5},
                      .at = kNow,
                      .cause = "MaximumReached",
                      .detail = "4 replicas are missing"};
  const ports::ActOutcome outcome{
      .writes = {{.name = "edge-a", .from = Replicas{1}, .to = Replicas{4}, .result = {}}}};
  for (int look = 0; look < 3; ++look) cluster_->reports().publish(pool(), report, outcome);
  cluster_->stop();
  const auto events = api_.get("/apis/events.k8s.io/v1/namespaces/" + name_space_ +
                               "/events?fieldSelector=regarding.kind%3DEdgePool");
  std::multiset<std::string> reasons;
  for (const auto& event : events.at("items")) {
    reasons.insert(event.at("reason").get<std::string>());
    EXPECT_EQ(event.at("regarding").at("uid").get<std::string>(), pool().uid);
    EXPECT_EQ(event.at("series").at("count").get<int>(), 2);
  }
  EXPECT_EQ(reasons, (std::multiset<std::string>{"CapacityShortfall", "ScaledUp"}));
  EXPECT_EQ(cluster_->statistics().events_dropped, 0u);
}

TEST_F(KubeCluster, EventsOfTheNamespaceReachThePoolsTheySelect) {
  api_.make_deployment(name_space_, "edge-a", 1);
  api_.make_pool(name_space_, "live", {"edge-a"});
  open();
  EXPECT_TRUE(cluster_->events().calendar(pool()).events().empty());
  api_.create("/apis/edgetide.io/v1alpha1/namespaces/" + name_space_ + "/streamevents",
              {{"apiVersion", "edgetide.io/v1alpha1"},
               {"kind", "StreamEvent"},
               {"metadata", {{"name", "final"}}},
               {"spec",
                {{"start", "2026-12-05T20:00:00"},
                 {"durationMinutes", 115},
                 {"class", "football"},
                 {"expectedPeakViewers", 250000},
                 {"pools", {{"matchLabels", {{"service", "live"}}}}}}}});
  ASSERT_TRUE(eventually([&] { return !cluster_->events().calendar(pool()).events().empty(); }));
  const auto event = cluster_->events().calendar(pool()).events().front();
  EXPECT_EQ(event.name, name_space_ + "/final");
  EXPECT_EQ(event.start, kNow);
  EXPECT_EQ(event.expected_peak, Viewers{250000});
  EXPECT_TRUE(take_woken(key_));
}

TEST_F(KubeCluster, WhatAnEventTaughtStandsInItsClassAndOutlivesARestart) {
  for (const char* name : {"one", "two"}) {
    api_.make_deployment(name_space_, std::string("edge-") + name, 1);
    api_.make_pool(name_space_, name, {std::string("edge-") + name});
  }
  const std::string collection = "/apis/edgetide.io/v1alpha1/eventclasses";
  const std::string name = "class-" + name_space_;
  api_.create(collection, {{"apiVersion", "edgetide.io/v1alpha1"},
                           {"kind", "EventClass"},
                           {"metadata", {{"name", name}}},
                           {"spec", {{"priorPeakViewers", 1000}, {"overrunMinutes", 120}}}});
  const auto announce = [&](const std::string& event, const std::string& start) {
    api_.create("/apis/edgetide.io/v1alpha1/namespaces/" + name_space_ + "/streamevents",
                {{"apiVersion", "edgetide.io/v1alpha1"},
                 {"kind", "StreamEvent"},
                 {"metadata", {{"name", event}}},
                 {"spec",
                  {{"start", start},
                   {"durationMinutes", 115},
                   {"class", name},
                   {"pools", json::Value::object()}}}});
  };
  announce("next", "2026-12-12T20:00:00");
  open();
  const auto expected = [&]() -> double {
    const auto pool = cluster_->pools().find({name_space_, "one"}).value();
    const auto events = cluster_->events().calendar(pool);
    if (events.events().empty() || !events.events()[0].prior) return 0;
    EXPECT_EQ(events.events()[0].overrun, Seconds{120 * 60});
    return std::exp(events.events()[0].prior->log_size);
  };
  EXPECT_TRUE(eventually([&] { return std::abs(expected() - 500) < 1; })) << "half of the opinion";

  model::EventOutcome outcome{
      .name = name_space_ + "/last", .event_class = name, .start = kNow - Seconds{7200}};
  outcome.uplift.assign(model::EventBins::kCount, 30'000.0);
  for (const char* pool : {"one", "two"})
    cluster_->events().note_outcome({name_space_, pool}, outcome);
  const auto status = [&] { return api_.get(collection + "/" + name)["status"]; };
  const auto viewers = [&]() -> std::int64_t {
    const auto now = status();
    return now.contains("lastEvents") ? now["lastEvents"][0].value("viewers", 0) : 0;
  };
  EXPECT_TRUE(eventually([&] { return viewers() == 60'000; })) << "over both pools";
  EXPECT_EQ(status()["events"], 1);
  EXPECT_EQ(status()["lastEvents"][0]["start"], "2026-12-05T18:00:00Z");
  const double taught = expected();
  EXPECT_GT(taught, 10'000);

  const auto version = [&] {
    return api_.get(collection + "/" + name)["metadata"]["resourceVersion"];
  };
  const auto written = version();
  cluster_.reset();
  open();
  EXPECT_TRUE(eventually([&] { return std::abs(expected() - taught) < 1; }));
  cluster_->events().note_outcome({name_space_, "one"}, outcome);  // its past, read again
  std::this_thread::sleep_for(std::chrono::milliseconds{300});
  EXPECT_EQ(version(), written) << "what is known is not written again";
  api_.remove(collection + "/" + name);
  EXPECT_TRUE(eventually([&] { return expected() == 0; }));
}

TEST_F(KubeCluster, ACalendarIsFollowedAndKeptWhenItBreaks) {
  open_with_three_domains(1);
  const std::string base = "/api/v1/namespaces/" + name_space_ + "/configmaps";
  const std::string calendars =
      "/apis/edgetide.io/v1alpha1/namespaces/" + name_space_ + "/eventcalendars";
  const auto say = [&](const std::string& text) {
    api_.merge(base + "/season", {{"data", {{"season.txt", text}}}});
    now_ = now_.load() + Seconds{10};
  };
  api_.create(base, {{"apiVersion", "v1"},
                     {"kind", "ConfigMap"},
                     {"metadata", {{"name", "season"}}},
                     {"data", {{"season.txt", "2026-12-05T21:00:00Z Derby-Final"}}}});
  api_.create(calendars,
              {{"apiVersion", "edgetide.io/v1alpha1"},
               {"kind", "EventCalendar"},
               {"metadata", {{"name", "season"}}},
               {"spec",
                {{"source", {{"configMapKeyRef", {{"name", "season"}, {"key", "season.txt"}}}}},
                 {"refreshSeconds", 10},
                 {"class", "league"},
                 {"classes", {{{"contains", "Final"}, {"class", "final"}}}},
                 {"rampUpMinutes", 20},
                 {"pools", json::Value::object()}}}});
  const auto announced = [&] {
    std::string text;
    const auto calendar = cluster_->events().calendar(pool());
    for (const auto& event : calendar.events())
      text += event.name.substr(name_space_.size()) + " " + event.event_class + "\n";
    return text;
  };
  const auto ready = [&]() -> std::string {
    const auto status = api_.get(calendars + "/season").value("status", json::Value::object());
    if (!status.contains("conditions")) return "";
    return status["conditions"][0].value("status", "") + " " +
           status["conditions"][0].value("reason", "") + " " +
           std::to_string(status.value("events", 0));
  };
  EXPECT_TRUE(eventually([&] { return announced() == "/season/Derby-Final final\n"; }));
  EXPECT_TRUE(eventually([&] { return ready() == "True Read 1"; })) << ready();
  EXPECT_EQ(cluster_->events().calendar(pool()).events()[0].ramp_up, Seconds{20 * 60});

  const std::string two = "/season/Derby-Final final\n/season/Cup league\n";
  say("2026-12-05T21:00:00Z Derby-Final\n2026-12-06T21:00:00Z Cup");
  EXPECT_TRUE(eventually([&] { return announced() == two; }));
  EXPECT_TRUE(eventually([&] { return ready() == "True Read 2"; })) << ready();
  say("tomorrow Cup");
  EXPECT_TRUE(eventually([&] { return ready() == "False Unreadable 2"; })) << ready();
  EXPECT_EQ(announced(), two) << "the last good copy";
  say("");
  EXPECT_TRUE(eventually([&] { return ready() == "False Empty 2"; })) << ready();
  EXPECT_EQ(announced(), two);
  EXPECT_EQ(cluster_->calendars_ready(),
            (std::map<ObjectKey, bool>{{{name_space_, "season"}, false}}));
  say("2026-12-07T21:00:00Z Cup");
  EXPECT_TRUE(eventually([&] { return announced() == "/season/Cup league\n"; }));
  EXPECT_TRUE(eventually([&] { return ready() == "True Read 1"; })) << ready();
  const auto told = api_.get("/apis/events.k8s.io/v1/namespaces/" + name_space_ + "/events");
  std::set<std::string> reasons;
  for (const auto& event : told["items"]) {
    if (event["regarding"].value("kind", "") == "EventCalendar")
      reasons.insert(event.value("reason", ""));
  }
  EXPECT_EQ(reasons, (std::set<std::string>{"CalendarUnreadable", "CalendarEmpty"}));
  // Over, and nothing new: that is not sudden.
  now_ = *parse_instant("2026-12-08T00:00:00Z");
  say("");
  EXPECT_TRUE(eventually([&] { return ready() == "True Read 0"; })) << ready();
  api_.remove(calendars + "/season");
  EXPECT_TRUE(
      eventually([&] { return announced().empty() && cluster_->calendars_ready().empty(); }));
}

TEST_F(KubeCluster, SourcesAreReadAndSecretsOnlyWhereTheOperatorMay) {
  open();
  const auto version = cluster_->metric_sources_version();
  const std::string name = "source-" + name_space_;
  api_.create("/apis/edgetide.io/v1alpha1/metricsources",
              {{"apiVersion", "edgetide.io/v1alpha1"},
               {"kind", "MetricSource"},
               {"metadata", {{"name", name}}},
               {"spec",
                {{"url", "https://prometheus.monitoring:9090"},
                 {"allowedNamespaces", {"video"}},
                 {"queries", {{"viewers", "sum(x)"}}}}}});
  EXPECT_TRUE(eventually([&] { return cluster_->metric_sources().contains(name); }));
  EXPECT_NE(cluster_->metric_sources_version(), version);

  const ObjectKey own{"edgetide", "edgetide-credentials"};
  EXPECT_EQ(cluster_->secret(own).error().code, ErrorCode::kNotFound);
  api_.create("/api/v1/namespaces/edgetide/secrets", {{"apiVersion", "v1"},
                                                      {"kind", "Secret"},
                                                      {"metadata", {{"name", own.name}}},
                                                      {"stringData", {{"token", "s3cret"}}}});
  const auto secret = cluster_->secret(own);
  ASSERT_TRUE(secret.ok()) << secret.error().text();
  EXPECT_EQ(secret->at("token"), "s3cret");
  EXPECT_EQ(cluster_->secret({"edgetide", "other"}).error().code, ErrorCode::kForbidden);
  EXPECT_EQ(cluster_->secret({name_space_, own.name}).error().code, ErrorCode::kForbidden);
}

TEST_F(KubeCluster, AWrongTokenIsSaidAtOnce) {
  Access access = operator_access();
  access.credential.token = "wrong-token";
  auto refused =
      Cluster::open(access, {.local_time = testing::utc_only(), .writes_status = false}).value();
  refused->start();
  const auto began = std::chrono::steady_clock::now();
  const auto synced = refused->wait_until_synced(std::chrono::seconds{30});
  EXPECT_EQ(synced.error().code, ErrorCode::kUnauthorized);
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds{10});
}

TEST_F(KubeCluster, ADownServerIsATimeoutThatNamesWhatIsMissing) {
  Access access = operator_access();
  access.endpoint.base_url = "https://127.0.0.1:1";
  auto alone =
      Cluster::open(access, {.local_time = testing::utc_only(), .writes_status = false}).value();
  alone->start();
  const auto synced = alone->wait_until_synced(std::chrono::milliseconds{1500});
  EXPECT_EQ(synced.error().code, ErrorCode::kTimeout);
  EXPECT_NE(synced.error().message.find("edgepools"), std::string::npos);
  const auto began = std::chrono::steady_clock::now();
  alone->stop();
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds{4});
}

TEST_F(KubeCluster, ATargetWhoseWatchIsDownIsNotKnown) {
  api_.make_deployment(name_space_, "edge-a", 1);
  testing::TcpRelay relay(api_.access().endpoint.base_url);
  Access access = operator_access();
  access.endpoint.base_url = relay.url();
  Client client = KubeApi::connect(access);
  TargetWatches targets(client, {.stale_after = std::chrono::milliseconds{500}});
  const TargetKey key{.name_space = name_space_,
                      .target = {.api_version = "apps/v1", .kind = "Deployment", .name = "edge-a"}};
  targets.follow({key});
  ASSERT_TRUE(eventually([&] { return targets.observe(key).known; }));
  relay.refuse();
  ASSERT_TRUE(eventually([&] { return !targets.observe(key).known; }));
  EXPECT_NE(targets.observe(key).detail.find("not followed for"), std::string::npos)
      << targets.observe(key).detail;
  EXPECT_FALSE(targets.scale(key, Replicas{1}, Replicas{2}).ok());
  relay.accept();
  EXPECT_TRUE(eventually([&] { return targets.observe(key).known; }));
}

}  // namespace
}  // namespace edgetide::kube
