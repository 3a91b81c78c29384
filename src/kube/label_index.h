#pragma once

#include <cstddef>
#include <unordered_map>
#include <vector>

#include "kube/selector.h"

namespace edgetide::kube {

/// Finds among many sets of labels those that a selector selects, without looking at all of them
/// where it wants one value of some label, as nearly all do.
class LabelIndex {
 public:
  /// \pre `labels` stay where they are while the index is used.
  void add(const Labels& labels);

  /// By number, in the order they were added, from 0 on.
  [[nodiscard]] std::vector<std::size_t> selected(const Selector& selector) const;

 private:
  std::vector<const Labels*> all_;
  /// By a digest of a label and its value: some of those under it may have others.
  std::unordered_map<std::size_t, std::vector<std::size_t>> by_label_;
};

}  // namespace edgetide::kube
