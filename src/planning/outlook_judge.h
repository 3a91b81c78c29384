#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "edgetide/planning/capacity_outlook.h"
#include "event_minimum.h"
#include "paced_fleet.h"
#include "sized_demand.h"

namespace edgetide::planning {

/// What a step takes and what it can have.
struct OutlookStep {
  Instant at;
  Viewers viewers;     ///< That `required` is for,
  Viewers after_loss;  ///< and those that it is for after the loss.
  Replicas required;
  Replicas available;
  Viewers short_of;   ///< Viewers that `available` does not carry.
  const char* cause;  ///< Of what is missing.
  std::string_view event;

  [[nodiscard]] Replicas missing() const { return required - available; }
};

/// Judges the steps of an outlook, one after another.
class OutlookJudge {
 public:
  /// \pre `inputs` outlive it
  OutlookJudge(const OutlookInputs& inputs, Instant now);

  /// Takes in all steps, before any of them is judged.
  void see(std::span<const forecast::DayAhead> demand);
  /// Nothing when no resource has a need to go by; valid as long as the judge. \pre step by step
  [[nodiscard]] std::optional<OutlookStep> judge(const forecast::DayAhead& demand,
                                                 std::size_t index);

 private:
  [[nodiscard]] EventMinimum minimum_at(Instant at) const;
  void begin_ramps();
  [[nodiscard]] OutlookStep judge_limits(const Sized& sized, Replicas least, Instant at) const;
  [[nodiscard]] const char* cause_of(const OutlookStep& step, Replicas least) const;
  [[nodiscard]] OutlookStep judge_speed(const Sized& sized, Replicas wanted, Instant at);
  [[nodiscard]] Replicas floor() const;

  const OutlookInputs& inputs_;
  const std::optional<model::EdgePool> left_;  ///< Nothing while no domain is rebuilt.
  const model::EdgePool own_;                  ///< By its own limits alone;
  const model::EdgePool pool_;                 ///< with no more than there is room for.
  const model::Fleet limits_;
  SizedDemand sizes_;
  const Instant now_;
  const Replicas lost_;  ///< Asked for in rebuilt domains.
  const Replicas standing_;
  PacedFleet paced_;
  const bool speed_counts_;
  std::vector<EventMinimum> minima_;         ///< By step.
  std::vector<std::optional<Sized>> highs_;  ///< For the high demand, by step.
  std::vector<Replicas> wanted_;             ///< The totals that decisions go up to.
  std::vector<Replicas> needs_;              ///< Of the median, by step so far.
};

}  // namespace edgetide::planning
