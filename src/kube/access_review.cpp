#include "kube/access_review.h"

#include <string_view>
#include <utility>

#include "json/json.h"
#include "kube/paths.h"

namespace edgetide::kube {
namespace {

constexpr std::string_view kAuthentication = "authentication.k8s.io/v1";
constexpr std::string_view kAuthorization = "authorization.k8s.io/v1";

/// What the server says to a review: objects that are made and never kept.
Result<json::Value> reviewed(Client& client, std::string_view api_version, const char* kind,
                             const char* plural, json::Value spec) {
  const json::Value review{
      {"apiVersion", api_version}, {"kind", kind}, {"spec", std::move(spec)}};
  const auto body = client.send({.method = http::Method::kPost,
                                 .target = collection_path(api_version, plural, ""),
                                 .body = json::dump(review),
                                 .content_type = "application/json"});
  if (!body.ok()) return body.error();
  return json::parse(*body);
}

bool says(const json::Value& review, std::string_view path) {
  const auto said = json::get_bool(review, path);
  return said.ok() && *said;
}

/// Who it is, in the words of the one review, as the other takes them.
json::Value subject_of(const json::Value& token_review) {
  json::Value subject = json::Value::object();
  const json::Value* user = json::find(token_review, "status.user");
  if (user == nullptr) return subject;
  for (const auto& [from, to] :
       {std::pair{"username", "user"}, {"uid", "uid"}, {"groups", "groups"}, {"extra", "extra"}}) {
    if (const json::Value* part = json::find(*user, from)) subject[to] = *part;
  }
  return subject;
}

}  // namespace

AccessReviewer::AccessReviewer(std::unique_ptr<http::Transport> transport, Credential credential,
                               std::string user_agent)
    : client_(std::move(transport), std::move(credential), {.user_agent = std::move(user_agent)}) {}

Result<http::Admission> AccessReviewer::review(const std::string& token, const std::string& path) {
  const auto known =
      reviewed(client_, kAuthentication, "TokenReview", "tokenreviews", {{"token", token}});
  if (!known.ok()) return known.error();
  if (!says(*known, "status.authenticated")) return http::Admission::kUnauthenticated;
  json::Value question = subject_of(*known);
  question["nonResourceAttributes"] = {{"path", path}, {"verb", "get"}};
  const auto allowed = reviewed(client_, kAuthorization, "SubjectAccessReview",
                                "subjectaccessreviews", std::move(question));
  if (!allowed.ok()) return allowed.error();
  return says(*allowed, "status.allowed") ? http::Admission::kAdmitted
                                          : http::Admission::kForbidden;
}

}  // namespace edgetide::kube
