#include <algorithm>
#include <tuple>

#include "app/doctor_checks.h"
#include "kube/autoscaler.h"
#include "kube/codecs.h"
#include "kube/discovery.h"

namespace edgetide::app {
namespace {

/// Something that has to be allowed.
struct Right {
  std::string verb;
  std::string group;     ///< Empty for the core group.
  std::string resource;  ///< "edgepools/status"
  std::string name_space;

  auto operator<=>(const Right&) const = default;
};

const std::string kOurs{kube::kApiGroup};

std::string text_of(const Right& right) {
  return right.verb + " " + right.resource + (right.group.empty() ? "" : "." + right.group) +
         (right.name_space.empty() ? "" : " in " + right.name_space);
}

/// What commands do for people.
std::vector<Right> rights_of_people(const std::string& name_space) {
  std::vector<Right> rights;
  for (const char* kind : {"edgepools", "streamevents", "eventcalendars"})
    rights.push_back({"list", kOurs, kind, name_space});
  rights.push_back({"get", kOurs, "edgepools", name_space});
  rights.push_back({"patch", kOurs, "edgepools", name_space});
  rights.push_back({"list", kOurs, "eventclasses", ""});
  rights.push_back({"get", kOurs, "metricsources", ""});
  return rights;
}

/// What the operator does, where pools live or everywhere.
std::vector<Right> rights_of_operator(const std::string& name_space) {
  std::vector<Right> rights;
  for (const char* verb : {"list", "watch"}) {
    for (const char* kind : {"edgepools", "streamevents", "eventcalendars"})
      rights.push_back({verb, kOurs, kind, name_space});
    for (const char* kind : {"eventclasses", "metricsources"})
      rights.push_back({verb, kOurs, kind, ""});
    for (const char* kind : {"pods", "resourcequotas"})
      rights.push_back({verb, "", kind, name_space});
  }
  rights.push_back({"patch", kOurs, "edgepools/status", name_space});
  rights.push_back({"patch", kOurs, "eventcalendars/status", name_space});
  rights.push_back({"patch", kOurs, "eventclasses/status", ""});
  rights.push_back({"get", "", "configmaps", name_space});
  for (const char* verb : {"create", "patch"})
    rights.push_back({verb, "events.k8s.io", "events", name_space});
  return rights;
}

/// What the operator does with the pools' targets.
std::vector<Right> rights_on_targets(const ClusterClient& cluster,
                                     const std::vector<model::EdgePool>& pools) {
  kube::Discovery discovery(*cluster.client);
  std::vector<Right> rights;
  for (const model::EdgePool& pool : pools) {
    if (!pool.topology_key.empty()) {
      for (const char* verb : {"list", "watch"}) rights.push_back({verb, "", "nodes", ""});
    }
    for (const model::FailureDomain& domain : pool.domains) {
      const auto& [version, kind, name] = domain.target;
      const auto plural = discovery.scalable_plural(version, kind);
      if (!plural.ok()) continue;  // its pool says so
      const auto slash = version.find('/');
      const std::string group = slash == std::string::npos ? "" : version.substr(0, slash);
      const std::string& home = pool.key.name_space;
      if (kube::autoscaler_kind(version, kind) != nullptr) {
        for (const char* verb : {"get", "list", "watch", "patch"})
          rights.push_back({verb, group, *plural, home});
        continue;
      }
      for (const char* verb : {"list", "watch"}) rights.push_back({verb, group, *plural, home});
      for (const char* verb : {"get", "update"})
        rights.push_back({verb, group, *plural + "/scale", home});
    }
  }
  std::ranges::sort(rights);
  rights.erase(std::unique(rights.begin(), rights.end()), rights.end());
  return rights;
}

/// The review's kind and body: of a service account, or of whom the kubeconfig names.
std::pair<std::string, json::Value> review_of(const Right& right,
                                              const std::string& service_account) {
  const auto slash = right.resource.find('/');
  json::Value attributes{
      {"verb", right.verb}, {"group", right.group}, {"resource", right.resource.substr(0, slash)}};
  if (slash != std::string::npos) attributes["subresource"] = right.resource.substr(slash + 1);
  if (!right.name_space.empty()) attributes["namespace"] = right.name_space;
  json::Value spec{{"resourceAttributes", std::move(attributes)}};
  std::string kind = "SelfSubjectAccessReview";
  if (!service_account.empty()) {
    const auto mid = service_account.find('/');
    const std::string home = service_account.substr(0, mid);
    kind = "SubjectAccessReview";
    spec["user"] = "system:serviceaccount:" + home + ":" + service_account.substr(mid + 1);
    spec["groups"] = {"system:serviceaccounts", "system:serviceaccounts:" + home,
                      "system:authenticated"};
  }
  return {kind,
          {{"apiVersion", "authorization.k8s.io/v1"}, {"kind", kind}, {"spec", std::move(spec)}}};
}

Result<bool> allowed(const ClusterClient& cluster, const Right& right,
                     const std::string& service_account) {
  const auto [kind, body] = review_of(right, service_account);
  const std::string plural =
      kind == "SubjectAccessReview" ? "subjectaccessreviews" : "selfsubjectaccessreviews";
  const auto answer = cluster.client->send({.method = http::Method::kPost,
                                            .target = "/apis/authorization.k8s.io/v1/" + plural,
                                            .body = json::dump(body),
                                            .content_type = "application/json"});
  if (!answer.ok()) return answer.error();
  const auto review = json::parse(*answer);
  if (!review.ok()) return review.error();
  return json::get_bool(*review, "status.allowed");
}

/// One finding for all of the rights.
Finding rights_finding(const ClusterClient& cluster, const std::vector<Right>& rights,
                       const std::string& subject, const std::string& service_account) {
  std::string missing;
  bool nodes = false;
  for (const Right& right : rights) {
    const auto may = allowed(cluster, right, service_account);
    if (!may.ok())
      return warning(subject, may.error().text(), "ask somebody who may review access");
    if (*may) continue;
    missing += (missing.empty() ? "" : ", ") + text_of(right);
    nodes = nodes || right.resource == "nodes";
  }
  if (missing.empty())
    return fine(subject, "all " + std::to_string(rights.size()) + " that are used");
  return failure(subject, "missing: " + missing,
                 nodes ? "topologySpread.enabled in the chart grants those on nodes, which pools "
                         "with spec.topologyKey take; it and manifests/install.yaml have the roles"
                       : "grant them: the chart and manifests/install.yaml have the roles");
}

/// Nodes are followed where that is wanted (--node-room): not to be allowed to is no failure.
Finding room_finding(const ClusterClient& cluster, const std::vector<model::EdgePool>& pools,
                     const std::string& service_account) {
  const std::string subject = "room on the nodes";
  const bool is_a_limit = std::ranges::any_of(pools, [](const model::EdgePool& pool) {
    return std::ranges::any_of(pool.domains, [](const auto& one) { return !one.nodes.expandable; });
  });
  if (!is_a_limit) return fine(subject, "is a limit of no pool");
  for (const char* kind : {"nodes", "pods"}) {
    for (const char* verb : {"list", "watch"}) {
      const Right right{verb, "", kind, ""};
      const auto may = allowed(cluster, right, service_account);
      if (may.ok() && *may) continue;
      return warning(subject,
                     "is not known to the operator, which may not " + text_of(right) +
                         " everywhere: shortfalls ahead are told without it",
                     "nodeRoom.enabled in the chart, or nodes.expandable of the failure domains "
                     "that an autoscaler brings nodes to");
    }
  }
  return fine(subject, "may be followed, as --node-room has it");
}

}  // namespace

bool in_pod(const ClusterClient& cluster) {
  return cluster.access.credential.token_file.starts_with("/var/run/secrets/");
}

Findings check_rights(const ClusterClient& cluster, const DoctorOptions& options,
                      const std::vector<model::EdgePool>& pools) {
  auto namespaces = options.namespaces;
  if (namespaces.empty()) namespaces.emplace_back();
  if (!in_pod(cluster) && options.service_account.empty()) {
    std::vector<Right> rights;
    for (const std::string& name_space : namespaces) {
      for (Right& right : rights_of_people(name_space)) rights.push_back(std::move(right));
    }
    Finding found = rights_finding(cluster, rights, "your rights", "");
    if (found.state == Finding::State::kOk)
      found.text += " by commands; --service-account looks at the operator's";
    if (found.state == Finding::State::kFailure) found.state = Finding::State::kWarning;
    return {found};
  }
  std::vector<Right> rights = rights_on_targets(cluster, pools);
  for (const std::string& name_space : namespaces) {
    for (Right& right : rights_of_operator(name_space)) rights.push_back(std::move(right));
  }
  return {rights_finding(cluster, rights, "operator's rights", options.service_account),
          room_finding(cluster, pools, options.service_account)};
}

}  // namespace edgetide::app
