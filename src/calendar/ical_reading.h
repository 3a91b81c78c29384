#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "calendar/ical_components.h"
#include "calendar/ical_values.h"
#include "edgetide/model/utc_offsets.h"

namespace edgetide::calendar {

/// What is wrong with a calendar, and how much of what is costly it has used.
class ICalReading {
 public:
  static constexpr std::size_t kMostRules = 1000;

  void report(const ICalProperty& property, std::string message) {
    report(property.position, property.name, std::move(message));
  }
  void report(Position position, const std::string& name, std::string message);

  /// The property's RRULE; nothing, and reported, when it is wrong or one too many.
  [[nodiscard]] std::optional<RecurrenceRule> rule(const ICalProperty& property);
  /// The times of DTSTART, RDATE and the like; what is none is reported.
  [[nodiscard]] std::vector<ICalTime> times(const ICalProperty& property);

  [[nodiscard]] std::vector<Problem>& problems() { return problems_; }

 private:
  std::vector<Problem> problems_;
  std::size_t rules_ = 0;
};

/// The time zones of one VCALENDAR: names of the system's database mean what they mean there, which
/// knows more of the past and the future than a VTIMEZONE; other names are those of VTIMEZONEs.
class ICalZones {
 public:
  /// \pre all outlive it. `floating` is for times without a zone, unless X-WR-TIMEZONE names one.
  ICalZones(const ICalComponent& calendar, const std::string& floating, ICalReading& reading);

  /// The zone of a property's times that are not in UTC; nullptr, and reported, for an unknown one.
  [[nodiscard]] const model::UtcOffsets* of(const ICalProperty& property);

 private:
  [[nodiscard]] std::optional<model::UtcOffsets> find(const std::string& name,
                                                      const ICalProperty& asked_by);
  /// A STANDARD or DAYLIGHT.
  struct Observance {
    WallClock begin;  ///< By the clocks before.
    Seconds before;
    Seconds after;
  };

  [[nodiscard]] std::optional<model::UtcOffsets> described(const ICalComponent& zone);
  [[nodiscard]] std::optional<Observance> observance(const ICalComponent& part);
  [[nodiscard]] std::vector<WallClock> onsets(const ICalComponent& part,
                                              const Observance& observance);

  const ICalComponent& calendar_;
  std::string floating_;
  ICalReading& reading_;
  std::map<std::string, std::optional<model::UtcOffsets>> known_;
};

}  // namespace edgetide::calendar
