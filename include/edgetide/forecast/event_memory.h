#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "edgetide/core/time.h"
#include "edgetide/model/event_calendar.h"
#include "edgetide/model/utc_offsets.h"

namespace edgetide::forecast {

/// Names a class of events in a state of fixed size (FNV-1a); zero is no class.
[[nodiscard]] std::uint32_t class_id(std::string_view event_class);

/// A match in the afternoon of a working day draws other people away from other things than one on
/// a Saturday night: events are of a kind, afternoon or evening, by working day or weekend.
inline constexpr int kEventKinds = 4;

/// The kind of an event that starts at the local `time_of_week`, below kEventKinds.
[[nodiscard]] int event_kind(Seconds time_of_week);

/// What is believed of an event's uplift at its peak: ln(viewers), Student t.
struct SizeBelief {
  double log_mean = 0;
  double spread = 1;  ///< Of ln(viewers), for one more event.
  int degrees = 2;    ///< Few events seen, heavy tails.
  /// Nobody has seen such an event, or says what it will bring.
  bool guessed = false;
};

/// What a pool has learned of events: how large each class is, on the whole and by kind, and the
/// shape that all share.
///
/// *Uplift*: the viewers above those that were there when the ramp began. *Shape*: uplift as a
/// share of its peak, in bins of three minutes from an hour before the start to four hours after
/// it.
///
/// A class with n events of mean m is believed to be m_class = (n m + m_all)/(n + 1), drawn to the
/// mean of all classes like one more event, or to what the class itself tells
/// (`StreamEvent::prior`, learned by all pools and before the last restart), which also stands in
/// for a class not seen and has its say on the shape. Its n_k events of one kind are believed to be
/// (n_k m_k + m_class)/(n_k + 1) in the same way; m_class is moved there by how much more or less
/// events of that kind brought to all pools, as the class tells, than events of the kinds that
/// m_class is made of.
///
/// What people expect of an event (`expected_peak`) is one opinion with a spread of its own,
/// weighed by precision. With neither, an event is like those of all classes, or doubles the
/// audience, give or take a factor of two and a half; either is a guess.
class EventMemory {
 public:
  bool operator==(const EventMemory&) const = default;

  static constexpr int kBins = 100;
  static constexpr double kFirstMinute = -60;
  static constexpr double kBinMinutes = 3;
  static constexpr double kLastMinute = kFirstMinute + kBins * kBinMinutes;

  /// What an event of its class brings on the whole, whatever its kind.
  /// \param before the viewers that come without the event.
  [[nodiscard]] SizeBelief size_of(const model::StreamEvent& event, double before) const;
  /// The same of its kind, by the audience's wall clock.
  [[nodiscard]] SizeBelief size_by_kind(const model::StreamEvent& event, double before,
                                        const model::UtcOffsets& clock) const;

  /// Share of the peak uplift reached `minute` minutes after the start, in [0, 1]: what was seen,
  /// blended with a prior of ramp, knee and climb while little was.
  [[nodiscard]] double shape(double minute, const model::StreamEvent& event) const;

  /// An event that is over.
  struct Finished {
    std::uint32_t event_class = 0;
    int kind = 0;
    double peak = 0;                         ///< Of its uplift.
    double before = 0;                       ///< Viewers when its ramp began.
    const std::array<float, kBins>& uplift;  ///< Negative where not seen.
  };
  void learn(const Finished& event);

  /// How many events the shape has been learned from, at most a dozen being remembered.
  [[nodiscard]] double shapes_seen(double minute) const;
  /// How many of its class, with those that its EventClass tells the course of.
  [[nodiscard]] double seen_of_class(const model::StreamEvent& event) const;

 private:
  static constexpr int kClasses = 16;
  static constexpr double kMemory = 12;

  /// Of events that are alike, the last dozen before all.
  struct Sizes {
    float count = 0;
    float log_mean = 0;
    float squares = 0;  ///< Sum of squared deviations of ln(peak).

    bool operator==(const Sizes&) const = default;
    void learn(double log_peak);
    /// Of one more of them, drawn to `family`, the mean of those that they are some of.
    [[nodiscard]] SizeBelief drawn_to(double family, double spread) const;
  };

  using Kinds = std::array<Sizes, kEventKinds>;

  struct ClassRecord {
    std::uint32_t id = 0;
    Sizes sizes;
    Kinds of_kind{};

    bool operator==(const ClassRecord&) const = default;
    /// What would be believed, had each event that was seen been as large as `told` of its kind;
    /// `whole` is what those of the class are on the whole. \pre an event was seen
    [[nodiscard]] double log_mean_if(const Kinds& told, double whole) const;
  };

  [[nodiscard]] const ClassRecord* find(std::uint32_t id) const;
  ClassRecord& find_or_replace(std::uint32_t id);
  [[nodiscard]] SizeBelief size_of_unseen(const model::StreamEvent& event, double before) const;
  [[nodiscard]] SizeBelief size_of_class(const model::StreamEvent& event, double before) const;
  [[nodiscard]] SizeBelief with_opinion(const SizeBelief& belief, const model::StreamEvent& event,
                                        double before) const;
  [[nodiscard]] double blended(int bin, const model::StreamEvent& event) const;

  std::array<ClassRecord, kClasses> classes_{};
  Sizes all_{};
  std::array<float, kBins> shape_{};
  std::array<float, kBins> seen_{};
};

/// An event under way: what was there before it and how it has gone so far.
struct RunningEvent {
  std::int64_t start = 0;  ///< Seconds since 1970; together with the class, which event this is.
  std::uint32_t event_class = 0;  ///< Zero: this place is free.
  /// Viewers when its ramp began, without those who have left since as an earlier event ended.
  float before = 0;
  float lasting = 0;    ///< Of them, when all who are seen to leave have left.
  float peak = 0;       ///< Highest uplift so far.
  float log_scale = 0;  ///< ln of how much larger it runs than believed.
  float certainty = 0;  ///< How much of the belief the evening has replaced, in [0, 1).
  std::array<float, EventMemory::kBins> uplift{};

  bool operator==(const RunningEvent&) const = default;
};

/// Up to three events followed at a time; ones that start together are followed as one.
using RunningEvents = std::array<RunningEvent, 3>;

}  // namespace edgetide::forecast
