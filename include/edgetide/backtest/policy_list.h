#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "edgetide/backtest/policy.h"
#include "edgetide/core/result.h"

namespace edgetide::backtest {

/// A number that a policy can be given.
struct Knob {
  std::string name;  ///< "target"
  std::string help;  ///< A few words, with the unit.
  double least = 0;
  double most = 1;
  std::optional<double> usual;  ///< Nothing where the pool says.
};

/// The values of a policy's knobs by name; what is not there has its usual value.
using Knobs = std::map<std::string, double>;

/// A policy that can be chosen by name.
struct PolicyKind {
  std::string name;  ///< "hpa"
  std::string help;  ///< A sentence.
  std::vector<Knob> knobs;
  /// Values of the first knob that draw its curve of cost against shortfall, cheapest first; empty
  /// for a policy without knobs.
  std::vector<double> curve;
  std::function<std::unique_ptr<Policy>(const World&, const Knobs&)> make;
  /// How far before its first decision it looks with these knobs; nothing for two weeks at most.
  std::function<Seconds(const Knobs&)> past = {};
};

/// Every policy there is, ours first.
[[nodiscard]] const std::vector<PolicyKind>& policy_kinds();

/// A policy as somebody asked for it.
struct PolicyChoice {
  const PolicyKind* kind = nullptr;
  Knobs knobs;

  [[nodiscard]] std::unique_ptr<Policy> make(const World& world) const;
  /// How far before its first decision it may look: two weeks, or more where its knobs ask for it.
  [[nodiscard]] Seconds past() const;
  /// "hpa:target=0.6", with what was said and no more.
  [[nodiscard]] std::string text() const;
};

/// Reads "edgetide, hpa:target=0.6": names, each with its knobs behind colons. kInvalid names what
/// is wrong with the legal values, and the nearest known name.
[[nodiscard]] Result<std::vector<PolicyChoice>> parse_policies(std::string_view text);

/// The same policy with its first knob at each value of its curve, in order; the choice itself
/// where it has none.
[[nodiscard]] std::vector<PolicyChoice> along_curve(const PolicyChoice& choice);

}  // namespace edgetide::backtest
