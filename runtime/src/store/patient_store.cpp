#include "store/store_drivers.hpp"

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace troupe::store {

using actors::commit_outcome;
using actors::commit_result;
using actors::store_txn;
using protocol::duration;
using protocol::errc;
using protocol::instant;
using protocol::result;
using std::chrono::steady_clock;

namespace {

constexpr std::chrono::milliseconds pace{100};

class patient_store final : public actors::durable_store {
public:
  patient_store(std::unique_ptr<actors::durable_store> it, duration patience)
      : it_(std::move(it)), patience_(patience) {}

  [[nodiscard]] actors::store_capabilities capabilities() const override {
    return it_->capabilities();
  }

  std::vector<commit_result> commit(std::span<const store_txn> group,
                                    instant now) override;

  result<std::vector<actors::stored_value>>
  get(std::span<const std::string> keys) override {
    return ask([&] { return it_->get(keys); });
  }
  result<std::vector<actors::stored_value>>
  list(const std::string& prefix, const std::string& after,
       std::size_t count_max) override {
    return ask([&] { return it_->list(prefix, after, count_max); });
  }
  result<std::vector<actors::stored_record>>
  read(const std::string& stream, std::uint64_t after,
       std::size_t count_max) override {
    return ask([&] { return it_->read(stream, after, count_max); });
  }
  result<std::int64_t> funds(const std::string& account) override {
    return ask([&] { return it_->funds(account); });
  }
  result<std::vector<actors::store_change>>
  changes(std::uint64_t cursor, const std::string& prefix,
          std::size_t count_max) override {
    return ask([&] { return it_->changes(cursor, prefix, count_max); });
  }

  // What has an effect and no id is for its caller to ask again.
  result<std::vector<actors::claimed_task>> claim(const std::string& queue,
                                                  std::size_t count_max,
                                                  duration lease,
                                                  instant now) override {
    return it_->claim(queue, count_max, lease, now);
  }
  result<bool> extend(std::uint64_t task, std::uint64_t token, duration lease,
                      instant now) override {
    return it_->extend(task, token, lease, now);
  }
  result<std::uint64_t> lease(const std::string& name, std::uint64_t token,
                              duration ttl, instant now) override {
    return it_->lease(name, token, ttl, now);
  }
  result<void> release(const std::string& name, std::uint64_t token) override {
    return it_->release(name, token);
  }
  result<void> forget(std::uint64_t cursor, instant before) override {
    return it_->forget(cursor, before);
  }

private:
  template <class Ask>
  auto ask(const Ask& once) -> decltype(once()) {
    const auto end = steady_clock::now() + patience_;
    auto got = once();
    while (!got && got.error().code == errc::unreachable && wait(end))
      got = once();
    return got;
  }

  /// A moment; false: it is time to give up.
  bool wait(steady_clock::time_point end) {
    std::unique_lock lock{mutex_};
    never_.wait_for(lock, pace, [] { return false; });
    return steady_clock::now() < end;
  }

  std::unique_ptr<actors::durable_store> it_;
  duration patience_;
  std::mutex mutex_;
  std::condition_variable never_; ///< For its time-out.
};

bool may_ask_again(const store_txn& txn, const commit_result& said) {
  return said.outcome == commit_outcome::unavailable
         || (said.outcome == commit_outcome::unknown && txn.id);
}

std::vector<commit_result>
patient_store::commit(std::span<const store_txn> group, instant now) {
  const auto end = steady_clock::now() + patience_;
  auto out = it_->commit(group, now);
  for (;;) {
    std::vector<std::size_t> open;
    std::vector<store_txn> again;
    for (std::size_t i = 0; i < out.size(); ++i)
      if (may_ask_again(group[i], out[i])) {
        open.push_back(i);
        again.push_back(group[i]);
      }
    if (open.empty() || !wait(end))
      return out;
    auto said = it_->commit(again, now);
    for (std::size_t i = 0; i < open.size(); ++i)
      out[open[i]] = std::move(said[i]);
  }
}

} // namespace

std::unique_ptr<actors::durable_store>
with_patience(std::unique_ptr<actors::durable_store> it, duration patience) {
  return std::make_unique<patient_store>(std::move(it), patience);
}

} // namespace troupe::store
