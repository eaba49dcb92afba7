#pragma once

#include "support/protocol/random_source.hpp"

#include <troupe/actors/durable_store.hpp>

#include <map>
#include <set>

namespace troupe::test {

/// The commit of a number, which leaves a value, a record, a credit and a task;
/// who looks at them sees whether it is there, and whether by half.
[[nodiscard]] actors::store_txn numbered_txn(std::uint64_t number);

/// The numbers whose commits are there. `problem` says what is there by half,
/// and stays as it is when all is well.
[[nodiscard]] std::set<std::uint64_t> numbers_in(actors::durable_store& store,
                                                 std::string& problem);

/// Somebody who uses a store at random and remembers what it has promised.
class store_workload {
public:
  explicit store_workload(std::uint64_t seed) : random_(seed) {}

  /// A group of commits, and by chance a claim or a lease.
  void go_on(actors::durable_store& store);

  /// What a store that was opened again does not keep of what was promised;
  /// empty: all is well. Asks again for what nobody knew.
  [[nodiscard]] std::string check(actors::durable_store& store);

  [[nodiscard]] std::size_t acknowledged() const { return acked_.size(); }
  [[nodiscard]] std::size_t doubted() const { return doubted_; }
  [[nodiscard]] std::size_t denied() const { return denied_; }

private:
  void note(std::uint64_t number, const actors::commit_result& it);
  void claim(actors::durable_store& store);
  [[nodiscard]] std::string check_answers(actors::durable_store& store);
  [[nodiscard]] std::string check_tokens(actors::durable_store& store);

  protocol::test::random_source random_;
  protocol::instant now_{protocol::duration{1'000}};
  std::uint64_t last_number_ = 0;
  std::map<std::uint64_t, actors::commit_result> acked_;
  std::set<std::uint64_t> unknown_;
  std::set<std::uint64_t> none_; ///< `unavailable`: nothing was done.
  std::vector<actors::claimed_task> claimed_;
  std::size_t doubted_ = 0;
  std::size_t denied_ = 0;
  std::uint64_t acks_ = 0;
  std::uint64_t token_ = 0;    ///< The highest that was given.
  std::uint64_t lease_ = 0;    ///< The newest of the lease.
  std::uint64_t revision_ = 0; ///< The highest that was told.
};

} // namespace troupe::test
