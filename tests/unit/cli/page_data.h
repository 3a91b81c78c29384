#pragma once

#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

namespace edgetide::cli {

/// What a page that was written carries, as its script reads it.
inline nlohmann::json page_data(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream all;
  all << file.rdbuf();
  const std::string text = all.str();
  const std::string begins = "<script type=\"application/json\" id=\"page\">";
  const auto from = text.find(begins) + begins.size();
  return nlohmann::json::parse(text.substr(from, text.find("</script>", from) - from));
}

/// The chart of that title. \pre there is one
inline const nlohmann::json& chart_of(const nlohmann::json& page, const std::string& title) {
  for (const auto& chart : page.at("charts"))
    if (chart.at("title") == title) return chart;
  throw std::out_of_range(title);
}

/// A series in the chart's unit, every step written out; nothing where nothing is known.
/// \pre the chart has it
inline std::vector<std::optional<double>> series_of(const nlohmann::json& chart,
                                                    const std::string& label) {
  for (const auto& series : chart.at("series")) {
    if (series.at("label") != label) continue;
    std::vector<std::optional<double>> values;
    const double factor = series.at("factor");
    const auto add = [&](const nlohmann::json& value, std::size_t times) {
      const auto read =
          value.is_null() ? std::nullopt : std::optional(factor * value.get<double>());
      values.insert(values.end(), times, read);
    };
    if (!series.contains("runs")) {
      for (const auto& value : series.at("values")) add(value, 1);
      return values;
    }
    const auto& runs = series.at("runs");
    for (std::size_t i = 0; i + 1 < runs.size(); i += 2) add(runs[i], runs[i + 1]);
    return values;
  }
  throw std::out_of_range(label);
}

}  // namespace edgetide::cli
