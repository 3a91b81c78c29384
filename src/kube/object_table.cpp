#include "kube/object_table.h"

#include "json/large.h"
#include "kube/resource_version.h"

namespace edgetide::kube {

std::optional<Identity> identity_of(simdjson::dom::element object) {
  const auto metadata = json::at(object, "metadata");
  if (!metadata) return std::nullopt;
  const auto text = [&](std::string_view key) {
    return std::string{json::string_at(*metadata, key).value_or("")};
  };
  Identity identity{.key = {.name_space = text("namespace"), .name = text("name")},
                    .uid = text("uid"),
                    .resource_version = text("resourceVersion")};
  if (identity.key.name.empty()) return std::nullopt;
  return identity;
}

ObjectTable::Outcome ObjectTable::add(simdjson::dom::element object) {
  const auto identity = identity_of(object);
  if (!identity) return Outcome::kSkipped;
  const auto staged = staged_.find(identity->key);
  const Entry before = staged == staged_.end() ? entry(identity->key) : staged->second;
  if (auto now = decoded(object, *identity, before)) {
    staged_.insert_or_assign(identity->key, std::move(*now));
    return Outcome::kStored;
  }
  if (before.value && before.uid == identity->uid) staged_.insert_or_assign(identity->key, before);
  return Outcome::kSkipped;
}

void ObjectTable::take_back(simdjson::dom::element object) {
  if (const auto identity = identity_of(object)) staged_.erase(identity->key);
}

void ObjectTable::finish_replace() {
  const Entries after = std::exchange(staged_, {});
  Entries before;
  {
    const std::lock_guard lock(mutex_);
    before = std::exchange(entries_, after);
    ++revision_;
  }
  tell_vanished(before, after);
  tell_changed(before, after);
}

void ObjectTable::tell_vanished(const Entries& before, const Entries& after) const {
  for (const auto& [key, old] : before) {
    const auto now = after.find(key);
    if (now == after.end() || now->second.uid != old.uid) tell(key, old.value, nullptr);
  }
}

void ObjectTable::tell_changed(const Entries& before, const Entries& after) const {
  for (const auto& [key, now] : after) {
    const auto old = before.find(key);
    if (old == before.end() || old->second.uid != now.uid) {
      tell(key, nullptr, now.value);
    } else if (old->second.resource_version != now.resource_version) {
      tell(key, old->second.value, now.value);
    }
  }
}

ObjectTable::Outcome ObjectTable::put(simdjson::dom::element object) {
  const auto identity = identity_of(object);
  if (!identity) return Outcome::kSkipped;
  const Entry before = entry(identity->key);
  const bool same = before.value != nullptr && before.uid == identity->uid;
  if (same) {
    const auto order = compare_versions(identity->resource_version, before.resource_version);
    if (order == 0) return Outcome::kStored;
    if (order && *order < 0) return Outcome::kReverted;
  }
  auto now = decoded(object, *identity, before);
  if (!now) return Outcome::kSkipped;
  {
    const std::lock_guard lock(mutex_);
    entries_.insert_or_assign(identity->key, *now);
    ++revision_;
  }
  if (!same && before.value) tell(identity->key, before.value, nullptr);
  tell(identity->key, same ? before.value : nullptr, now->value);
  return Outcome::kStored;
}

ObjectTable::Outcome ObjectTable::remove(simdjson::dom::element object) {
  const auto identity = identity_of(object);
  if (!identity) return Outcome::kSkipped;
  Entry before;
  {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(identity->key);
    if (found == entries_.end() || found->second.uid != identity->uid) return Outcome::kStored;
    before = std::move(found->second);
    entries_.erase(found);
    ++revision_;
  }
  tell(identity->key, before.value, nullptr);
  return Outcome::kStored;
}

ObjectTable::Ptr ObjectTable::find(const ObjectKey& key) const { return entry(key).value; }

std::vector<std::pair<ObjectKey, ObjectTable::Ptr>> ObjectTable::all() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::pair<ObjectKey, Ptr>> found;
  found.reserve(entries_.size());
  for (const auto& [key, entry] : entries_) found.emplace_back(key, entry.value);
  return found;
}

std::size_t ObjectTable::size() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

void ObjectTable::visit(
    const std::function<void(const ObjectKey& key, const void* value)>& visit) const {
  const std::lock_guard lock(mutex_);
  for (const auto& [key, entry] : entries_) visit(key, entry.value.get());
}

std::uint64_t ObjectTable::revision() const {
  const std::lock_guard lock(mutex_);
  return revision_;
}

ObjectTable::Entry ObjectTable::entry(const ObjectKey& key) const {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(key);
  return found == entries_.end() ? Entry{} : found->second;
}

std::optional<ObjectTable::Entry> ObjectTable::decoded(simdjson::dom::element object,
                                                       Identity identity,
                                                       const Entry& before) const {
  const bool same = before.value != nullptr && before.uid == identity.uid;
  auto value = decode_(object, same ? before.value.get() : nullptr);
  if (!value.ok()) return std::nullopt;
  return Entry{.uid = std::move(identity.uid),
               .resource_version = std::move(identity.resource_version),
               .value = std::move(*value)};
}

void ObjectTable::tell(const ObjectKey& key, const Ptr& before, const Ptr& after) const {
  if (on_change_) on_change_(key, before, after);
}

}  // namespace edgetide::kube
