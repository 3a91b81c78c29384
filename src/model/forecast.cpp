#include "edgetide/model/forecast.h"

#include "edgetide/core/assert.h"

namespace edgetide::model {

std::string_view to_string(ForecastStage stage) {
  switch (stage) {
    case ForecastStage::kNone: return "None";
    case ForecastStage::kLevel: return "Level";
    case ForecastStage::kDaily: return "Daily";
    case ForecastStage::kWeekly: return "Weekly";
  }
  EDGETIDE_ASSERT(false, "a stage without a name");
  return {};
}

}  // namespace edgetide::model
