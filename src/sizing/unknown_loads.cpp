#include "edgetide/sizing/unknown_loads.h"

#include <algorithm>
#include <optional>

#include "edgetide/sizing/capacity_model.h"

namespace edgetide::sizing {

std::vector<UnknownLoad> unknown_loads(const model::CapacityPerReplica& capacity,
                                       const model::DemandReadings& demand) {
  const auto needs = needs_for(Viewers{1}, capacity, demand);
  std::vector<UnknownLoad> unknown;
  const auto look_for = [&](model::Resource resource, bool has_capacity,
                            const std::optional<model::Reading>& reading) {
    const bool known =
        std::ranges::find(needs, resource, &model::ResourceNeed::resource) != needs.end();
    if (has_capacity && !known) unknown.push_back({resource, reading ? reading->detail : ""});
  };
  using model::Resource;
  look_for(Resource::kEgress, capacity.egress.has_value(), demand.egress);
  look_for(Resource::kRequests, capacity.requests.has_value(), demand.requests);
  look_for(Resource::kConnections, capacity.connections.has_value(), demand.connections);
  look_for(Resource::kHandshakes, capacity.handshakes.has_value(), demand.handshakes);
  return unknown;
}

std::string text_of(const std::vector<UnknownLoad>& unknown) {
  std::string text;
  for (const auto& [resource, why] : unknown) {
    text += (text.empty() ? "" : "; ") + std::string(model::to_string(resource)) +
            (resource == model::Resource::kEgress ? " is" : " are") +
            " not known, which may take more" + (why.empty() ? "" : " (" + why + ")");
  }
  return text;
}

}  // namespace edgetide::sizing
