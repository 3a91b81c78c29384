#pragma once

#include <span>
#include <string_view>

/// What each word means that the operator gives as a reason, for people and for the reference page:
/// the one place where it is written down.
namespace edgetide::report {

/// Of a guard's verdict, or of a shortfall.
struct ReasonText {
  std::string_view reason;   ///< "MaximumReached"
  std::string_view meaning;  ///< What it says of the pool.
  std::string_view remedy;   ///< What helps; empty where nothing has to be done.
};

/// Of one state of a condition.
struct ConditionText {
  std::string_view type;    ///< "RedundancyMet"
  std::string_view status;  ///< "True", "False", "Unknown"
  std::string_view reason;
  std::string_view meaning;
};

/// Of a Kubernetes Event.
struct EventText {
  std::string_view reason;
  std::string_view regarding;  ///< The kind of the object that it is about.
  bool warning = false;
  std::string_view meaning;
};

/// Of guards, in the order in which they speak.
[[nodiscard]] std::span<const ReasonText> verdict_reasons();
/// Of shortfalls, beside those above that can be one's cause too.
[[nodiscard]] std::span<const ReasonText> shortfall_reasons();
/// Of the conditions of EdgePool and EventCalendar, a condition's states one after another.
[[nodiscard]] std::span<const ConditionText> condition_reasons();
[[nodiscard]] std::span<const EventText> event_reasons();

/// What helps against a verdict or a shortfall with that reason; empty where nothing has to be
/// done.
[[nodiscard]] std::string_view remedy(std::string_view reason);

}  // namespace edgetide::report
