#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "edgetide/core/result.h"

namespace edgetide::kube {

using Labels = std::map<std::string, std::string>;

/// Which objects are meant, by their labels: every requirement holds.
///
/// Reads what the API server writes into `status.selector` of a scale and takes in
/// `labelSelector=`: "app=edge", "app==edge", "app!=edge", "zone in (a,b)", "zone notin (a)",
/// "canary", "!canary", joined by commas. As there, `!=` and `notin` also select objects that lack
/// the label.
class Selector {
 public:
  /// Selects everything.
  Selector() = default;

  /// Everything for an empty text; kInvalid with the column of what is not understood.
  [[nodiscard]] static Result<Selector> parse(std::string_view text);
  /// Exactly these values; everything when there are none.
  [[nodiscard]] static Selector from_labels(const Labels& labels);

  [[nodiscard]] bool matches(const Labels& labels) const;
  /// Nothing is required, so that everything matches.
  [[nodiscard]] bool empty() const { return requirements_.empty(); }
  /// A label, and the one value of it that all have which match; nothing where there is none such.
  [[nodiscard]] std::optional<std::pair<std::string_view, std::string_view>> wanted_label() const;
  /// In a canonical form that `parse` reads back as an equal selector.
  [[nodiscard]] std::string text() const;

  bool operator==(const Selector&) const = default;

 private:
  enum class Operator { kIn, kNotIn, kExists, kDoesNotExist };
  struct Requirement {
    std::string key;
    Operator op = Operator::kExists;
    std::set<std::string> values;  // of kIn and kNotIn, at least one

    bool operator==(const Requirement&) const = default;
    [[nodiscard]] bool holds(const Labels& labels) const;
    [[nodiscard]] std::string text() const;
  };
  class Parser;

  std::vector<Requirement> requirements_;
};

}  // namespace edgetide::kube
