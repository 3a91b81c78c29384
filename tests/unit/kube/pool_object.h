#pragma once

#include <string>

#include "json/json.h"
#include "kube/local_time.h"

namespace edgetide::kube {

inline LocalTime utc_only() {
  return {.offsets = [](const std::string&) -> Result<model::UtcOffsets> {
            return model::UtcOffsets{};
          },
          .moment = [](const std::string&, const std::string&) -> Result<Instant> {
            return Instant{};
          }};
}

/// An EdgePool, which is invalid with a `max` below `min`.
inline json::Value pool_object(int generation, int min, int max) {
  return {{"apiVersion", "edgetide.io/v1alpha1"},
          {"kind", "EdgePool"},
          {"metadata",
           {{"namespace", "video"},
            {"name", "live"},
            {"uid", "uid-live"},
            {"resourceVersion", std::to_string(100 + generation)},
            {"generation", generation}}},
          {"spec",
           {{"failureDomains",
             {{{"name", "a"},
               {"scaleTargetRef",
                {{"apiVersion", "apps/v1"}, {"kind", "Deployment"}, {"name", "edge-a"}}}}}},
            {"demand", {{"sourceRef", {{"name", "video"}}}}},
            {"capacity", {{"viewers", 2000}}},
            {"replicas", {{"min", min}, {"max", max}}}}}};
}

}  // namespace edgetide::kube
