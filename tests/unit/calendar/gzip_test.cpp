#include "calendar/gzip.h"

#include <gmock/gmock.h>
#include <zlib.h>

#include <fstream>

#include "calendar/files.h"

namespace edgetide::calendar {
namespace {

using testing::HasSubstr;

std::string packed(std::string text) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string bytes(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(text.data());
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(bytes.data());
  stream.avail_out = static_cast<uInt>(bytes.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  bytes.resize(bytes.size() - stream.avail_out);
  deflateEnd(&stream);
  return bytes;
}

constexpr std::size_t kMost = 1 << 20;

TEST(Gzip, UnpacksMembersOneAfterTheOther) {
  EXPECT_EQ(*gunzip(packed("one "), kMost), "one ");
  EXPECT_EQ(*gunzip(packed("one ") + packed("") + packed("two"), kMost), "one two");
  EXPECT_FALSE(is_gzip("timestamp,value\n"));
  EXPECT_FALSE(is_gzip(""));
}

TEST(Gzip, StopsAtTheMost) {
  const std::string bomb = packed(std::string(100 * kMost, '0'));
  EXPECT_LT(bomb.size(), kMost);
  EXPECT_EQ(gunzip(bomb, kMost)->size(), kMost);
}

TEST(Gzip, SaysWhatIsDamaged) {
  const std::string whole = packed("timestamp,value\n2026-03-02T00:00:00Z,500\n");
  for (std::size_t length = 2; length < whole.size(); ++length) {
    const auto outcome = gunzip(whole.substr(0, length), kMost);
    ASSERT_FALSE(outcome.ok()) << length;
    EXPECT_THAT(outcome.error().message, HasSubstr("it ends early"));
  }
  EXPECT_THAT(gunzip(whole + "more", kMost).error().message, HasSubstr("something else"));
  for (std::size_t i = 2; i < whole.size(); ++i) {
    std::string changed = whole;
    changed[i] = static_cast<char>(changed[i] ^ 0x55);
    (void)gunzip(changed, kMost);
  }
  std::string wrong_sum = whole;
  wrong_sum[whole.size() - 6] = static_cast<char>(wrong_sum[whole.size() - 6] ^ 1);
  EXPECT_THAT(gunzip(wrong_sum, kMost).error().message, HasSubstr("cannot be unpacked"));
}

TEST(Gzip, FilesAreUnpackedWhateverTheirName) {
  const std::string path = testing::TempDir() + "series.csv.gz";
  std::ofstream(path, std::ios::binary) << packed("timestamp,value\n2026-03-02T00:00:00Z,500\n");
  EXPECT_EQ(demand_from_file(path)->samples().front().viewers, Viewers{500});
  const std::string events = testing::TempDir() + "events.csv.gz";
  std::ofstream(events, std::ios::binary)
      << packed("start,end,class,name\n2026-03-02T20:00:00Z,2026-03-02T22:00:00Z,show,Show\n");
  EXPECT_EQ(events_from_file(events, {})->events().size(), 1U);
  std::ofstream(path, std::ios::binary) << packed("timestamp,value\n2026").substr(0, 20);
  EXPECT_THAT(demand_from_file(path).error().text(),
              HasSubstr("series.csv.gz: cannot be unpacked"));
}

}  // namespace
}  // namespace edgetide::calendar
