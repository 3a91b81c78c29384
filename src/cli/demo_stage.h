#pragma once

#include <functional>
#include <memory>
#include <ostream>
#include <string>

#include "simulation/terminal_view.h"

namespace edgetide::cli {

/// Where an evening is shown while it runs.
class DemoStage {
 public:
  virtual ~DemoStage() = default;

  virtual void show(const simulation::ViewMoment& moment) = 0;
  /// The evening is over, or was ended: leaves the terminal as it was found.
  virtual void close() {}
};

/// How a stage looks.
struct StageOptions {
  bool color = false;
  std::string pace;  ///< "300 x life"
};

/// Redraws one picture in place on the terminal behind `descriptor`, at most twenty times a second.
[[nodiscard]] std::unique_ptr<DemoStage> live_stage(std::ostream& out, int descriptor,
                                                    const StageOptions& options);

/// A line every five virtual minutes and one for each event.
[[nodiscard]] std::unique_ptr<DemoStage> line_stage(std::ostream& out, const StageOptions& options);

/// `descriptor` is a terminal that can be redrawn and is large enough for the picture.
[[nodiscard]] bool can_redraw(int descriptor, const std::string& term);

}  // namespace edgetide::cli
