#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "edgetide/core/result.h"

namespace edgetide::kube {

/// One thing that is wrong with an object that people wrote.
struct FieldProblem {
  std::string path;     ///< "spec.replicas.max", as in json/json.h; empty for the object itself.
  std::string message;  ///< The value, and what is legal: "3 is below spec.replicas.min 6".

  bool operator==(const FieldProblem&) const = default;

  /// "spec.replicas.max: 3 is below spec.replicas.min 6"
  [[nodiscard]] std::string text() const { return path.empty() ? message : path + ": " + message; }
};

/// What was read, and everything that is wrong with it. The value is complete and usable only when
/// nothing is.
template <typename T>
struct [[nodiscard]] Decoded {
  T value{};
  std::vector<FieldProblem> problems;  ///< In the order of the fields.

  [[nodiscard]] bool ok() const { return problems.empty(); }
};

/// All problems as one kInvalid, a line each; `context` names the object: "EdgePool video/live".
/// \pre problems are not empty.
[[nodiscard]] Error to_error(const std::vector<FieldProblem>& problems, std::string_view context);

}  // namespace edgetide::kube
