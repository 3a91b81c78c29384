#include "kube/event_import.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "unit/kube/client_fake_transport.h"

namespace edgetide::kube {
namespace {

using ::testing::ElementsAre;
using testing::FakeTransport;
using ::testing::HasSubstr;

const std::string kCollection = "/apis/edgetide.io/v1alpha1/namespaces/video/streamevents";

json::Value event(const std::string& name, const std::string& day, int minutes = 90) {
  return {{"apiVersion", "edgetide.io/v1alpha1"},
          {"kind", "StreamEvent"},
          {"metadata", {{"name", name}, {"namespace", "video"}}},
          {"spec",
           {{"start", "2026-12-" + day + "T20:00:00Z"},
            {"durationMinutes", minutes},
            {"pools", json::Value::object()}}}};
}

json::Value from(const std::string& origin, json::Value event) {
  event["metadata"]["labels"] = {{kImportedFrom, origin}};
  return event;
}

/// With a spec of which that manager has a part.
json::Value managed(const std::string& manager, json::Value event) {
  event["metadata"]["managedFields"].push_back(
      {{"manager", manager}, {"fieldsV1", {{"f:spec", {{"f:start", json::Value::object()}}}}}});
  return event;
}

/// A namespace's StreamEvents behind the API server's words for them.
class EventImports : public ::testing::Test {
 protected:
  EventImports() {
    script_.answer = [this](const http::Request& request) { return answer(request); };
  }

  Result<http::Response> answer(const http::Request& request) {
    const auto query = request.target.find('?');
    const std::string query_text = query == std::string::npos ? "" : request.target.substr(query);
    if (request.method == http::Method::kGet && request.target.starts_with(kCollection + "/"))
      return http::Response{
          .status = 200,
          .body = json::dump(objects_.at(request.target.substr(kCollection.size() + 1)))};
    if (request.method == http::Method::kGet) {
      json::Value items = json::Value::array();
      for (const auto& [name, object] : objects_) items.push_back(object);
      return http::Response{.status = 200, .body = json::dump({{"items", items}})};
    }
    const std::string name =
        request.target.substr(kCollection.size() + 1, query - kCollection.size() - 1);
    if (const auto refused = refused_.find(name); refused != refused_.end())
      return http::Response{.status = refused->second,
                            .body = json::dump({{"kind", "Status"}, {"message", "refused"}})};
    if (request.method == http::Method::kDelete) {
      const auto options = json::Value::parse(request.body);
      deleted_with_ = options["preconditions"];
      if (options.contains("dryRun")) return http::Response{.status = 200, .body = "{}"};
      written_.push_back(name);
      objects_.erase(name);
      return http::Response{.status = 200, .body = "{}"};
    }
    const bool dry_run = query_text.find("dryRun=All") != std::string::npos;
    if (!dry_run) written_.push_back(name);
    EXPECT_TRUE(query_text.starts_with("?fieldManager=edgetide-import")) << query_text;
    EXPECT_EQ(query_text.find("force"), std::string::npos);
    json::Value object = json::Value::parse(request.body);
    object["spec"]["timeZone"] = "UTC";  // the definition's default
    object["metadata"]["uid"] = "uid-" + name;
    object["metadata"]["resourceVersion"] = "7";
    if (!dry_run) objects_[name] = object;
    return http::Response{.status = 200, .body = json::dump(object)};
  }

  ImportOutcome import(std::vector<json::Value> events, bool prune = false, bool dry_run = false) {
    Client client(std::make_unique<FakeTransport>(script_), {}, {});
    done_ = 0;
    return import_events(client,
                         {.name_space = "video",
                          .imported_from = "season.ics",
                          .events = std::move(events),
                          .from = parse_instant("2026-12-02T00:00:00Z").value(),
                          .to = parse_instant("2026-12-30T00:00:00Z").value(),
                          .zones = &zones_,
                          .prune = prune,
                          .dry_run = dry_run},
                         [this](double done) {
                           EXPECT_GT(done, done_);
                           done_ = done;
                         });
  }

  static std::vector<std::string> told(const ImportOutcome& outcome) {
    const std::map<ImportResult, std::string> words{{ImportResult::kCreated, "created"},
                                                    {ImportResult::kConfigured, "configured"},
                                                    {ImportResult::kUnchanged, "unchanged"},
                                                    {ImportResult::kPruned, "pruned"},
                                                    {ImportResult::kLeft, "left"}};
    std::vector<std::string> all;
    for (const auto& one : outcome.events) all.push_back(one.name + " " + words.at(one.result));
    return all;
  }

  const LocalTime zones_{.offsets = {}, .moment = [](const std::string& start, const std::string&) {
                           return Result<Instant>(parse_instant(start).value());
                         }};
  FakeTransport::Script script_;
  std::map<std::string, json::Value> objects_;
  std::map<std::string, int> refused_;  ///< By name, with which HTTP status.
  std::vector<std::string> written_;
  json::Value deleted_with_;
  double done_ = 0;
};

TEST_F(EventImports, SayWhatTheyChangedAndTheSecondTimeNothing) {
  const std::vector<json::Value> season{event("cup", "05"), event("final", "06")};
  const auto first = import(season);
  EXPECT_FALSE(first.failure);
  EXPECT_THAT(told(first), ElementsAre("cup created", "final created"));
  EXPECT_EQ(objects_["cup"]["metadata"]["labels"][kImportedFrom], "season.ics");
  EXPECT_EQ(done_, 1.0);
  EXPECT_THAT(told(import(season)), ElementsAre("cup unchanged", "final unchanged"));
  EXPECT_THAT(told(import({event("cup", "05"), event("final", "07")})),
              ElementsAre("cup unchanged", "final configured"));
}

TEST_F(EventImports, TakeOverWhatStandsAsTheCalendarHasIt) {
  objects_["cup"] = event("cup", "05");
  objects_["cup"]["spec"]["timeZone"] = "UTC";
  EXPECT_THAT(told(import({event("cup", "05")})), ElementsAre("cup configured")) << "the label";
  EXPECT_THAT(told(import({event("cup", "05")})), ElementsAre("cup unchanged"));
}

TEST_F(EventImports, WriteNothingWhereOneIsRefused) {
  for (const auto& [status, code] : {std::pair{422, ErrorCode::kInvalid},
                                     {409, ErrorCode::kConflict},
                                     {403, ErrorCode::kForbidden}}) {
    refused_ = {{"final", status}};
    const auto outcome = import({event("cup", "05"), event("final", "06")});
    ASSERT_TRUE(outcome.failure);
    EXPECT_EQ(outcome.failure->code, code);
    EXPECT_THAT(outcome.failure->message, HasSubstr("StreamEvent video/final: "));
    EXPECT_THAT(outcome.failure->message, HasSubstr("refused\nnothing was written"));
    EXPECT_THAT(outcome.events, ElementsAre());
    EXPECT_THAT(written_, ElementsAre());
  }
}

TEST_F(EventImports, NameEveryoneThatIsRefusedButAskNoFurtherWhereNobodyMay) {
  refused_ = {{"a", 422}, {"c", 409}};
  const auto both = import({event("a", "05"), event("b", "06"), event("c", "07")});
  EXPECT_THAT(both.failure->message, HasSubstr("video/a: "));
  EXPECT_THAT(both.failure->message, HasSubstr("video/c: "));
  script_.sent.clear();
  refused_ = {{"a", 403}};
  EXPECT_TRUE(import({event("a", "05"), event("b", "06")}).failure);
  EXPECT_EQ(script_.sent.size(), 2U);
}

TEST_F(EventImports, OfADryRunAreTheServersToAnswer) {
  EXPECT_THAT(told(import({event("cup", "05")}, false, true)), ElementsAre("cup created"));
  EXPECT_EQ(done_, 1.0);
  objects_["gone"] = from("season.ics", event("gone", "09"));
  EXPECT_THAT(told(import({event("cup", "05")}, true, true)),
              ElementsAre("cup created", "gone pruned"));
  EXPECT_THAT(written_, ElementsAre());
}

TEST_F(EventImports, DoNotTakeWhatIsOfAnotherCalendar) {
  objects_["final"] = from("shows.csv", event("final", "06"));
  const auto outcome = import({event("cup", "05"), event("final", "06")});
  ASSERT_TRUE(outcome.failure);
  EXPECT_EQ(outcome.failure->code, ErrorCode::kConflict);
  EXPECT_THAT(outcome.failure->message,
              HasSubstr("video/final: was imported from shows.csv, not from season.ics"));
  EXPECT_THAT(written_, ElementsAre());
}

TEST_F(EventImports, PruneWhatTheCalendarHasNoMoreAndNothingElse) {
  objects_["gone"] = managed("edgetide-import", from("season.ics", event("gone", "09")));
  objects_["shared"] = managed("kubectl", from("season.ics", event("shared", "09")));
  objects_["gone"]["metadata"].update({{"uid", "u9"}, {"resourceVersion", "31"}});
  objects_["begun"] = from("season.ics", event("begun", "01"));
  objects_["beyond"] = from("season.ics", event("beyond", "31"));
  objects_["other"] = from("shows.csv", event("other", "09"));
  objects_["by-hand"] = event("by-hand", "09");
  objects_["odd"] = from("season.ics", event("odd", "09"));
  objects_["odd"]["spec"].erase("durationMinutes");
  EXPECT_THAT(told(import({event("cup", "05")})), ElementsAre("cup created", "gone left"));
  EXPECT_TRUE(objects_.contains("gone"));
  EXPECT_THAT(told(import({event("cup", "05")}, true)),
              ElementsAre("cup unchanged", "gone pruned"));
  EXPECT_EQ(deleted_with_, (json::Value{{"uid", "u9"}, {"resourceVersion", "31"}}));
  EXPECT_FALSE(objects_.contains("gone"));
  EXPECT_EQ(objects_.size(), 7U) << "the six others, and the new one";
}

TEST_F(EventImports, OfAnEmptyCalendarPruneNothing) {
  objects_["cup"] = from("season.ics", event("cup", "09"));
  const auto outcome = import({}, true);
  ASSERT_TRUE(outcome.failure);
  EXPECT_THAT(outcome.failure->message, HasSubstr("the 1 that were imported from it stay"));
  EXPECT_TRUE(objects_.contains("cup"));
  EXPECT_THAT(told(import({})), ElementsAre("cup left"));
}

TEST_F(EventImports, SayHowFarTheyCameWhereAWriteFails) {
  const auto outcome_of = [this](std::size_t fails_at) {
    script_.answer = [this, fails_at](const http::Request& request) -> Result<http::Response> {
      if (script_.sent.size() == fails_at) return http::Response{.status = 500};
      return answer(request);
    };
    return import({event("cup", "05"), event("final", "06")});
  };
  const auto outcome = outcome_of(5);  // a list, two checked, one written
  ASSERT_TRUE(outcome.failure);
  EXPECT_THAT(told(outcome), ElementsAre("cup created"));
  EXPECT_THAT(outcome.failure->text(), HasSubstr("StreamEvent video/final: "));
  EXPECT_THAT(outcome.failure->message, HasSubstr("; 1 of 2 were done"));
}

TEST_F(EventImports, AreBounded) {
  const auto outcome = import(std::vector<json::Value>(10'001, event("cup", "05")));
  ASSERT_TRUE(outcome.failure);
  EXPECT_EQ(outcome.failure->code, ErrorCode::kTooLarge);
  EXPECT_TRUE(script_.sent.empty());
}

TEST_F(EventImports, NeedTheDefinition) {
  script_.answer = [](const http::Request&) { return http::Response{.status = 404}; };
  const auto outcome = import({event("cup", "05")});
  ASSERT_TRUE(outcome.failure);
  EXPECT_EQ(outcome.failure->code, ErrorCode::kNotFound);
  EXPECT_THAT(outcome.failure->message, HasSubstr("edgetide crds --apply"));
}

}  // namespace
}  // namespace edgetide::kube
