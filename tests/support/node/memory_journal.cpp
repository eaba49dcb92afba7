#include "support/node/memory_journal.hpp"

#include "store/store_drivers.hpp"

#include <troupe/actors/memory_store.hpp>

#include <mutex>

namespace troupe::test {

using namespace actors;
using protocol::duration;
using protocol::instant;
using protocol::result;

struct memory_journal::kept {
  std::mutex mutex;
  std::unique_ptr<durable_store> store = make_memory_store();
};

namespace {

/// One call at a time.
template <class Kept>
class locked_store final : public durable_store {
public:
  explicit locked_store(std::shared_ptr<Kept> it)
      : kept_(std::move(it)), store_(*kept_->store) {}

  store_capabilities capabilities() const override {
    return store_.capabilities();
  }
  std::vector<commit_result> commit(std::span<const store_txn> group,
                                    instant now) override {
    const std::lock_guard lock{kept_->mutex};
    return store_.commit(group, now);
  }
  result<std::vector<stored_value>>
  get(std::span<const std::string> keys) override {
    const std::lock_guard lock{kept_->mutex};
    return store_.get(keys);
  }
  result<std::vector<stored_value>> list(const std::string& prefix,
                                         const std::string& after,
                                         std::size_t count_max) override {
    const std::lock_guard lock{kept_->mutex};
    return store_.list(prefix, after, count_max);
  }
  result<std::vector<stored_record>> read(const std::string& stream,
                                          std::uint64_t after,
                                          std::size_t count_max) override {
    const std::lock_guard lock{kept_->mutex};
    return store_.read(stream, after, count_max);
  }
  result<std::int64_t> funds(const std::string& account) override {
    const std::lock_guard lock{kept_->mutex};
    return store_.funds(account);
  }
  result<std::vector<claimed_task>> claim(const std::string& queue,
                                          std::size_t count_max, duration lease,
                                          instant now) override {
    const std::lock_guard lock{kept_->mutex};
    return store_.claim(queue, count_max, lease, now);
  }
  result<bool> extend(std::uint64_t task, std::uint64_t token, duration lease,
                      instant now) override {
    const std::lock_guard lock{kept_->mutex};
    return store_.extend(task, token, lease, now);
  }
  result<std::uint64_t> lease(const std::string& name, std::uint64_t token,
                              duration ttl, instant now) override {
    const std::lock_guard lock{kept_->mutex};
    return store_.lease(name, token, ttl, now);
  }
  result<void> release(const std::string& name, std::uint64_t token) override {
    const std::lock_guard lock{kept_->mutex};
    return store_.release(name, token);
  }
  result<std::vector<store_change>> changes(std::uint64_t cursor,
                                            const std::string& prefix,
                                            std::size_t count_max) override {
    const std::lock_guard lock{kept_->mutex};
    return store_.changes(cursor, prefix, count_max);
  }
  result<void> forget(std::uint64_t cursor, instant before) override {
    const std::lock_guard lock{kept_->mutex};
    return store_.forget(cursor, before);
  }

private:
  std::shared_ptr<Kept> kept_;
  durable_store& store_;
};

} // namespace

memory_journal::memory_journal() : kept_(std::make_shared<kept>()) {
  static int last = 0;
  const auto scheme = "memory" + std::to_string(++last);
  url_ = scheme + "://journal";
  store::add_driver(scheme, [it = kept_](const std::string&) {
    return store::opened_store{std::make_unique<locked_store<kept>>(it)};
  });
}

memory_journal::~memory_journal() = default;

std::shared_ptr<actors::durable_store> memory_journal::open() const {
  return std::make_shared<locked_store<kept>>(kept_);
}

} // namespace troupe::test
