#pragma once

#include <fstream>
#include <iterator>
#include <string>

#include "json/json.h"

namespace edgetide::cli {

/// tests/contract/crds/NAME, as the API server accepts it.
inline json::Value contract_file(const std::string& name) {
  std::ifstream file{std::string{EDGETIDE_SOURCE_DIR} + "/tests/contract/crds/" + name};
  return json::Value::parse(std::string{std::istreambuf_iterator<char>{file}, {}});
}

/// An EdgePool with a status that tells everything there is, decided at 2026-12-05T19:20:00Z, and
/// a spec that leads there: 98,001 viewers / (2,800 x 71 %) = 50, and 6 to spare; 52 at most.
inline json::Value told_pool() {
  json::Value pool = contract_file("edgepools.json")["full"];
  pool["metadata"]["namespace"] = "video";
  pool["metadata"]["name"] = "live-edge";
  pool["metadata"]["generation"] = 7;
  pool["spec"]["capacity"] = {{"viewers", 2800}, {"targetUtilizationPercent", 71}};
  pool["spec"]["redundancy"] = {{"survive", "None"}, {"spareReplicas", 6}};
  pool["spec"]["replicas"] = {{"min", 6}, {"max", 52}};
  pool["status"] = contract_file("status.json")["status"];
  return pool;
}

}  // namespace edgetide::cli
