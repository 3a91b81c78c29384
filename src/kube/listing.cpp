#include "kube/listing.h"

#include <chrono>

#include "json/large.h"
#include "kube/decoding.h"
#include "kube/object_table.h"
#include "kube/paths.h"
#include "kube/text_sink.h"

namespace edgetide::kube {
namespace {

constexpr std::chrono::milliseconds kPatience{15'000};
constexpr std::size_t kLargestPage = 64u << 20;

Call read_call(std::string target) {
  return {.target = std::move(target), .deadline = kPatience, .max_body = kLargestPage};
}

/// Adds a page's items, and returns what continues it; empty for the last page.
Result<std::string> add_page(const std::string& body, std::vector<json::Value>& items) {
  std::string next;
  const auto read = json::visit_large(body, {}, [&](simdjson::dom::element root) -> Result<void> {
    if (const auto metadata = json::at(root, "metadata"))
      next = json::string_at(*metadata, "continue").value_or("");
    const auto list = json::array_at(root, "items");
    if (!list) return {};
    for (const simdjson::dom::element object : *list) {
      auto value = to_value(object);
      if (!value.ok()) return value.error();
      items.push_back(*std::move(value));
    }
    return {};
  });
  if (!read.ok()) return read.error();
  return next;
}

}  // namespace

Result<json::Value> get_object(Client& client, const std::string& path) {
  const auto body = client.send(read_call(path));
  if (!body.ok()) return body.error();
  json::Value object;
  const auto read = json::visit_large(*body, {}, [&](simdjson::dom::element root) -> Result<void> {
    auto value = to_value(root);
    if (!value.ok()) return value.error();
    object = *std::move(value);
    return {};
  });
  if (!read.ok()) return read.error();
  return object;
}

Result<std::vector<json::Value>> list_objects(Client& client, const std::string& collection,
                                              const std::string& label_selector) {
  std::string query = "?limit=500";
  if (!label_selector.empty()) query += "&labelSelector=" + percent_encode(label_selector);
  std::vector<json::Value> items;
  for (std::string next;;) {
    const std::string more = next.empty() ? "" : "&continue=" + percent_encode(next);
    const auto body = client.send(read_call(collection + query + more));
    if (!body.ok()) return body.error();
    auto following = add_page(*body, items);
    if (!following.ok()) return following.error();
    next = *std::move(following);
    if (next.empty()) return items;
  }
}

Result<std::vector<ObjectKey>> list_keys(Client& client, const std::string& collection,
                                         std::chrono::milliseconds patience) {
  TextSink body(kLargestPage);
  const auto failure =
      client.stream({.target = collection,
                     .accept = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1",
                     .idle = patience,
                     .deadline = patience},
                    body, {});
  if (failure) return failure->error;
  std::vector<ObjectKey> keys;
  const auto read =
      json::visit_large(body.text(), {}, [&](simdjson::dom::element root) -> Result<void> {
        const auto items = json::array_at(root, "items");
        if (!items) return {};
        for (const simdjson::dom::element item : *items) {
          if (const auto identity = identity_of(item)) keys.push_back(identity->key);
        }
        return {};
      });
  if (!read.ok()) return read.error();
  return keys;
}

}  // namespace edgetide::kube
