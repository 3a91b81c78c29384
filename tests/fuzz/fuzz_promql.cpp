// Answers of a server that may be anything, and expressions that people write.
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

#include "edgetide/core/assert.h"
#include "promql/answer.h"
#include "promql/sample_age.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace edgetide;
  const std::string text{reinterpret_cast<const char*>(data), size};
  const model::SourceLabels labels{.name_space = "namespace", .pool = "pool"};
  if (const auto vector = promql::decode_vector(text, {})) {
    static_cast<void>(promql::SampleTimes{*vector, labels}.oldest({"video", "edge"}));
  }
  if (const auto matrix = promql::decode_matrix(text, {})) {
    for (const auto& series : matrix->series) {
      for (std::size_t i = 1; i < series.points.size(); ++i) {
        EDGETIDE_ASSERT(series.points[i - 1].at < series.points[i].at, "time rises");
      }
    }
  }
  const Error error = promql::refusal({.status = 400, .headers = {}, .body = text});
  EDGETIDE_ASSERT(error.text().find('\n') == std::string::npos, "an error is one line");
  static_cast<void>(promql::parse_value(text));
  static_cast<void>(promql::sample_time_query(text, &labels));
  return 0;
}
