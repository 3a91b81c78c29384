#pragma once

#include <simdjson.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "edgetide/core/ids.h"
#include "edgetide/core/result.h"

namespace edgetide::kube {

/// The parts of an object's metadata that every cache needs.
struct Identity {
  ObjectKey key;  ///< Without a namespace for a cluster-scoped object.
  std::string uid;
  std::string resource_version;
};

/// Nothing when the object has no name.
[[nodiscard]] std::optional<Identity> identity_of(simdjson::dom::element object);

/// The objects of one resource by key, as a reflector sees them: each decoded once to a trimmed
/// value that never changes again. What the values are is kube/store.h's business.
///
/// Written by one thread at a time, read by any. A name that comes back with another uid is another
/// object: its predecessor is first taken out.
class ObjectTable {
 public:
  using Ptr = std::shared_ptr<const void>;
  /// `before` is what stood under the same uid, or nullptr.
  using Decode = std::function<Result<Ptr>(simdjson::dom::element object, const void* before)>;
  /// Told after a change, by the writing thread, without a lock held; nullptr stands for "none".
  using OnChange = std::function<void(const ObjectKey& key, const Ptr& before, const Ptr& after)>;

  enum class Outcome {
    kStored,    ///< Taken in, or known already.
    kSkipped,   ///< Not understood, or nameless; what stood before was kept.
    kReverted,  ///< Older than what stands, so the server's data were put back; nothing was stored.
  };

  ObjectTable(Decode decode, OnChange on_change)
      : decode_(std::move(decode)), on_change_(std::move(on_change)) {}

  /// A list begins: what is added from here on takes the place of all there is, at once, when
  /// finish_replace is called. Beginning again drops what was added so far.
  void begin_replace() { staged_.clear(); }
  Outcome add(simdjson::dom::element object);
  /// It is gone while the list is still being told.
  void take_back(simdjson::dom::element object);
  /// Tells what changed: first what vanished, deletions that no watch has seen among them.
  void finish_replace();

  Outcome put(simdjson::dom::element object);
  Outcome remove(simdjson::dom::element object);

  /// nullptr when there is none.
  [[nodiscard]] Ptr find(const ObjectKey& key) const;
  /// By key.
  [[nodiscard]] std::vector<std::pair<ObjectKey, Ptr>> all() const;
  /// Every value at one moment. `visit` neither waits nor calls back here.
  void visit(const std::function<void(const ObjectKey& key, const void* value)>& visit) const;
  [[nodiscard]] std::size_t size() const;
  /// Grows with every change: an unchanged number is an unchanged table.
  [[nodiscard]] std::uint64_t revision() const;

 private:
  struct Entry {
    std::string uid;
    std::string resource_version;
    Ptr value;
  };
  using Entries = std::map<ObjectKey, Entry>;

  [[nodiscard]] Entry entry(const ObjectKey& key) const;
  /// The object as it is to stand; nothing when it cannot be understood.
  [[nodiscard]] std::optional<Entry> decoded(simdjson::dom::element object, Identity identity,
                                             const Entry& before) const;
  void tell(const ObjectKey& key, const Ptr& before, const Ptr& after) const;
  void tell_vanished(const Entries& before, const Entries& after) const;
  void tell_changed(const Entries& before, const Entries& after) const;

  Decode decode_;
  OnChange on_change_;
  mutable std::mutex mutex_;
  Entries entries_;
  std::uint64_t revision_ = 0;
  Entries staged_;  // of the writing thread alone
};

}  // namespace edgetide::kube
