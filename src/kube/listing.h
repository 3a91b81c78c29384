#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "edgetide/core/ids.h"
#include "edgetide/core/result.h"
#include "json/json.h"
#include "kube/client.h"

/// Objects read once, by plain requests: for commands. What runs on follows them (Watched).
namespace edgetide::kube {

/// One object, without managedFields. \param path of the object, without a query
[[nodiscard]] Result<json::Value> get_object(Client& client, const std::string& path);

/// Every object of a collection, page by page.
/// \param label_selector in the API server's words: "service=live"; empty for all
[[nodiscard]] Result<std::vector<json::Value>> list_objects(Client& client,
                                                            const std::string& collection,
                                                            const std::string& label_selector = "");

/// Which objects a collection has, without what they say.
[[nodiscard]] Result<std::vector<ObjectKey>> list_keys(Client& client,
                                                       const std::string& collection,
                                                       std::chrono::milliseconds patience);

}  // namespace edgetide::kube
