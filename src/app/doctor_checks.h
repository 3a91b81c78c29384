#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "app/cluster_client.h"
#include "app/doctor.h"
#include "edgetide/model/edge_pool.h"
#include "json/json.h"
#include "kube/lease.h"

/// What the doctor looks at, part by part.
namespace edgetide::app {

using Findings = std::vector<Finding>;

[[nodiscard]] Finding fine(std::string subject, std::string text);
[[nodiscard]] Finding warning(std::string subject, std::string text, std::string remedy);
[[nodiscard]] Finding failure(std::string subject, std::string text, std::string remedy);

/// Objects of our kinds that could not be listed: an API server that does not know the kind says
/// 404. \param state of any other problem
[[nodiscard]] Finding unread_finding(Finding::State state, std::string subject, const Error& error);

/// How far a server's clock, by its Date header, is off ours; ages and leases are judged by both.
[[nodiscard]] Finding clock_finding(const std::string& subject, std::string_view date,
                                    Instant ours);

/// Version and clock of the API server. A failure when it does not answer.
[[nodiscard]] Findings check_server(const ClusterClient& cluster, const ports::Clock& clock);

/// Whether each of our definitions is there as this program has it.
[[nodiscard]] Findings check_definitions(const ClusterClient& cluster);
/// The definition serves all that `ours` has. Nothing when it does, else where they differ.
[[nodiscard]] std::optional<std::string> definition_difference(const json::Value& installed,
                                                               const json::Value& ours);

/// Versions that objects may be stored in and that `ours` does not have.
[[nodiscard]] std::vector<std::string> strange_stored_versions(const json::Value& installed,
                                                               const json::Value& ours);

/// Whether a replica of the operator acts: who holds its Lease, and renewed it when.
[[nodiscard]] Findings check_leader(const ClusterClient& cluster, const DoctorOptions& options,
                                    const ports::Clock& clock);
/// \param name of the Lease: "edgetide/edgetide"
[[nodiscard]] Finding leader_finding(const kube::Lease& lease, const std::string& name,
                                     Instant now);

/// Whether this runs in a pod, as its service account.
[[nodiscard]] bool in_pod(const ClusterClient& cluster);
/// Whether the operator may do what it does, and a person what the commands do.
[[nodiscard]] Findings check_rights(const ClusterClient& cluster, const DoctorOptions& options,
                                    const std::vector<model::EdgePool>& pools);

/// The pools that can be understood, and findings on all.
struct PoolFindings {
  std::vector<model::EdgePool> pools;
  Findings findings;
};
[[nodiscard]] PoolFindings check_pools(const ClusterClient& cluster, const DoctorOptions& options,
                                       Instant now);

/// Whether each MetricSource answers from here, how old its answers for the pools are, and its
/// clock.
[[nodiscard]] Findings check_sources(const ClusterClient& cluster,
                                     const std::vector<model::EdgePool>& pools,
                                     const ports::Clock& clock);

/// HorizontalPodAutoscalers and ScaledObjects that scale a pool's target as well.
[[nodiscard]] Findings check_rivals(const ClusterClient& cluster,
                                    const std::vector<model::EdgePool>& pools);
/// The findings on one pool. \param scalers of its namespace: HPAs and ScaledObjects
[[nodiscard]] Findings rivals_of(const model::EdgePool& pool,
                                 const std::vector<json::Value>& scalers);

}  // namespace edgetide::app
