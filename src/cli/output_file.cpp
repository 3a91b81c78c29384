#include "cli/output_file.h"

namespace edgetide::cli {

bool OutputFile::open(const std::string& path, const Console& console) {
  if (path.empty()) return true;
  path_ = path;
  file_.open(path, std::ios::binary | std::ios::trunc);
  if (file_.good()) return true;
  static_cast<void>(fail(console, {ErrorCode::kUnavailable, "cannot be written", path}));
  return false;
}

bool OutputFile::close(const Console& console) {
  if (!file_.is_open()) return true;
  file_.close();
  if (file_.good()) return true;
  static_cast<void>(fail(console, {ErrorCode::kUnavailable, "could not be written whole", path_}));
  return false;
}

}  // namespace edgetide::cli
