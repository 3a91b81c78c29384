#include "http/date.h"

#include <gtest/gtest.h>

namespace edgetide::http {
namespace {

TEST(HttpDate, IsReadInTheFormThatServersSend) {
  EXPECT_EQ(parse_date("Sun, 06 Nov 1994 08:49:37 GMT"), parse_instant("1994-11-06T08:49:37Z"));
  EXPECT_EQ(parse_date("Thu, 31 Dec 2026 23:59:59 GMT"), parse_instant("2026-12-31T23:59:59Z"));
}

TEST(HttpDate, AnythingElseIsNothing) {
  for (const char* text : {"", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
                           "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 31 Feb 1994 08:49:37 GMT",
                           "Sun, 06 Now 1994 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT"}) {
    EXPECT_FALSE(parse_date(text)) << text;
  }
}

}  // namespace
}  // namespace edgetide::http
