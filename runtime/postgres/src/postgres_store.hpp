#pragma once

#include "group_trips.hpp"

#include <troupe/actors/store_rules.hpp>

namespace troupe::postgres {

/// A store on one connection. Each commit locks the one row of the counters,
/// reads what it needs, is decided by `group_rules` and is written with COMMIT:
/// two trips to the server.
class postgres_store final : public actors::durable_store {
public:
  postgres_store(connection_options options, bool has_server_time)
      : to_(std::move(options)), has_server_time_(has_server_time) {}

  protocol::result<void> open() {
    auto good = to_.open();
    if (!good)
      return good;
    allowed_.promise = !to_.has_fsync()     ? actors::survives::process
                       : to_.has_standbys() ? actors::survives::quorum
                                            : actors::survives::machine;
    return good;
  }

  [[nodiscard]] actors::store_capabilities capabilities() const override {
    return allowed_;
  }

  std::vector<actors::commit_result>
  commit(std::span<const actors::store_txn> group,
         protocol::instant now) override;
  protocol::result<std::vector<actors::stored_value>>
  get(std::span<const std::string> keys) override;
  protocol::result<std::vector<actors::stored_value>>
  list(const std::string& prefix, const std::string& after,
       std::size_t count_max) override;
  protocol::result<std::vector<actors::stored_record>>
  read(const std::string& stream, std::uint64_t after,
       std::size_t count_max) override;
  protocol::result<std::int64_t> funds(const std::string& account) override;
  protocol::result<std::vector<actors::claimed_task>>
  claim(const std::string& queue, std::size_t count_max,
        protocol::duration lease, protocol::instant now) override;
  protocol::result<bool> extend(std::uint64_t task, std::uint64_t token,
                                protocol::duration lease,
                                protocol::instant now) override;
  protocol::result<std::uint64_t> lease(const std::string& name,
                                        std::uint64_t token,
                                        protocol::duration ttl,
                                        protocol::instant now) override;
  protocol::result<void> release(const std::string& name,
                                 std::uint64_t token) override;
  protocol::result<std::vector<actors::store_change>>
  changes(std::uint64_t cursor, const std::string& prefix,
          std::size_t count_max) override;
  protocol::result<void> forget(std::uint64_t cursor,
                                protocol::instant before) override;

private:
  /// One trip by itself. Error: it was not done, or nobody knows.
  protocol::result<std::vector<rows>> ask(std::vector<query> all);
  /// The last trip of a transaction, with its COMMIT.
  protocol::result<void> finish(std::vector<query> writes);
  [[nodiscard]] static protocol::error in_doubt();
  /// What was asked is given up.
  void roll_back();
  std::vector<actors::commit_result>
  commit_some(std::span<const actors::store_txn> group, protocol::instant now);
  std::vector<actors::commit_result>
  write(std::vector<query> writes, std::vector<actors::commit_result> decided);
  /// The time that the caller tells; null: the server's is asked for.
  [[nodiscard]] std::optional<std::int64_t> told(protocol::instant now) const {
    return has_server_time_ ? std::optional<std::int64_t>{} : ns_of(now);
  }
  [[nodiscard]] protocol::instant time_of(const rows& lock, int column,
                                          protocol::instant now) const {
    return has_server_time_
               ? protocol::instant{protocol::duration{lock.number(0, column)}}
               : now;
  }
  /// Whether one row was changed.
  protocol::result<bool> change(query it);

  actors::store_capabilities allowed_ = actors::usual_store;
  connection to_;
  bool has_server_time_;
};

} // namespace troupe::postgres
