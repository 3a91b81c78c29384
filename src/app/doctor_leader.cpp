#include "app/doctor_checks.h"
#include "kube/listing.h"
#include "kube/paths.h"
#include "report/time_text.h"

namespace edgetide::app {
namespace {

/// What two clocks may differ by without it being said who is late.
constexpr Seconds kLate{8};

/// Where the operator is: where its service account is, or this pod; else where it is by custom.
std::string home_of(const DoctorOptions& options, const ClusterClient& cluster) {
  if (!options.lease_namespace.empty()) return options.lease_namespace;
  if (const auto slash = options.service_account.find('/'); slash != std::string::npos)
    return options.service_account.substr(0, slash);
  return in_pod(cluster) ? cluster.access.name_space : "edgetide";
}

}  // namespace

Finding leader_finding(const kube::Lease& lease, const std::string& name, Instant now) {
  const std::string remedy = "do the operator's pods run, and what do their logs say?";
  if (lease.holder.empty()) return failure("leader", "nobody holds the Lease " + name, remedy);
  const auto renewed = parse_instant(lease.renewed);
  if (!renewed)
    return warning("leader",
                   lease.holder + " holds the Lease " + name + ", renewed nobody knows when",
                   remedy);
  const std::string age = report::age_text(*renewed, now);
  if (now - *renewed > lease.duration + kLate)
    return failure("leader",
                   "nobody acts: " + lease.holder + " held the Lease " + name +
                       ", and renewed it last " + age + " ago",
                   remedy);
  return fine("leader", lease.holder + " by the Lease " + name + ", renewed " + age +
                            " ago; epoch " + std::to_string(lease.transitions));
}

Findings check_leader(const ClusterClient& cluster, const DoctorOptions& options,
                      const ports::Clock& clock) {
  const ObjectKey key{home_of(options, cluster), options.lease_name};
  const auto object = kube::get_object(
      *cluster.client, kube::collection_path("coordination.k8s.io/v1", "leases", key.name_space) +
                           "/" + kube::percent_encode(key.name));
  if (!object.ok() && object.error().code == ErrorCode::kNotFound) {
    return {warning("leader", "there is no Lease " + key.text(),
                    "--lease-namespace and --lease-name say which the operator has; one replica "
                    "without --leader-election has none")};
  }
  if (!object.ok())
    return {
        warning("leader", object.error().text(),
                "ask somebody who may get leases; --lease-namespace and --lease-name say which")};
  const auto lease = kube::decode_lease(*object);
  if (!lease.ok()) return {failure("leader", lease.error().text(), "delete it: it is made anew")};
  return {leader_finding(*lease, key.text(), clock.now())};
}

}  // namespace edgetide::app
