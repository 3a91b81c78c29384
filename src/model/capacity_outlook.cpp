#include "edgetide/model/capacity_outlook.h"

#include <algorithm>

namespace edgetide::model {

const ShortfallAhead* most_urgent(const CapacityOutlook& outlook) {
  const auto first = std::ranges::min_element(outlook.shortfalls, {}, &ShortfallAhead::act_by);
  return first == outlook.shortfalls.end() ? nullptr : &*first;
}

}  // namespace edgetide::model
