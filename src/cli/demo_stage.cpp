#include "cli/demo_stage.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <chrono>

#include "report/folding.h"
#include "simulation/braille_chart.h"

namespace edgetide::cli {
namespace {

constexpr const char* kHideCursor = "\x1b[?25l";
constexpr const char* kShowCursor = "\x1b[?25h";
constexpr const char* kClearToLineEnd = "\x1b[K";
constexpr const char* kClearBelow = "\x1b[J";

constexpr std::chrono::milliseconds kBetweenPictures{50};
constexpr Seconds kBetweenLines{300};
constexpr std::size_t kHang = 10;  ///< Behind "18:30:00  ".
constexpr int kFewestColumns = 60;
constexpr int kFewestRows = 18;

struct TerminalSize {
  int columns = 0;
  int rows = 0;
};

TerminalSize terminal_size(int descriptor) {
  winsize size{};
  if (ioctl(descriptor, TIOCGWINSZ, &size) != 0) return {};
  return {.columns = size.ws_col, .rows = size.ws_row};
}

class LiveStage final : public DemoStage {
 public:
  LiveStage(std::ostream& out, int descriptor, StageOptions options)
      : out_(out), descriptor_(descriptor), options_(std::move(options)) {
    out_ << kHideCursor << std::flush;
  }
  ~LiveStage() override { close(); }

  void show(const simulation::ViewMoment& moment) override {
    const bool last =
        moment.recording.frames.back().at + moment.scenario.step >= moment.scenario.to;
    const auto now = std::chrono::steady_clock::now();
    if (!last && now < next_picture_) return;
    next_picture_ = now + kBetweenPictures;
    const TerminalSize size = terminal_size(descriptor_);
    draw(simulation::terminal_view(moment, {.columns = size.columns,
                                            .rows = size.rows,
                                            .color = options_.color,
                                            .pace = options_.pace}));
  }

  void close() override {
    if (!open_) return;
    open_ = false;
    out_ << kShowCursor << std::flush;
  }

 private:
  void draw(const std::vector<std::string>& lines) {
    std::string picture;
    if (drawn_ > 0) picture += "\x1b[" + std::to_string(drawn_) + "F";
    for (const std::string& line : lines) picture += line + kClearToLineEnd + "\n";
    drawn_ = lines.size();
    out_ << picture << kClearBelow << std::flush;
  }

  std::ostream& out_;
  int descriptor_;
  StageOptions options_;
  std::size_t drawn_ = 0;
  bool open_ = true;
  std::chrono::steady_clock::time_point next_picture_{};
};

class LineStage final : public DemoStage {
 public:
  LineStage(std::ostream& out, StageOptions options) : out_(out), options_(std::move(options)) {}

  void show(const simulation::ViewMoment& moment) override {
    const auto& recording = moment.recording;
    for (; marks_told_ < recording.marks.size(); ++marks_told_) tell(recording.marks[marks_told_]);
    const Instant now = recording.frames.back().at;
    if (now.time_since_epoch() % kBetweenLines != Seconds{0}) return;
    out_ << report::folded(simulation::moment_line(moment), kHang) << std::flush;
  }

 private:
  void tell(const simulation::Mark& mark) {
    const bool painted = options_.color && mark.kind == simulation::Mark::Kind::kLoss;
    if (painted) out_ << simulation::ansi(simulation::Ink::kLoss);
    const std::string lines = report::folded(simulation::mark_line(mark), kHang);
    out_ << lines.substr(0, lines.size() - 1);
    if (painted) out_ << simulation::kAnsiReset;
    out_ << std::endl;
  }

  std::ostream& out_;
  StageOptions options_;
  std::size_t marks_told_ = 0;
};

}  // namespace

std::unique_ptr<DemoStage> live_stage(std::ostream& out, int descriptor,
                                      const StageOptions& options) {
  return std::make_unique<LiveStage>(out, descriptor, options);
}

std::unique_ptr<DemoStage> line_stage(std::ostream& out, const StageOptions& options) {
  return std::make_unique<LineStage>(out, options);
}

bool can_redraw(int descriptor, const std::string& term) {
  if (isatty(descriptor) == 0 || term == "dumb") return false;
  const TerminalSize size = terminal_size(descriptor);
  return size.columns >= kFewestColumns && size.rows >= kFewestRows;
}

}  // namespace edgetide::cli
