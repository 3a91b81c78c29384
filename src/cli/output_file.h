#pragma once

#include <fstream>
#include <string>

#include "cli/command.h"

namespace edgetide::cli {

/// A file that is asked for beside what is printed, opened before the work begins, so that it is
/// not done in vain.
class OutputFile {
 public:
  /// False, and said why, when it cannot be written. An empty path opens nothing.
  bool open(const std::string& path, const Console& console);
  [[nodiscard]] bool is_open() const { return file_.is_open(); }
  /// \pre it is open
  [[nodiscard]] std::ostream& stream() { return file_; }
  /// False, and said so, when not all of it could be written.
  bool close(const Console& console);

 private:
  std::string path_;
  std::ofstream file_;
};

}  // namespace edgetide::cli
