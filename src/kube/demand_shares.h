#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "edgetide/core/ids.h"
#include "edgetide/core/quantity.h"
#include "edgetide/model/edge_pool.h"
#include "kube/selector.h"

namespace edgetide::kube {

/// What several pools weigh together; nothing is known of some.
struct Weights {
  double sum = 0;          ///< Of those that are known.
  std::size_t known = 0;   ///< How many these are.
  std::size_t above0 = 0;  ///< How many of them are more than zero.
  std::size_t all = 0;

  void add(std::optional<double> weight);
  /// \pre it was added.
  void take_out(std::optional<double> weight);
  /// The share of one of these in their sum, where nothing stands for the mean of the others.
  /// Equal shares when nothing is known of any, or when nobody is watching. \pre `all` > 0.
  [[nodiscard]] double share_of(std::optional<double> weight) const;
};

/// Each pool's share of the demand of the pools that a selector means. The sums are kept: a share
/// takes no walk over the pools but the first time, and after one of them has changed. Safe for use
/// from several threads at once.
class DemandShares {
 public:
  struct Pools {
    /// The usable ones of a namespace.
    std::function<std::vector<std::shared_ptr<const model::EdgePool>>(const std::string&)>
        usable_in;
    /// Another number whenever what `usable_in` says may have changed.
    std::function<std::uint64_t()> version;
  };

  explicit DemandShares(Pools pools) : pools_(std::move(pools)) {}

  void note(const ObjectKey& pool, Viewers demand);
  void forget(const ObjectKey& pool);

  /// Pools that were not heard of count as the mean of the others, and all as equal when there are
  /// no others. The pool counts among them though the selector does not mean it.
  [[nodiscard]] double share(const model::EdgePool& pool, const Selector& selector);

 private:
  /// The pools that a selector means.
  struct Group {
    Selector selector;
    std::uint64_t version = 0;  ///< Of the pools.
    std::map<ObjectKey, std::optional<double>> members;
    Weights weights;
    std::size_t changes = 0;  ///< Since the weights were added up.
    bool asked_for = true;    ///< Since then.
  };
  using Groups = std::vector<Group>;

  void set(const ObjectKey& pool, std::optional<double> weight);
  /// \pre called under the lock.
  [[nodiscard]] std::optional<double> weight_of(const ObjectKey& pool) const;
  /// nullptr when there is none of that version. \pre called under the lock.
  [[nodiscard]] Group* find(const std::string& name_space, const Selector& selector,
                            std::uint64_t version);
  [[nodiscard]] Group made(const std::string& name_space, const Selector& selector,
                           std::uint64_t version) const;

  Pools pools_;
  std::mutex mutex_;
  std::map<ObjectKey, double> demand_;
  std::map<std::string, Groups> groups_;  ///< By namespace.
};

}  // namespace edgetide::kube
