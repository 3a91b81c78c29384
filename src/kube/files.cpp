#include "kube/files.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace edgetide::kube {

Result<std::string> read_file(const std::string& path, std::size_t max_bytes) {
  std::error_code unknown;
  if (!std::filesystem::exists(path, unknown)) {
    return Error{.code = ErrorCode::kNotFound, .message = "no such file", .context = path};
  }
  if (std::filesystem::is_directory(path, unknown)) {
    return Error{.code = ErrorCode::kInvalid, .message = "is a directory", .context = path};
  }
  std::ifstream file(path, std::ios::binary);
  std::string bytes(max_bytes + 1, '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (file.bad() || (!file.is_open())) {
    return Error{.code = ErrorCode::kInvalid,
                 .message = std::string{"cannot be read: "} + std::strerror(errno),
                 .context = path};
  }
  bytes.resize(static_cast<std::size_t>(file.gcount()));
  if (bytes.size() > max_bytes) {
    return Error{.code = ErrorCode::kTooLarge,
                 .message = "is longer than " + std::to_string(max_bytes) + " bytes",
                 .context = path};
  }
  return bytes;
}

}  // namespace edgetide::kube
