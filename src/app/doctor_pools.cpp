#include <algorithm>
#include <optional>

#include "app/complaints.h"
#include "app/doctor_checks.h"
#include "kube/codecs.h"
#include "kube/listing.h"
#include "kube/paths.h"
#include "kube/pool_status.h"
#include "report/time_text.h"

namespace edgetide::app {
namespace {

Result<std::vector<json::Value>> listed_pools(const ClusterClient& cluster,
                                              std::vector<std::string> namespaces) {
  if (namespaces.empty()) namespaces.emplace_back();
  std::vector<json::Value> all;
  for (const std::string& name_space : namespaces) {
    auto some = kube::list_objects(
        *cluster.client, kube::collection_path(kube::kApiVersion, "edgepools", name_space));
    if (!some.ok()) return some.error();
    all.insert(all.end(), some->begin(), some->end());
  }
  return all;
}

Finding pool_finding(const kube::PoolStatus& pool, Instant now) {
  const std::string subject = "pool " + pool.key.text();
  std::string text;
  for (const std::string& complaint : complaints(pool, now))
    text += (text.empty() ? "" : "; ") + complaint;
  if (!text.empty()) return warning(subject, text, "edgetide explain " + pool.key.text());
  return fine(subject, pool.mode + ", decided " +
                           (pool.decided_at ? report::age_text(*pool.decided_at, now) + " ago"
                                            : "at a time that is not told"));
}

/// The pool's own word in a HorizontalPodAutoscaler or ScaledObject.
std::optional<std::string> rival_text(const json::Value& scaler, const model::FailureDomain& domain,
                                      const std::string& home) {
  const auto text = [&](const char* path) {
    const auto found = json::get_string(scaler, path);
    return found.ok() ? *found : std::string{};
  };
  const std::string kind = text("kind");
  const std::string target_kind = text("spec.scaleTargetRef.kind");
  const bool same_kind = target_kind == domain.target.kind ||
                         (target_kind.empty() && domain.target.kind == "Deployment");
  if (text("metadata.namespace") != home || !same_kind ||
      text("spec.scaleTargetRef.name") != domain.target.name)
    return std::nullopt;
  return kind + " " + text("metadata.name") + " scales " + domain.target.kind + " " +
         domain.target.name + " too";
}

/// The objects of a kind that may not be there at all; each says its kind.
std::vector<json::Value> scalers_of(const ClusterClient& cluster, const std::string& version,
                                    const std::string& plural, const std::string& kind,
                                    const std::string& name_space, Findings& findings) {
  auto listed =
      kube::list_objects(*cluster.client, kube::collection_path(version, plural, name_space));
  if (!listed.ok()) {
    if (listed.error().code != ErrorCode::kNotFound)
      findings.push_back(
          warning("rivals", listed.error().text(), "ask somebody who may list " + plural));
    return {};
  }
  for (json::Value& object : *listed) object["kind"] = kind;
  return *std::move(listed);
}

}  // namespace

PoolFindings check_pools(const ClusterClient& cluster, const DoctorOptions& options, Instant now) {
  const auto objects = listed_pools(cluster, options.namespaces);
  if (!objects.ok())
    return {{}, {unread_finding(Finding::State::kFailure, "pools", objects.error())}};
  PoolFindings seen;
  if (objects->empty())
    seen.findings.push_back(warning("pools", "there are none", "docs/tasks/first-pool.md"));
  for (const json::Value& object : *objects) {
    seen.findings.push_back(pool_finding(kube::decode_pool_status(object), now));
    auto pool = kube::decode_pool(object);
    if (pool.ok()) {
      seen.pools.push_back(std::move(pool.value));
    } else {
      const std::string name = "pool " + pool.value.key.text();
      seen.findings.push_back(
          failure(name, kube::to_error(pool.problems, "").text(), "correct its spec"));
    }
  }
  return seen;
}

Findings rivals_of(const model::EdgePool& pool, const std::vector<json::Value>& scalers) {
  Findings findings;
  for (const model::FailureDomain& domain : pool.domains) {
    for (const json::Value& scaler : scalers) {
      const auto rival = rival_text(scaler, domain, pool.key.name_space);
      if (!rival) continue;
      const std::string subject = "rivals of " + pool.key.text();
      const std::string remedy =
          "delete it before the pool enforces, or make it the target in the workload's place";
      findings.push_back(pool.mode == model::Mode::kEnforce ? failure(subject, *rival, remedy)
                                                            : warning(subject, *rival, remedy));
    }
  }
  return findings;
}

Findings check_rivals(const ClusterClient& cluster, const std::vector<model::EdgePool>& pools) {
  Findings findings;
  std::vector<std::string> namespaces;
  for (const model::EdgePool& pool : pools) namespaces.push_back(pool.key.name_space);
  std::ranges::sort(namespaces);
  namespaces.erase(std::unique(namespaces.begin(), namespaces.end()), namespaces.end());
  for (const std::string& home : namespaces) {
    auto scalers = scalers_of(cluster, "autoscaling/v2", "horizontalpodautoscalers",
                              "HorizontalPodAutoscaler", home, findings);
    for (json::Value& scaled :
         scalers_of(cluster, "keda.sh/v1alpha1", "scaledobjects", "ScaledObject", home, findings))
      scalers.push_back(std::move(scaled));
    for (const model::EdgePool& pool : pools) {
      if (pool.key.name_space != home) continue;
      for (Finding& found : rivals_of(pool, scalers)) findings.push_back(std::move(found));
    }
  }
  if (findings.empty() && !pools.empty())
    findings.push_back(fine("rivals", "no HPA or ScaledObject scales a pool's target"));
  return findings;
}

}  // namespace edgetide::app
