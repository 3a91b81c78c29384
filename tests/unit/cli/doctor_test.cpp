#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "app/doctor_checks.h"
#include "cli/doctor_output.h"
#include "kube/codecs.h"
#include "unit/cli/pool_object.h"
#include "unit/cli/run.h"

namespace edgetide::cli {
namespace {

using app::Finding;
using testing::HasSubstr;
using testing::IsEmpty;

const Instant kNow = parse_instant("2026-12-05T19:20:40Z").value();

TEST(Doctor, JudgesClocks) {
  const auto state = [](std::string_view date) {
    return app::clock_finding("clock", date, kNow).state;
  };
  EXPECT_EQ(state("Sat, 05 Dec 2026 19:20:40 GMT"), Finding::State::kOk);
  EXPECT_EQ(state("Sat, 05 Dec 2026 19:20:38 GMT"), Finding::State::kOk);
  EXPECT_EQ(state("Sat, 05 Dec 2026 19:20:37 GMT"), Finding::State::kWarning);
  EXPECT_EQ(state("Sat, 05 Dec 2026 19:20:49 GMT"), Finding::State::kFailure);
  EXPECT_EQ(state(""), Finding::State::kWarning);
  EXPECT_EQ(app::clock_finding("clock", "Sat, 05 Dec 2026 19:22:40 GMT", kNow).text,
            "2m ahead of ours");
}

TEST(Doctor, ObjectsOfAKindThatIsNotDefinedAreNoBare404) {
  const auto unread = [](ErrorCode code) {
    return app::unread_finding(Finding::State::kWarning, "pools", {.code = code, .message = "404"});
  };
  EXPECT_EQ(unread(ErrorCode::kNotFound).text,
            "there can be none before their definition is there");
  EXPECT_EQ(unread(ErrorCode::kNotFound).remedy, "edgetide crds --apply");
  EXPECT_EQ(unread(ErrorCode::kForbidden).state, Finding::State::kWarning);
}

TEST(Doctor, HoldsDefinitionsAgainstThoseOfThisProgram) {
  const json::Value ours = json::Value::parse(R"({"spec": {"versions": [
      {"name": "v1", "subresources": {"status": {}}, "schema": {"min": 3, "enum": ["a", "b"]}}]}})");
  json::Value installed = ours;
  EXPECT_EQ(app::definition_difference(installed, ours), std::nullopt);
  installed["spec"]["versions"][0]["served"] = true;  // a default of the server's
  EXPECT_EQ(app::definition_difference(installed, ours), std::nullopt);
  installed["spec"]["versions"][0]["schema"]["min"] = 2;
  EXPECT_EQ(app::definition_difference(installed, ours), "spec.versions[0].schema.min");
  installed = ours;
  installed["spec"]["versions"][0]["schema"]["enum"].push_back("c");
  EXPECT_EQ(app::definition_difference(installed, ours), "spec.versions[0].schema.enum");
  installed = ours;
  installed["spec"]["versions"][0]["schema"].erase("min");
  EXPECT_EQ(app::definition_difference(installed, ours), "spec.versions[0].schema.min");
  EXPECT_EQ(app::definition_difference(json::Value::object(), ours), "spec.versions");
}

TEST(Doctor, FindsVersionsOfStoredObjectsThatThisProgramDoesNotHave) {
  const json::Value ours = json::Value::parse(R"({"spec": {"versions": [{"name": "v1"}]}})");
  json::Value installed = ours;
  EXPECT_THAT(app::strange_stored_versions(installed, ours), IsEmpty());
  installed["status"]["storedVersions"] = {"v1"};
  EXPECT_THAT(app::strange_stored_versions(installed, ours), IsEmpty());
  installed["status"]["storedVersions"] = {"v0", "v1"};
  EXPECT_THAT(app::strange_stored_versions(installed, ours), testing::ElementsAre("v0"));
}

TEST(Doctor, TellsWhoLeadsAndWhenNobodyDoes) {
  kube::Lease lease{.holder = "edgetide-7d_ab",
                    .duration = Seconds{15},
                    .transitions = 3,
                    .renewed = "2026-12-05T19:20:38.123456Z"};
  const auto found = [&] { return app::leader_finding(lease, "edgetide/edgetide", kNow); };
  EXPECT_EQ(found().state, Finding::State::kOk);
  EXPECT_EQ(found().text, "edgetide-7d_ab by the Lease edgetide/edgetide, renewed 2s ago; epoch 3");
  lease.renewed = "2026-12-05T19:20:18Z";  // later than it should be, and clocks differ
  EXPECT_EQ(found().state, Finding::State::kOk);
  lease.renewed = "2026-12-05T19:20:16Z";
  EXPECT_EQ(found().state, Finding::State::kFailure);
  EXPECT_THAT(found().text, HasSubstr("nobody acts: edgetide-7d_ab held the Lease"));
  lease.renewed = "soon";
  EXPECT_EQ(found().state, Finding::State::kWarning);
  lease.holder = "";
  EXPECT_EQ(found().state, Finding::State::kFailure);
}

json::Value scaler(const std::string& kind, const std::string& target_kind,
                   const std::string& target) {
  return {{"kind", kind},
          {"metadata", {{"name", "other"}, {"namespace", "video"}}},
          {"spec", {{"scaleTargetRef", {{"kind", target_kind}, {"name", target}}}}}};
}

TEST(Doctor, FindsWhoElseScalesATarget) {
  model::EdgePool pool = kube::decode_pool(told_pool()).value;
  const auto hpa = scaler("HorizontalPodAutoscaler", "Deployment", "edge-1a");
  auto found = app::rivals_of(pool, {hpa});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].state, Finding::State::kFailure);
  EXPECT_EQ(found[0].text, "HorizontalPodAutoscaler other scales Deployment edge-1a too");
  pool.mode = model::Mode::kDryRun;
  EXPECT_EQ(app::rivals_of(pool, {hpa})[0].state, Finding::State::kWarning);

  json::Value keda = scaler("ScaledObject", "Deployment", "edge-1b");
  keda["spec"]["scaleTargetRef"].erase("kind");
  EXPECT_EQ(app::rivals_of(pool, {keda}).size(), 1u);
  EXPECT_THAT(app::rivals_of(pool, {scaler("ScaledObject", "StatefulSet", "edge-1a"),
                                    scaler("ScaledObject", "Deployment", "edge-1")}),
              IsEmpty());
  json::Value elsewhere = hpa;
  elsewhere["metadata"]["namespace"] = "other";
  EXPECT_THAT(app::rivals_of(pool, {elsewhere}), IsEmpty());
}

TEST(Doctor, PrintsALineAFindingWithWhatHelps) {
  const std::vector<Finding> findings{
      app::fine("kubeconfig", "/root/.kube/config, context test"),
      app::warning("pools", "there are none", "make one"),
      app::failure("definition edgepools", "is not there", "edgetide crds --apply")};
  EXPECT_EQ(print_findings(findings, "text"),
            "ok    kubeconfig: /root/.kube/config, context test\n"
            "warn  pools: there are none\n"
            "      -> make one\n"
            "fail  definition edgepools: is not there\n"
            "      -> edgetide crds --apply\n"
            "\n"
            "1 ok, 1 to look at, 1 failed\n");
  const auto json = nlohmann::json::parse(print_findings(findings, "json"));
  EXPECT_EQ(json["kind"], "DoctorReport");
  EXPECT_EQ(json["findings"][2]["state"], "fail");
  EXPECT_FALSE(json["findings"][0].contains("remedy"));
}

TEST(Doctor, WithoutAClusterFailsAndSaysWhatHelps) {
  const auto outcome = run({"doctor", "--kubeconfig", "/nonexistent"});
  EXPECT_EQ(outcome.exit, Exit::kFailed);
  EXPECT_THAT(outcome.out, HasSubstr("fail  kubeconfig: "));
  EXPECT_THAT(outcome.out, HasSubstr("-> give --kubeconfig"));
  EXPECT_EQ(run({"doctor", "--service-account", "edgetide"}).exit, Exit::kUsage);
}

TEST(Doctor, AServerThatDoesNotAnswerIsTheLastThingLookedAt) {
  const auto kubeconfig = written("doctor_kubeconfig",
                                  "{apiVersion: v1, kind: Config, current-context: c,"
                                  " clusters: [{name: c, cluster: {server: 'http://127.0.0.1:1'}}],"
                                  " users: [{name: c, user: {}}],"
                                  " contexts: [{name: c, context: {cluster: c, user: c}}]}");
  const auto outcome = run({"doctor", "--kubeconfig", kubeconfig});
  EXPECT_EQ(outcome.exit, Exit::kFailed);
  EXPECT_THAT(outcome.out, HasSubstr("fail  API server: http://127.0.0.1:1: "));
  EXPECT_THAT(outcome.out, testing::Not(HasSubstr("definition")));
}

}  // namespace
}  // namespace edgetide::cli
