#include "cli/doctor_output.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/text_table.h"
#include "report/structured_report.h"

namespace edgetide::cli {
namespace {

using Json = nlohmann::ordered_json;
using State = app::Finding::State;

const char* word_of(State state) {
  switch (state) {
    case State::kOk: return "ok";
    case State::kWarning: return "warn";
    case State::kFailure: return "fail";
  }
  return "";
}

std::ptrdiff_t count_of(const std::vector<app::Finding>& findings, State state) {
  return std::ranges::count(findings, state, &app::Finding::state);
}

std::string text_of(const std::vector<app::Finding>& findings) {
  std::string text;
  for (const app::Finding& finding : findings) {
    std::string word = word_of(finding.state);
    word.resize(6, ' ');
    text += wrapped(finding.subject + ": " + finding.text, word);
    if (!finding.remedy.empty()) text += wrapped(finding.remedy, "      -> ");
  }
  return text + "\n" + std::to_string(count_of(findings, State::kOk)) + " ok, " +
         std::to_string(count_of(findings, State::kWarning)) + " to look at, " +
         std::to_string(count_of(findings, State::kFailure)) + " failed\n";
}

Json json_of(const std::vector<app::Finding>& findings) {
  Json items = Json::array();
  for (const auto& [state, subject, text, remedy] : findings) {
    Json item{{"state", word_of(state)}, {"subject", subject}, {"text", text}};
    if (!remedy.empty()) item["remedy"] = remedy;
    items.push_back(std::move(item));
  }
  return {{"apiVersion", "edgetide.io/v1alpha1"}, {"kind", "DoctorReport"}, {"findings", items}};
}

}  // namespace

std::string print_findings(const std::vector<app::Finding>& findings, const std::string& format) {
  if (format == "json") return json_of(findings).dump(2) + "\n";
  return format == "yaml" ? report::to_yaml(json_of(findings)) : text_of(findings);
}

}  // namespace edgetide::cli
