#pragma once

#include "breaker.hpp"
#include "deadline_table.hpp"
#include "troupe/actors/router.hpp"

#include <map>
#include <memory>
#include <utility>
#include <vector>

namespace troupe::actors {

/// One call on its way through the router.
struct routed_call {
  protocol::request<protocol::model_call> asked;
  caf::typed_response_promise<protocol::response<protocol::model_reply>>
      promise;
  delta_sink_actor sink;
  protocol::instant deadline;
  std::vector<std::size_t> candidates; ///< Not tried yet, best first.
  std::size_t model = 0;               ///< That is tried now.
  std::uint32_t attempts = 0;          ///< Made so far.
  breaker::ticket ticket;              ///< Of the model's breaker.
  deadline_table::key alarm{};         ///< While it waits for a breaker.
  protocol::id attempt; ///< The request to the provider, while one is open.
  protocol::id reservation;
  std::uint64_t rests_as = 0; ///< In `resting_calls`.
  bool is_cancelled = false;
  protocol::error failure;
};

using call_ptr = std::shared_ptr<routed_call>;

/// Calls that wait until one of their models may be asked again, in the order
/// in which they came. Bounded by the router's `calls_max`. Not thread-safe.
class resting_calls {
public:
  void add(const call_ptr& it) {
    it->rests_as = ++added_;
    calls_.emplace(added_, it);
  }

  void remove(const routed_call& it) { calls_.erase(it.rests_as); }

  std::vector<call_ptr> take_all() {
    std::vector<call_ptr> all;
    for (auto& [order, it] : std::exchange(calls_, {}))
      all.push_back(std::move(it));
    return all;
  }

  std::vector<call_ptr> take_cancelled() {
    std::vector<call_ptr> gone;
    std::erase_if(calls_, [&](auto& entry) {
      if (!entry.second->is_cancelled)
        return false;
      gone.push_back(std::move(entry.second));
      return true;
    });
    return gone;
  }

private:
  std::map<std::uint64_t, call_ptr> calls_; ///< By the order of adding.
  std::uint64_t added_ = 0;
};

} // namespace troupe::actors
