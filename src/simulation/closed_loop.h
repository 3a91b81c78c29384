#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "edgetide/model/forecast.h"
#include "edgetide/ports/report_sink.h"
#include "simulation/invariants.h"
#include "simulation/policies.h"
#include "simulation/score.h"
#include "simulation/tier_invariants.h"
#include "simulation/told.h"
#include "simulation/world.h"

namespace edgetide::simulation {

/// What stands of a pool that is drawn from, and what is fetched there.
struct TierFrame {
  BitsPerSecond drawn;
  BitsPerSecond carried;  ///< By those that are Ready.
  Replicas specified;
  Replicas ready;
};

/// One step of an evening, after the policy has acted.
struct Frame {
  Instant at;
  Viewers wanting;                    ///< The truth, which no policy sees.
  std::vector<DomainCounts> domains;  ///< By failure domain.
  Replicas unplaced;                  ///< Of one workload, what none of them may take yet.
  std::optional<model::WindowPeak>
      peak;                        ///< What the last decision expected; policies may have none.
  std::vector<TierFrame> farther;  ///< As the scenario has them.
  std::optional<LetIn> let_in;     ///< By gateways; nothing where none are told of.
};

/// All that was asked for.
[[nodiscard]] Replicas total_specified(const Frame& frame);

/// Something worth a line on its own.
struct Mark {
  enum class Kind { kMatch, kAnnouncement, kLoss, kReturn };
  Instant at;
  Kind kind = Kind::kMatch;
  std::string text;
  /// Without the failure domain that the policy left to be struck; empty where it names none.
  std::string anywhere;
};

/// What a pool that is drawn from cost and reported as missing.
struct TierRecord {
  TierCost cost;
  std::vector<ToldShortfall> shortfalls;  ///< By time.
};

/// An evening as it went.
struct Recording {
  std::vector<Frame> frames;
  std::vector<Mark> marks;                ///< By time; those to come are not in it yet.
  std::vector<Decision> decisions;        ///< Those that wrote, or tried to.
  std::vector<Breach> breaches;           ///< Of the promises, the first of each pool's; none,
                                          ///< unless the policy is at fault.
  std::size_t times_broken = 0;           ///< With those that are not kept.
  std::vector<ToldShortfall> shortfalls;  ///< By time; of policies that have reasons to tell.
  std::vector<MissingReserve> missing_reserves;      ///< By time; as `shortfalls`.
  std::vector<UnknownReserve> unknown_reserves;      ///< The same.
  std::optional<model::Condition> reserve_at_worst;  ///< What stood when most were unserved.
  std::vector<TierRecord> farther;                   ///< As the scenario has them.
  std::string lost_zone;                             ///< Its name, once it is lost.
  /// By fault of the scenario, the failure domain that it has struck; those that strike no single
  /// one are left out.
  std::map<std::size_t, std::string> struck;
  std::size_t looks = 0;
  std::size_t writes = 0;  ///< Looks after which something else was asked for.
  Score score;
};

/// A scenario under a policy, step by step in virtual time: time passes, starts finish and failures
/// happen, the policy looks when it is due, the step is counted. The same scenario and policy give
/// the same recording.
class ClosedLoop {
 public:
  /// \pre `scenario`, and `also` when given, outlive the loop; see make_policy for `also`.
  ClosedLoop(const Scenario& scenario, const Runner& runner, ports::ReportSink* also = nullptr,
             const controller::ReconcilerOptions& options = {});
  ClosedLoop(const ClosedLoop&) = delete;
  ClosedLoop& operator=(const ClosedLoop&) = delete;

  /// Goes one step; false, and nothing done, when the scenario is over.
  bool step();

  [[nodiscard]] const Recording& recording() const { return recording_; }
  /// \pre the scenario is over
  [[nodiscard]] Recording take_recording() { return std::move(recording_); }
  /// The last decision with its reasons; null before the first and for policies without.
  [[nodiscard]] const Decision* last_decision() const { return policy_->last_decision(); }

 private:
  /// Those faults that are deeds rather than states.
  void act_out_faults();
  void act_out_rival();
  void note_rival(const std::optional<RivalDeed>& deed);
  void begin_anew();
  void judge_end();
  void judge_farther(const std::vector<Standing>& before);
  void look();
  void note_reserve(const model::PlanReport& report);
  void note_marks();
  [[nodiscard]] bool is_new(const Mark& mark) const;
  void note_lost_zone();
  void note_struck(const Fault& fault, const std::string& domain);
  void note_unfinished();
  void note_frame();

  const Scenario& scenario_;
  const Runner runner_;
  ports::ReportSink* const also_;
  const controller::ReconcilerOptions options_;
  World world_;
  Invariants invariants_{world_};
  std::vector<TierInvariants> farther_;
  std::unique_ptr<Policy> policy_;
  bool operator_down_ = false;
  Seconds clock_ahead_{0};
  Instant due_;
  ScoreKeeper keeper_;
  std::vector<Mark> programme_;  ///< What will happen whatever the policy does, by time.
  Recording recording_;
};

/// The whole scenario at once.
[[nodiscard]] Recording run(const Scenario& scenario, const Runner& runner,
                            ports::ReportSink* also = nullptr,
                            const controller::ReconcilerOptions& options = {});

}  // namespace edgetide::simulation
