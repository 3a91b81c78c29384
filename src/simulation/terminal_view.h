#pragma once

#include <string>
#include <vector>

#include "simulation/closed_loop.h"

namespace edgetide::simulation {

/// How much room there is and what the terminal can show.
struct ViewOptions {
  int columns = 80;
  int rows = 24;
  bool color = false;
  std::string pace;  ///< "300 x life", for the title.
};

/// What there is to see at one moment of a running evening.
struct ViewMoment {
  const Scenario& scenario;
  const Recording& recording;
  const Decision* decision = nullptr;  ///< The last one; null before the first.
};

/// The picture of the moment, for redrawing in place: title, numbers, a chart of the whole evening
/// (demand filled, forecast dotted and reaching ahead of now, Ready capacity as a line; what is
/// short in red), the zones, the reason, the latest events. Always the same number of lines for the
/// same options, none wider than the terminal. \pre at least one step was taken.
[[nodiscard]] std::vector<std::string> terminal_view(const ViewMoment& moment,
                                                     const ViewOptions& options);

/// The moment as one line, for where nothing can be redrawn.
[[nodiscard]] std::string moment_line(const ViewMoment& moment);

/// An event as one line.
[[nodiscard]] std::string mark_line(const Mark& mark);

}  // namespace edgetide::simulation
