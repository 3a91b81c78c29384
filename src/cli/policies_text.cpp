#include "cli/policies_text.h"

#include "edgetide/backtest/policy_list.h"
#include "json/json.h"

namespace edgetide::cli {

std::string policies_text() {
  std::string text;
  for (const auto& kind : backtest::policy_kinds()) {
    text += kind.name + ": " + kind.help + "\n";
    for (const auto& knob : kind.knobs) {
      text += "  " + knob.name + "  " + json::number_text(knob.least) + " to " +
              json::number_text(knob.most);
      if (knob.usual) text += ", by default " + json::number_text(*knob.usual);
      text += ": " + knob.help + "\n";
    }
  }
  return text;
}

}  // namespace edgetide::cli
