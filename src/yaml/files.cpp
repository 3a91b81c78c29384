#include "yaml/files.h"

#include <filesystem>
#include <fstream>

namespace edgetide::yaml {

Result<std::string> read_start(const std::string& path, std::size_t max_bytes) {
  std::error_code unknown;
  if (std::filesystem::is_directory(path, unknown))
    return Error{ErrorCode::kInvalid, "is a folder; give a file", path};
  std::ifstream file{path, std::ios::binary};
  if (!file) return Error{ErrorCode::kNotFound, "cannot be opened for reading", path};
  std::string text;
  char block[1 << 16];
  while (text.size() < max_bytes && (file.read(block, sizeof block), file.gcount() > 0))
    text.append(block, static_cast<std::size_t>(file.gcount()));
  if (file.bad()) return Error{ErrorCode::kUnavailable, "cannot be read", path};
  if (text.size() > max_bytes) text.resize(max_bytes);
  return text;
}

}  // namespace edgetide::yaml
