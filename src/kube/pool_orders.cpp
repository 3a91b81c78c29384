#include <algorithm>
#include <atomic>
#include <future>

#include "kube/pool_repository.h"

namespace edgetide::kube {
namespace {

constexpr std::size_t kWritersAtOnce = 8;

}  // namespace

Result<void> PoolRepository::scale(const model::EdgePool& pool, const ports::ScaleOrder& order) {
  EDGETIDE_ASSERT(order.domain < pool.domains.size(), "an order names one of the pool's domains");
  return targets_.scale(
      {.name_space = pool.key.name_space, .target = pool.domains[order.domain].target}, order.from,
      order.to);
}

/// What rises is written side by side; then, one after the other, what falls.
std::vector<Result<void>> PoolRepository::scale_all(const model::EdgePool& pool,
                                                    std::span<const ports::ScaleOrder> orders) {
  std::vector<Result<void>> written(orders.size());
  std::vector<std::size_t> rises;
  std::vector<std::size_t> falls;
  for (std::size_t i = 0; i < orders.size(); ++i)
    (orders[i].to > orders[i].from ? rises : falls).push_back(i);
  std::atomic<std::size_t> next{0};
  const auto write = [&] {
    for (auto i = next++; i < rises.size(); i = next++)
      written[rises[i]] = scale(pool, orders[rises[i]]);
  };
  std::vector<std::future<void>> writers;
  // Where no thread can be had the others write for it.
  for (std::size_t i = 1; i < std::min(kWritersAtOnce, rises.size()); ++i)
    writers.push_back(std::async(std::launch::async | std::launch::deferred, write));
  write();
  for (auto& writer : writers) writer.get();
  for (const std::size_t fall : falls) written[fall] = scale(pool, orders[fall]);
  return written;
}

Result<void> PoolRepository::rehearse(const model::EdgePool& pool, const ports::ScaleOrder& order) {
  EDGETIDE_ASSERT(order.domain < pool.domains.size(), "an order names one of the pool's domains");
  const auto judged = targets_.rehearse(
      {.name_space = pool.key.name_space, .target = pool.domains[order.domain].target}, order.to);
  if (!judged.ok()) return judged.error();
  return {};
}

}  // namespace edgetide::kube
