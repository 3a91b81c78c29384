#include "app/doctor.h"

#include <array>
#include <chrono>
#include <cstdlib>

#include "app/doctor_checks.h"
#include "http/date.h"
#include "http/transport.h"
#include "kube/connection.h"
#include "kube/supported.h"

namespace edgetide::app {
namespace {

/// Below that a second's fraction and the way explain it.
constexpr Seconds kCloseClock{2};
/// Half a lease: above it leaders misjudge each other, and fresh samples look stale.
constexpr Seconds kWrongClock{8};

void add(Findings& all, Findings more) {
  for (Finding& finding : more) all.push_back(std::move(finding));
}

/// 34 of "1", "34+"; nothing for a version that is none.
std::optional<int> minor_of(const json::Value& version) {
  const auto minor = json::get_string(version, "minor");
  if (!minor.ok() || minor->empty()) return std::nullopt;
  return std::atoi(minor->c_str());
}

Finding version_finding(const json::Value& version) {
  const auto name = json::get_string(version, "gitVersion");
  const auto minor = minor_of(version);
  if (!name.ok() || !minor)
    return failure("API server", "does not say its version", "is this a Kubernetes API server?");
  if (*minor >= kube::kOldestMinor) return fine("API server", "Kubernetes " + *name);
  return failure("API server", "Kubernetes " + *name,
                 kube::minor_text(kube::kOldestMinor) +
                     " or later is needed: the definitions' rules are not understood before");
}

}  // namespace

Finding fine(std::string subject, std::string text) {
  return {Finding::State::kOk, std::move(subject), std::move(text), {}};
}
Finding warning(std::string subject, std::string text, std::string remedy) {
  return {Finding::State::kWarning, std::move(subject), std::move(text), std::move(remedy)};
}
Finding failure(std::string subject, std::string text, std::string remedy) {
  return {Finding::State::kFailure, std::move(subject), std::move(text), std::move(remedy)};
}

Finding clock_finding(const std::string& subject, std::string_view date, Instant ours) {
  const auto theirs = http::parse_date(date);
  if (!theirs) return warning(subject, "is not told by the server", "");
  const Seconds off = *theirs - ours;
  if (std::chrono::abs(off) <= kCloseClock) return fine(subject, "as ours");
  const std::string text = to_string(Seconds{std::chrono::abs(off)}) +
                           (off > Seconds{0} ? " ahead of" : " behind") + " ours";
  const std::string remedy =
      "set both by NTP: the age of samples and the end of a lease and a "
      "pause are judged by them";
  return std::chrono::abs(off) <= kWrongClock ? warning(subject, text, remedy)
                                              : failure(subject, text, remedy);
}

Finding unread_finding(Finding::State state, std::string subject, const Error& error) {
  if (error.code == ErrorCode::kNotFound)
    return failure(std::move(subject), "there can be none before their definition is there",
                   "edgetide crds --apply");
  return {state, std::move(subject), error.text(), "ask somebody who may list them"};
}

Findings check_server(const ClusterClient& cluster, const ports::Clock& clock) {
  const auto transport = kube::Connection::open(cluster.access, {});
  if (!transport.ok()) return {failure("API server", transport.error().text(), "")};
  const auto answer = (*transport)->send({.target = "/version"});
  if (!answer.ok()) {
    return {failure("API server", cluster.access.endpoint.base_url + ": " + answer.error().text(),
                    "is the kubeconfig's address right, and the network open to it?")};
  }
  Findings found;
  const auto version = json::parse(answer->body);
  if (answer->status == 200 && version.ok()) {
    found.push_back(version_finding(*version));
  } else {
    found.push_back(warning("API server", "answers, and does not tell its version", ""));
  }
  found.push_back(clock_finding("API server's clock", answer->header("Date"), clock.now()));
  return found;
}

std::vector<Finding> examine(const DoctorOptions& options, const ports::Clock& clock) {
  const auto cluster = open_cluster(options.access, options.version);
  if (!cluster.ok())
    return {failure("kubeconfig", cluster.error().text(),
                    "give --kubeconfig and --context, or set KUBECONFIG")};
  Findings all{fine("kubeconfig", cluster->access.origin)};
  for (const std::string& risk : cluster->access.warnings)
    all.push_back(warning("kubeconfig", risk, ""));
  add(all, check_server(*cluster, clock));
  if (all.back().state == Finding::State::kFailure && all.back().subject == "API server")
    return all;
  add(all, check_definitions(*cluster));
  add(all, check_leader(*cluster, options, clock));
  PoolFindings seen = check_pools(*cluster, options, clock.now());
  add(all, check_rights(*cluster, options, seen.pools));
  add(all, std::move(seen.findings));
  add(all, check_sources(*cluster, seen.pools, clock));
  add(all, check_rivals(*cluster, seen.pools));
  return all;
}

}  // namespace edgetide::app
