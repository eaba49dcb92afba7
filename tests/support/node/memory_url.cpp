#include "support/node/memory_url.hpp"

#include "store/store_drivers.hpp"

#include <troupe/actors/memory_store.hpp>

#include <map>
#include <mutex>

namespace troupe::test {

namespace {

using actors::commit_outcome;
using actors::commit_result;
using protocol::errc;
using protocol::fail;
using protocol::instant;
using protocol::result;

struct common_store {
  std::mutex mutex; ///< Held by whoever asks.
  std::unique_ptr<actors::durable_store> it = actors::make_memory_store();
  std::shared_ptr<std::atomic<bool>> is_away =
      std::make_shared<std::atomic<bool>>(false);
};

struct common_stores {
  std::mutex mutex;
  std::map<std::string, std::shared_ptr<common_store>> all;
  std::size_t made = 0;
};

common_stores& stores() {
  static common_stores it;
  return it;
}

class common_door final : public actors::durable_store {
public:
  explicit common_door(std::shared_ptr<common_store> to) : to_(std::move(to)) {}

  [[nodiscard]] actors::store_capabilities capabilities() const override {
    return to_->it->capabilities();
  }
  std::vector<commit_result> commit(std::span<const actors::store_txn> group,
                                    instant now) override {
    const std::lock_guard lock{to_->mutex};
    if (*to_->is_away)
      return std::vector<commit_result>(
          group.size(), {commit_outcome::unavailable, {}, {}, away()});
    return to_->it->commit(group, now);
  }
  result<std::vector<actors::stored_value>>
  get(std::span<const std::string> keys) override {
    return ask([&] { return to_->it->get(keys); });
  }
  result<std::vector<actors::stored_value>>
  list(const std::string& prefix, const std::string& after,
       std::size_t count_max) override {
    return ask([&] { return to_->it->list(prefix, after, count_max); });
  }
  result<std::vector<actors::stored_record>>
  read(const std::string& stream, std::uint64_t after,
       std::size_t count_max) override {
    return ask([&] { return to_->it->read(stream, after, count_max); });
  }
  result<std::int64_t> funds(const std::string& account) override {
    return ask([&] { return to_->it->funds(account); });
  }
  result<std::vector<actors::claimed_task>> claim(const std::string& queue,
                                                  std::size_t count_max,
                                                  protocol::duration lease,
                                                  instant now) override {
    return ask([&] { return to_->it->claim(queue, count_max, lease, now); });
  }
  result<bool> extend(std::uint64_t task, std::uint64_t token,
                      protocol::duration lease, instant now) override {
    return ask([&] { return to_->it->extend(task, token, lease, now); });
  }
  result<std::uint64_t> lease(const std::string& name, std::uint64_t token,
                              protocol::duration ttl, instant now) override {
    return ask([&] { return to_->it->lease(name, token, ttl, now); });
  }
  result<void> release(const std::string& name, std::uint64_t token) override {
    return ask([&] { return to_->it->release(name, token); });
  }
  result<std::vector<actors::store_change>>
  changes(std::uint64_t cursor, const std::string& prefix,
          std::size_t count_max) override {
    return ask([&] { return to_->it->changes(cursor, prefix, count_max); });
  }
  result<void> forget(std::uint64_t cursor, instant before) override {
    return ask([&] { return to_->it->forget(cursor, before); });
  }

private:
  static protocol::error away() {
    return fail(errc::unreachable, "the database is away");
  }
  template <class Ask>
  std::invoke_result_t<Ask> ask(Ask what) {
    const std::lock_guard lock{to_->mutex};
    if (*to_->is_away)
      return away();
    return what();
  }

  std::shared_ptr<common_store> to_;
};

store::opened_store open_common(const std::string& url) {
  const std::lock_guard lock{stores().mutex};
  const auto found = stores().all.find(url);
  if (found == stores().all.end())
    return fail(errc::config_invalid, "there is no such store");
  return std::unique_ptr<actors::durable_store>{
      std::make_unique<common_door>(found->second)};
}

} // namespace

memory_url::memory_url() {
  store::add_driver("memory", open_common);
  const std::lock_guard lock{stores().mutex};
  url_ = "memory://" + std::to_string(++stores().made);
  const auto made = std::make_shared<common_store>();
  is_away_ = made->is_away;
  stores().all.emplace(url_, made);
}

memory_url::~memory_url() {
  const std::lock_guard lock{stores().mutex};
  stores().all.erase(url_);
}

} // namespace troupe::test
