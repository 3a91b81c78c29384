#include "edgetide/model/forecast_accuracy.h"

#include "edgetide/core/assert.h"

namespace edgetide::model {

std::string_view to_string(Forecaster forecaster) {
  switch (forecaster) {
    case Forecaster::kEdgetide: return "Edgetide";
    case Forecaster::kSeasonal: return "Seasonal";
    case Forecaster::kReaction: return "Reaction";
  }
  EDGETIDE_ASSERT(false, "a forecaster without a name");
  return {};
}

}  // namespace edgetide::model
