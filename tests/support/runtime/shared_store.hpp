#pragma once

#include <troupe/actors/durable_store.hpp>

namespace troupe::test {

using protocol::instant;

/// A store that several journals use, one after the other.
class shared_store final : public actors::durable_store {
public:
  explicit shared_store(actors::durable_store& it) : it_(it) {}

  actors::store_capabilities capabilities() const override {
    return it_.capabilities();
  }
  std::vector<actors::commit_result>
  commit(std::span<const actors::store_txn> group, instant now) override {
    return it_.commit(group, now);
  }
  protocol::result<std::vector<actors::stored_value>>
  get(std::span<const std::string> keys) override {
    return it_.get(keys);
  }
  protocol::result<std::vector<actors::stored_value>>
  list(const std::string& prefix, const std::string& after,
       std::size_t count_max) override {
    return it_.list(prefix, after, count_max);
  }
  protocol::result<std::vector<actors::stored_record>>
  read(const std::string& stream, std::uint64_t after,
       std::size_t count_max) override {
    return it_.read(stream, after, count_max);
  }
  protocol::result<std::int64_t> funds(const std::string& account) override {
    return it_.funds(account);
  }
  protocol::result<std::vector<actors::claimed_task>>
  claim(const std::string& queue, std::size_t count_max,
        protocol::duration lease, instant now) override {
    return it_.claim(queue, count_max, lease, now);
  }
  protocol::result<bool> extend(std::uint64_t task, std::uint64_t token,
                                protocol::duration lease,
                                instant now) override {
    return it_.extend(task, token, lease, now);
  }
  protocol::result<std::uint64_t> lease(const std::string& name,
                                        std::uint64_t token,
                                        protocol::duration ttl,
                                        instant now) override {
    return it_.lease(name, token, ttl, now);
  }
  protocol::result<void> release(const std::string& name,
                                 std::uint64_t token) override {
    return it_.release(name, token);
  }
  protocol::result<std::vector<actors::store_change>>
  changes(std::uint64_t cursor, const std::string& prefix,
          std::size_t count_max) override {
    return it_.changes(cursor, prefix, count_max);
  }
  protocol::result<void> forget(std::uint64_t cursor, instant before) override {
    return it_.forget(cursor, before);
  }

private:
  actors::durable_store& it_;
};

} // namespace troupe::test
