#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <string>

#include "edgetide/core/assert.h"

namespace edgetide::fuzz {

/// Bytes as a file that has a path and stands on no disk.
class MemoryFile {
 public:
  MemoryFile(const std::uint8_t* data, std::size_t size) : file_(memfd_create("input", 0)) {
    EDGETIDE_ASSERT(file_ >= 0, "a file in memory");
    const auto written = write(file_, data, size);
    EDGETIDE_ASSERT(written == static_cast<ssize_t>(size), "holds everything");
  }
  ~MemoryFile() { close(file_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(file_); }

 private:
  int file_;
};

}  // namespace edgetide::fuzz
