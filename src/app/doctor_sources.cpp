#include <algorithm>

#include "app/doctor_checks.h"
#include "app/secret_reader.h"
#include "http/transport.h"
#include "kube/codecs.h"
#include "kube/listing.h"
#include "kube/metric_sources.h"
#include "kube/paths.h"
#include "promql/connection.h"
#include "promql/demand_source.h"

namespace edgetide::app {
namespace {

constexpr const char* kFromHere =
    "a source inside of the cluster is reached from there: run this in the operator's pod";

/// Whether the source's server answers, and its clock.
Findings server_findings(const model::MetricSource& source, const promql::SecretReader& secrets,
                         const ports::Clock& clock) {
  const std::string subject = "source " + source.name;
  promql::Connection connection(source, secrets, http::connect);
  const auto session = connection.session(clock.now());
  if (!session.ok()) return {failure(subject, session.error().text(), "correct its credentials")};
  const auto answer = (*session)->transport->send({.target = "/api/v1/query?query=1",
                                                   .headers = (*session)->headers,
                                                   .deadline = std::chrono::milliseconds{5'000}});
  if (!answer.ok()) return {failure(subject, source.url + ": " + answer.error().text(), kFromHere)};
  if (answer->status != 200) {
    return {failure(subject,
                    source.url + " answers with HTTP status " + std::to_string(answer->status),
                    "correct its url or credentials")};
  }
  return {fine(subject, source.url + " answers"),
          clock_finding(subject + ", clock", answer->header("Date"), clock.now())};
}

/// How the viewers of a pool are read.
Finding demand_finding(const model::EdgePool& pool, const model::Reading& viewers, Instant now) {
  const std::string subject = "demand of " + pool.key.text();
  const std::string age =
      viewers.has_value() ? ", " + to_string(std::max(Seconds{0}, now - viewers.at)) + " old" : "";
  const std::string state{model::to_string(viewers.freshness)};
  if (viewers.fresh()) return fine(subject, state + age);
  return failure(subject, state + age + ": " + viewers.detail,
                 "look at the query in MetricSource " + pool.demand.source + " or the pool");
}

}  // namespace

Findings check_sources(const ClusterClient& cluster, const std::vector<model::EdgePool>& pools,
                       const ports::Clock& clock) {
  const auto objects = kube::list_objects(
      *cluster.client, kube::collection_path(kube::kApiVersion, "metricsources", ""));
  if (!objects.ok()) return {unread_finding(Finding::State::kWarning, "sources", objects.error())};
  const auto secrets =
      secret_reader([&](const ObjectKey& key) { return kube::read_secret(*cluster.client, key); });
  Findings findings;
  std::vector<model::MetricSource> reached;
  for (const json::Value& object : *objects) {
    auto source = kube::decode_metric_source(object);
    if (!source.ok()) {
      findings.push_back(failure("source " + source.value.name,
                                 kube::to_error(source.problems, "").text(), "correct its spec"));
      continue;
    }
    Findings seen = server_findings(source.value, secrets, clock);
    if (seen.front().state == Finding::State::kOk) reached.push_back(std::move(source.value));
    for (Finding& finding : seen) findings.push_back(std::move(finding));
  }
  promql::DemandSource demand(secrets, http::connect);
  demand.set_sources(reached);
  demand.refresh(clock.now());
  for (const model::EdgePool& pool : pools) {
    const bool known = std::ranges::any_of(objects.value(), [&](const json::Value& object) {
      const auto name = json::get_string(object, "metadata.name");
      return name.ok() && *name == pool.demand.source;
    });
    const bool answers =
        std::ranges::find(reached, pool.demand.source, &model::MetricSource::name) != reached.end();
    if (known && !answers) continue;  // the source's own line says why
    const Instant now = clock.now();
    findings.push_back(demand_finding(pool, demand.read(pool, now).viewers, now));
  }
  return findings;
}

}  // namespace edgetide::app
