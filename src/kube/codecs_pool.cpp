#include <algorithm>
#include <set>

#include "kube/codec_parts.h"
#include "kube/pause_annotations.h"

namespace edgetide::kube {
namespace {

using model::EdgePool;

constexpr AmountRange kPerReplica{"1", "1G"};
constexpr AmountRange kEgress{"1", "1P"};
constexpr AmountRange kConfidence{"50", "99.999"};
constexpr AmountRange kFill{"0", "100"};
constexpr AmountRange kPerArrival{"0", "100"};
constexpr AmountRange kFillRate{"0", "1P"};

Replicas replicas(std::int64_t count) { return Replicas{static_cast<int>(count)}; }

/// An object whose absence is a problem, unless a pool for calculations can do without.
Fields needed_in_cluster(Fields& fields, std::string_view key, const DecodeOptions& options) {
  return options.lone && !fields.has(key) ? fields.object(key) : fields.required_object(key);
}

model::ScaleTarget read_target(Fields& owner, const DecodeOptions& options) {
  Fields target = needed_in_cluster(owner, "scaleTargetRef", options);
  return {.api_version = target.required_text("apiVersion", TextKind::kTargetVersion).value_or(""),
          .kind = target.required_text("kind", TextKind::kKind).value_or(""),
          .name = target.required_text("name", TextKind::kObjectName).value_or("")};
}

model::FailureDomain read_domain(const json::Value& item, const std::string& path,
                                 Findings& findings, const DecodeOptions& options) {
  Fields fields{item, path, findings};
  model::FailureDomain domain;
  domain.name = fields.required_text("name", TextKind::kDomainName).value_or("");
  domain.target = read_target(fields, options);
  if (const auto max = fields.integer("maxReplicas", {1, kMostReplicas})) {
    domain.max_replicas = replicas(*max);
  }
  Fields nodes = fields.object("nodes");
  domain.nodes.expandable = nodes.boolean("expandable").value_or(false);
  if (nodes.has("machineDeploymentRef")) {
    Fields machines = nodes.object("machineDeploymentRef");
    domain.nodes.machine_deployment = {
        machines.required_text("namespace", TextKind::kNamespace).value_or(""),
        machines.required_text("name", TextKind::kObjectName).value_or("")};
  }
  return domain;
}

/// One workload, whose failure domains are labels of its nodes. Their room is not reckoned with.
void read_spread(Fields& spec, EdgePool& pool, const DecodeOptions& options) {
  if (spec.has("failureDomains")) {
    spec.add_problem("topologyKey",
                     "spreads one workload; failureDomains have one each: give one or the other");
  }
  pool.topology_key = spec.required_text("topologyKey", TextKind::kLabelKey).value_or("");
  model::FailureDomain whole;
  whole.target = read_target(spec, options);
  whole.name = whole.target.name.empty() ? "workload" : whole.target.name;
  whole.max_replicas = replicas(kMostReplicas);
  whole.nodes.expandable = true;
  pool.domains.push_back(std::move(whole));
}

void read_domains(Fields& spec, EdgePool& pool, const DecodeOptions& options) {
  if (spec.has("topologyKey") || spec.has("scaleTargetRef"))
    return read_spread(spec, pool, options);
  std::set<std::string> names;
  std::set<model::ScaleTarget> targets;
  spec.list("failureDomains", {1, 16}, [&](const json::Value& item, const std::string& path) {
    Findings& findings = spec.findings();
    const std::size_t before = findings.problems.size();
    auto domain = read_domain(item, path, findings, options);
    if (findings.problems.size() == before) {
      if (!names.insert(domain.name).second) {
        findings.add(path + ".name", "\"" + domain.name + "\" names an earlier domain too");
      }
      const bool has_target = !domain.target.name.empty();
      if (has_target && !targets.insert(domain.target).second) {
        findings.add(path + ".scaleTargetRef", domain.target.kind + " " + domain.target.name +
                                                   " is the target of an earlier domain too");
      }
    }
    pool.domains.push_back(std::move(domain));
  });
}

void read_demand(Fields& spec, EdgePool& pool, const DecodeOptions& options) {
  Fields demand = needed_in_cluster(spec, "demand", options);
  {
    Fields source = needed_in_cluster(demand, "sourceRef", options);
    pool.demand.source = source.required_text("name", TextKind::kObjectName).value_or("");
  }
  Fields queries = demand.object("queries");
  pool.demand.queries = read_queries(queries);
  if (const auto opened = demand.quantity("handshakesPerArrival", kPerArrival))
    pool.demand.handshakes_per_arrival = opened->number();
}

/// Sets the resource when the field is there.
template <typename Unit>
void read_resource(Fields& capacity, std::string_view key, AmountRange legal,
                   std::optional<Unit>& resource) {
  if (const auto amount = capacity.quantity(key, legal)) resource = Unit{amount->number()};
}

void read_capacity(Fields& spec, EdgePool& pool) {
  Fields capacity = spec.required_object("capacity");
  read_resource(capacity, "viewers", kPerReplica, pool.capacity.viewers);
  read_resource(capacity, "egressBitsPerSecond", kEgress, pool.capacity.egress);
  read_resource(capacity, "requestsPerSecond", kPerReplica, pool.capacity.requests);
  read_resource(capacity, "connections", kPerReplica, pool.capacity.connections);
  read_resource(capacity, "handshakesPerSecond", kPerReplica, pool.capacity.handshakes);
  if (const auto percent = capacity.integer("targetUtilizationPercent", {1, 100})) {
    pool.capacity.target_utilization = Ratio{static_cast<double>(*percent) / 100};
  }
  const bool any = capacity.has("viewers") || capacity.has("egressBitsPerSecond") ||
                   capacity.has("requestsPerSecond") || capacity.has("connections") ||
                   capacity.has("handshakesPerSecond");
  if (capacity.present() && !any) {
    spec.add_problem("capacity",
                     "at least one of viewers, egressBitsPerSecond, requestsPerSecond, "
                     "connections and handshakesPerSecond is required");
  }
}

BitsPerSecond read_fill_rate(Fields& upstream, std::string_view key) {
  const auto rate = upstream.quantity(key, kFillRate);
  return BitsPerSecond{rate ? rate->number() : 0};
}

/// After the capacity, which has to know the egress that is fetched a share of.
void read_upstream(Fields& spec, EdgePool& pool) {
  using model::Tier;
  pool.tier = spec.choice<Tier>("tier", {{"Gateway", Tier::kGateway},
                                         {"Edge", Tier::kEdge},
                                         {"Shield", Tier::kShield},
                                         {"Origin", Tier::kOrigin}})
                  .value_or(pool.tier);
  if (!spec.has("upstreamRef")) return;
  Fields fields = spec.object("upstreamRef");
  model::Upstream& upstream = pool.upstream.emplace();
  upstream.name = fields.required_text("name", TextKind::kObjectName).value_or("");
  if (const auto percent = fields.percent("fillPercent", kFill))
    upstream.fill = Ratio{*percent / 100};
  upstream.live_fill = read_fill_rate(fields, "liveFillBitsPerSecond");
  upstream.cold_fill = read_fill_rate(fields, "coldFillBitsPerSecond");
  if (pool.tier == Tier::kOrigin)
    spec.add_problem("upstreamRef", "an Origin draws from no other pool");
  if (!pool.capacity.egress)
    spec.add_problem(
        "upstreamRef",
        "needs capacity.egressBitsPerSecond: what is fetched is a share of the egress");
}

void read_replicas(Fields& spec, EdgePool& pool) {
  Fields bounds = spec.required_object("replicas");
  const auto min = bounds.integer("min", {1, kMostReplicas});
  const auto max = bounds.required_integer("max", {1, kMostReplicas});
  if (min) pool.replicas.min = replicas(*min);
  if (!max) return;
  pool.replicas.max = replicas(*max);
  if (pool.replicas.max < pool.replicas.min) {
    bounds.add_problem("max", std::to_string(*max) + " is below " + bounds.path("min") + " " +
                                  std::to_string(pool.replicas.min.count()));
  }
  std::int64_t room = 0;
  for (const model::FailureDomain& domain : pool.domains) room += domain.max_replicas.count();
  if (!pool.domains.empty() && room < pool.replicas.min.count()) {
    bounds.add_problem("min", std::to_string(pool.replicas.min.count()) + " is above the " +
                                  std::to_string(room) +
                                  " replicas that the failure domains together hold");
  }
}

void read_promises(Fields& spec, EdgePool& pool, const DecodeOptions& options) {
  using model::Survive;
  {
    Fields lead_time = spec.object("leadTime");
    if (const auto seconds = lead_time.integer("initialSeconds", {1, 7200})) {
      pool.lead_time = Seconds{*seconds};
    }
    if (const auto seconds = lead_time.integer("minimumSeconds", {1, 7200})) {
      pool.least_lead_time = Seconds{*seconds};
    }
    if (const auto seconds = lead_time.integer("warmupSeconds", {0, 7200})) {
      pool.warm_up = Seconds{*seconds};
    }
  }
  {
    Fields forecast = spec.object("forecast");
    if (const auto percent = forecast.percent("confidencePercent", kConfidence)) {
      pool.confidence = *percent / 100;
    }
    pool.time_zone = read_time_zone(forecast, "timeZone", options).value_or(pool.time_zone);
  }
  Fields redundancy = spec.object("redundancy");
  pool.redundancy.survive =
      redundancy
          .choice<Survive>("survive",
                           {{"None", Survive::kNone}, {"FailureDomain", Survive::kFailureDomain}})
          .value_or(pool.redundancy.survive);
  if (const auto spare = redundancy.integer("spareReplicas", {0, 10'000})) {
    pool.redundancy.spare = replicas(*spare);
  }
  // More than of the whole is not asked for by silence.
  pool.redundancy.confidence = std::min(pool.redundancy.confidence, pool.confidence);
  if (const auto percent = redundancy.percent("confidencePercent", kConfidence))
    pool.redundancy.confidence = *percent / 100;
  if (const auto seconds = redundancy.integer("reconnectSeconds", {1, 3600}))
    pool.redundancy.reconnect = Seconds{*seconds};
  if (const auto seconds = redundancy.integer("rebuildAfterSeconds", {60, 86'400})) {
    pool.redundancy.rebuild_after = Seconds{*seconds};
  }
}

void read_spec(Fields& spec, EdgePool& pool, const DecodeOptions& options) {
  using model::Mode;
  using model::OnMissingDemand;
  pool.mode = spec.choice<Mode>("mode", {{"DryRun", Mode::kDryRun}, {"Enforce", Mode::kEnforce}})
                  .value_or(pool.mode);
  read_domains(spec, pool, options);
  read_demand(spec, pool, options);
  read_capacity(spec, pool);
  read_upstream(spec, pool);
  read_promises(spec, pool, options);
  read_replicas(spec, pool);
  read_pace(spec, pool);
  pool.on_missing_demand =
      spec.choice<OnMissingDemand>("onMissingDemand",
                                   {{"Hold", OnMissingDemand::kHold},
                                    {"RaiseToForecast", OnMissingDemand::kRaiseToForecast},
                                    {"RaiseToMax", OnMissingDemand::kRaiseToMax}})
          .value_or(pool.on_missing_demand);
}

}  // namespace

Decoded<EdgePool> decode_pool(const json::Value& object, const DecodeOptions& options) {
  Findings findings{.refuse_unknown = options.refuse_unknown, .problems = {}};
  EdgePool pool;
  {
    Fields fields{object, "", findings};
    ObjectMeta meta = read_meta(fields, "EdgePool");
    pool.key = std::move(meta.key);
    pool.uid = std::move(meta.uid);
    pool.generation = meta.generation;
    pool.labels = std::move(meta.labels);
    Fields spec = fields.required_object("spec");
    read_spec(spec, pool, options);
  }
  PauseReading reading = read_pause(object);
  pool.pause = reading.pause;
  pool.pause_problem = std::move(reading.problem);
  return {std::move(pool), std::move(findings.problems)};
}

}  // namespace edgetide::kube
