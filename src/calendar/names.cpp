#include "calendar/names.h"

#include <map>

namespace edgetide::calendar {

void make_names_unique(std::vector<model::StreamEvent>& events) {
  std::map<std::string, int> count;
  for (const auto& event : events) ++count[event.name];
  for (auto& event : events) {
    if (count[event.name] > 1) event.name += "@" + to_string(event.start);
  }
}

}  // namespace edgetide::calendar
