#include "cli/policies_text.h"

#include <nlohmann/json.hpp>

#include "edgetide/backtest/policy_list.h"
#include "json/json.h"
#include "report/structured_report.h"

namespace edgetide::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string text() {
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

Json list() {
  Json items = Json::array();
  for (const auto& kind : backtest::policy_kinds()) {
    Json knobs = Json::array();
    for (const auto& knob : kind.knobs) {
      Json item{
          {"name", knob.name}, {"help", knob.help}, {"least", knob.least}, {"most", knob.most}};
      if (knob.usual) item["default"] = *knob.usual;
      knobs.push_back(std::move(item));
    }
    items.push_back({{"name", kind.name}, {"help", kind.help}, {"knobs", knobs}});
  }
  return {{"apiVersion", "edgetide.io/v1alpha1"}, {"kind", "PolicyList"}, {"items", items}};
}

}  // namespace

std::string print_policies(const std::string& format) {
  return format == "json" || format == "yaml" ? report::document(list(), format) : text();
}

}  // namespace edgetide::cli
