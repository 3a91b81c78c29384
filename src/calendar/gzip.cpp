#include "calendar/gzip.h"

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <memory>

#include "edgetide/core/assert.h"

namespace edgetide::calendar {
namespace {

/// The largest window, and no other format than gzip.
constexpr int kWindow = 15 + 16;

Error damaged(const std::string& what) {
  return {ErrorCode::kInvalid, "cannot be unpacked: " + what};
}

}  // namespace

bool is_gzip(std::string_view bytes) { return bytes.starts_with("\x1f\x8b"); }

Result<std::string> gunzip(std::string_view bytes, std::size_t most) {
  EDGETIDE_ASSERT(bytes.size() <= std::numeric_limits<uInt>::max(), "files are bounded");
  z_stream stream{};
  if (inflateInit2(&stream, kWindow) != Z_OK) return damaged("out of memory");
  const std::unique_ptr<z_stream, int (*)(z_stream*)> closing(&stream, inflateEnd);
  // zlib's interface knows no const; it does not write to its input.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  std::string text;
  char block[1 << 16];
  while (text.size() < most) {
    const std::size_t room = std::min(sizeof block, most - text.size());
    stream.next_out = reinterpret_cast<Bytef*>(block);
    stream.avail_out = static_cast<uInt>(room);
    const int outcome = inflate(&stream, Z_NO_FLUSH);
    text.append(block, room - stream.avail_out);
    if (outcome == Z_STREAM_END) {
      const std::string_view rest = bytes.substr(bytes.size() - stream.avail_in);
      if (!is_gzip(rest)) {
        return rest.empty() ? Result<std::string>{std::move(text)}
                            : damaged("something else comes after it");
      }
      inflateReset(&stream);
    } else if (outcome == Z_BUF_ERROR ||
               (outcome == Z_OK && stream.avail_in == 0 && stream.avail_out > 0)) {
      return damaged("it ends early");
    } else if (outcome != Z_OK) {
      return damaged(stream.msg != nullptr ? stream.msg : "it is not gzip");
    }
  }
  return text;
}

}  // namespace edgetide::calendar
