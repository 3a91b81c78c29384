#include <gtest/gtest.h>

#include <cmath>
#include <thread>

#include "contract/kube_cluster.h"

/// Stream events, their classes and calendars.
namespace edgetide::kube {
namespace {

using testing::eventually;
using testing::kNow;
using testing::KubeCluster;

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

TEST_F(KubeCluster, ACalendarInASecretIsReadWhereTheOperatorMayAndItsWordsAreNotTold) {
  open_with_three_domains(1);
  const std::string secrets = "/api/v1/namespaces/" + name_space_ + "/secrets";
  const std::string calendars =
      "/apis/edgetide.io/v1alpha1/namespaces/" + name_space_ + "/eventcalendars";
  api_.create(secrets, {{"apiVersion", "v1"},
                        {"kind", "Secret"},
                        {"metadata", {{"name", "season"}}},
                        {"stringData", {{"season.txt", "2026-12-07T21:00:00Z Premiere"}}}});
  api_.create(calendars,
              {{"apiVersion", "edgetide.io/v1alpha1"},
               {"kind", "EventCalendar"},
               {"metadata", {{"name", "season"}}},
               {"spec",
                {{"source", {{"secretKeyRef", {{"name", "season"}, {"key", "season.txt"}}}}},
                 {"refreshSeconds", 10},
                 {"pools", json::Value::object()}}}});
  const auto told = [&]() -> std::string {
    now_ = now_.load() + Seconds{10};
    const auto status = api_.get(calendars + "/season").value("status", json::Value::object());
    if (!status.contains("conditions")) return "";
    return status["conditions"][0].value("reason", "") + ": " +
           status["conditions"][0].value("message", "");
  };
  const auto tells = [&](const std::string& reason, const std::string& words) {
    return eventually([&] {
      const std::string now = told();
      return now.starts_with(reason) && now.find(words) != std::string::npos;
    });
  };
  const auto announced = [&] {
    const auto calendar = cluster_->events().calendar(pool());
    return calendar.events().empty() ? "" : calendar.events()[0].name;
  };
  EXPECT_TRUE(tells("Unreadable", "cannot get")) << told();
  EXPECT_EQ(announced(), "");
  api_.kubectl("-n " + name_space_ +
               " create role season --verb=get --resource=secrets --resource-name=season");
  api_.kubectl("-n " + name_space_ +
               " create rolebinding season --role=season --serviceaccount=edgetide:edgetide");
  EXPECT_TRUE(tells("Read", "1 events")) << told();
  EXPECT_TRUE(eventually([&] { return announced() == name_space_ + "/season/Premiere"; }));

  api_.merge(secrets + "/season", {{"stringData", {{"season.txt", "s3cret-token Premiere"}}}});
  EXPECT_TRUE(tells("Unreadable", "of a Secret no more is told; the last good copy holds"))
      << told();
  EXPECT_EQ(told().find("s3cret"), std::string::npos);
  {
    const std::lock_guard lock(mutex_);
    for (const std::string& problem : problems_)
      EXPECT_EQ(problem.find("s3cret"), std::string::npos);
  }
  api_.merge(secrets + "/season", {{"data", {{"season.txt", nullptr}}}});
  EXPECT_TRUE(tells("Unreadable", "no entry \"season.txt\"")) << told();
  EXPECT_EQ(announced(), name_space_ + "/season/Premiere") << "the last good copy";
}

}  // namespace
}  // namespace edgetide::kube
