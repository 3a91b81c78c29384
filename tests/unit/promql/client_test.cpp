#include "promql/client.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <string>

#include "fake_transport.h"
#include "promql/answer.h"

namespace edgetide::promql {
namespace {

const Instant kNow = *parse_instant("2026-12-05T20:00:00Z");

TEST(ParseValue, IsStrict) {
  EXPECT_EQ(parse_value("42"), 42);
  EXPECT_EQ(parse_value("-1.5e-3"), -0.0015);
  EXPECT_EQ(parse_value("1e+06"), 1e6);
  EXPECT_TRUE(std::isnan(*parse_value("NaN")));
  EXPECT_EQ(parse_value("+Inf"), std::numeric_limits<double>::infinity());
  EXPECT_EQ(parse_value("-Inf"), -std::numeric_limits<double>::infinity());
  for (const char* bad : {"", "nan", "inf", "infinity", "nan(1)", "+5", " 5", "5 ", "5x", "0x10",
                          "1e400", "--5", "1,5", "."}) {
    EXPECT_EQ(parse_value(bad), std::nullopt) << bad;
  }
}

TEST(Query, IsAFormWithTimeAndTimeout) {
  FakeServer server{[](const http::Request&) { return ok(vector_json({{"{}", "1"}})); }};
  FakeTransport transport{server};
  Client client{transport, {{"Authorization", "Bearer t"}}};
  ASSERT_TRUE(client.query("sum(a{b=\"c d\"}) + 1 & 2", kNow).ok());
  const http::Request request = server.requests().front();
  EXPECT_EQ(request.method, http::Method::kPost);
  EXPECT_EQ(request.target, "/api/v1/query");
  EXPECT_EQ(request.deadline, std::chrono::milliseconds{5000});
  EXPECT_EQ(request.headers[0].second, "Bearer t");
  EXPECT_EQ(request.headers[1].second, "application/x-www-form-urlencoded");
  EXPECT_EQ(request.body.substr(0, 30), "query=sum%28a%7Bb%3D%22c%20d%2");
  auto fields = form(request.body);
  EXPECT_EQ(fields["query"], "sum(a{b=\"c d\"}) + 1 & 2");
  EXPECT_EQ(fields["time"], "1796500800");
  EXPECT_EQ(fields["timeout"], "4500ms");
}

TEST(QueryRange, NamesStartEndAndStep) {
  FakeServer server{[](const http::Request&) {
    return ok(R"({"status":"success","data":{"resultType":"matrix","result":[
      {"metric":{"zone":"a"},"values":[[1700000000,"1"],[1700000060,"NaN"]]}]}})");
  }};
  FakeTransport transport{server};
  Client client{transport, {}};
  const auto matrix = client.query_range({"x", kNow, kNow + Seconds{600}, Seconds{60}});
  ASSERT_TRUE(matrix.ok()) << matrix.error().text();
  ASSERT_EQ(matrix->series.size(), 1u);
  EXPECT_EQ(matrix->series[0].labels.at("zone"), "a");
  EXPECT_EQ(matrix->series[0].points[0].value, 1);
  EXPECT_EQ(matrix->series[0].points[1].at, Instant{Seconds{1700000060}});
  EXPECT_EQ(server.requests()[0].target, "/api/v1/query_range");
  auto fields = form(server.requests()[0].body);
  EXPECT_EQ(fields["start"], "1796500800");
  EXPECT_EQ(fields["end"], "1796501400");
  EXPECT_EQ(fields["step"], "60");
}

struct Refusal {
  int status;
  std::string body;
  ErrorCode code;
  std::string text;
};

class QueryFails : public testing::TestWithParam<Refusal> {};
TEST_P(QueryFails, WithCodeAndReason) {
  const Refusal& c = GetParam();
  FakeServer server{[&](const http::Request&) {
    return http::Response{.status = c.status, .headers = {}, .body = c.body};
  }};
  FakeTransport transport{server};
  Client client{
      transport, {{"Authorization", "Bearer very-secret"}}, {.max_body = 400, .max_series = 2}};
  const auto answer = client.query("x", kNow);
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, c.code) << answer.error().text();
  EXPECT_EQ(answer.error().text(), c.text);
  EXPECT_EQ(answer.error().text().find("very-secret"), std::string::npos);
}

std::string error_json(const std::string& text) {
  return R"({"status":"error","errorType":"x","error":")" + text + "\"}";
}
std::string sample_json(const std::string& sample) {
  return R"({"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":)" +
         sample + "}]}}";
}
const std::string kNotPrometheus = "the answer is not Prometheus's: ";

const Refusal kRefusals[] = {
    {400, error_json("1:3: parse error"), ErrorCode::kInvalid, "HTTP 400: 1:3: parse error"},
    {422, error_json("found duplicate series"), ErrorCode::kInvalid,
     "HTTP 422: found duplicate series"},
    {400, error_json("a\\nb\\u001b[0m"), ErrorCode::kInvalid, "HTTP 400: a b [0m"},
    {401, "<html>private page</html>", ErrorCode::kUnauthorized, "HTTP 401"},
    {403, "", ErrorCode::kForbidden, "HTTP 403"},
    {404, "404 page not found", ErrorCode::kNotFound, "HTTP 404"},
    {429, "", ErrorCode::kUnavailable, "HTTP 429"},
    {503, error_json("query timed out in query execution"), ErrorCode::kUnavailable,
     "HTTP 503: query timed out in query execution"},
    {502, "bad gateway", ErrorCode::kUnavailable, "HTTP 502"},
    {302, "", ErrorCode::kInvalid, "HTTP 302: a redirect; the source's url must name the server"},
    {204, "", ErrorCode::kInvalid, "HTTP 204"},
    {200, "<html></html>", ErrorCode::kInvalid,
     "JSON: The JSON document has an improper structure: missing or superfluous commas, braces, "
     "missing keys, etc."},
    {200, R"({"status":"success","data":{"resultType":"vector","result":[)", ErrorCode::kInvalid,
     "JSON: The JSON document has an improper structure: missing or superfluous commas, braces, "
     "missing keys, etc."},
    {200, error_json("x"), ErrorCode::kInvalid, kNotPrometheus + "`status` is not success"},
    {200, "[]", ErrorCode::kInvalid, kNotPrometheus + "`status` is not success"},
    {200, R"({"status":"success"})", ErrorCode::kInvalid,
     kNotPrometheus + "no `data` with `resultType` and `result`"},
    {200, R"({"status":"success","data":{"resultType":"matrix","result":[]}})", ErrorCode::kInvalid,
     "the query yields a matrix; an instant vector is needed"},
    {200, R"({"status":"success","data":{"resultType":"string","result":[1,"x"]}})",
     ErrorCode::kInvalid, "the query yields a string; an instant vector is needed"},
    {200, sample_json("[1]"), ErrorCode::kInvalid,
     kNotPrometheus + "a sample that is not [time, \"value\"]"},
    {200, sample_json("[1,5]"), ErrorCode::kInvalid,
     kNotPrometheus + "a sample that is not [time, \"value\"]"},
    {200, sample_json("[1,\"5x\"]"), ErrorCode::kInvalid,
     kNotPrometheus + "the sample value \"5x\""},
    {200, sample_json("[1e300,\"5\"]"), ErrorCode::kInvalid,
     kNotPrometheus + "a sample time out of range"},
    {200,
     R"({"status":"success","data":{"resultType":"vector",)"
     R"("result":[{"metric":{},"histogram":[1,{}]}]}})",
     ErrorCode::kInvalid,
     kNotPrometheus + "a series without `value` (native histograms are not supported)"},
    {200, vector_json({{"{}", "1"}, {"{}", "2"}, {"{}", "3"}}), ErrorCode::kTooLarge,
     "more than 2 series: aggregate the query"},
    {200, std::string(401, ' '), ErrorCode::kTooLarge, "401 bytes of JSON; at most 400 are read"},
};
INSTANTIATE_TEST_SUITE_P(Answers, QueryFails, testing::ValuesIn(kRefusals));

TEST(Query, AServersWordsThatRepeatACredentialAreLeftOut) {
  const http::Headers sent{{"Authorization", "Basic c2VjcmV0"}, {"X-Scope-OrgID", "tenant-7"}};
  for (const std::string words : {"bad c2VjcmV0", "no such tenant-7"}) {
    FakeServer server{[&](const http::Request&) {
      return http::Response{.status = 400, .body = error_json(words)};
    }};
    FakeTransport transport{server};
    Client client{transport, sent};
    EXPECT_EQ(client.query("up", kNow).error().message, "HTTP 400");
  }
}

TEST(Query, TakesScalarsAndKeepsWarnings) {
  FakeServer server{[](const http::Request&) {
    return ok(R"({"status":"success","warnings":["a store is away\n"],"infos":["i"],
      "data":{"resultType":"scalar","result":[1700000000,"+Inf"]}})");
  }};
  FakeTransport transport{server};
  const auto answer = Client{transport, {}}.query("1/0", kNow);
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(answer->series.size(), 1u);
  EXPECT_TRUE(std::isinf(answer->series[0].value));
  EXPECT_EQ(answer->warnings, std::vector<std::string>{"a store is away "});
}

TEST(Query, PassesTheTransportsErrorOn) {
  FakeServer server{[](const http::Request&) -> Result<http::Response> {
    return Error{ErrorCode::kTimeout, "no answer within 5s"};
  }};
  FakeTransport transport{server};
  EXPECT_EQ((Client{transport, {}}.query("x", kNow).error().code), ErrorCode::kTimeout);
}

TEST(DecodeProperty, MutatedAnswersNeverCrash) {
  const std::string seeds[] = {
      vector_json({{R"({"namespace":"v","zone":"a"})", "1.5"}, {"{}", "NaN"}},
                  R"(,"warnings":["w"])"),
      R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":{"zone":"a"},)"
      R"("values":[[1700000000,"1"],[1700000060,"2"]]}]}})"};
  std::mt19937 random{6};
  for (int round = 0; round < 20'000; ++round) {
    std::string text = seeds[round % 2];
    for (int i = 0; i < 3; ++i) text[random() % text.size()] = static_cast<char>(random() % 128);
    static_cast<void>(decode_vector(text, {}));
    static_cast<void>(decode_matrix(text, {}));
    static_cast<void>(refusal({.status = 400, .headers = {}, .body = text}));
  }
}

}  // namespace
}  // namespace edgetide::promql
