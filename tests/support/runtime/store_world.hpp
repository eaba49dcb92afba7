#pragma once

#include "store/sqlite_store.hpp"
#include "support/actors/show_result.hpp"
#include "support/catch.hpp"
#include "support/scratch_folder.hpp"

#include <troupe/actors/memory_store.hpp>

namespace troupe::test {

/// Each store that we ship.
enum class store_kind { memory, sqlite, postgres };

/// Those that this program tests.
extern const std::vector<store_kind> store_kinds;

/// Where a store of a test is.
struct store_place {
  store_kind kind = store_kind::memory;
  std::string folder;
  int number = 0; ///< Of all places of this process.
};

/// Makes the store of a place, or opens it again.
[[nodiscard]] std::unique_ptr<actors::durable_store>
open_store(const store_place& where);

[[nodiscard]] inline protocol::instant at_ns(std::int64_t ns) {
  return protocol::instant{protocol::duration{ns}};
}

/// A store of one kind, new and empty; `->` is the store.
class store_world {
public:
  explicit store_world(store_kind kind) : kind_(kind) { open(); }

  [[nodiscard]] actors::durable_store* operator->() const {
    return store_.get();
  }
  [[nodiscard]] actors::durable_store& operator*() const { return *store_; }

  /// As after a restart; what is in memory stays.
  void open_again() {
    if (kind_ == store_kind::memory)
      return;
    store_.reset();
    open();
  }

  /// One txn, alone.
  actors::commit_result commit(const actors::store_txn& it) const {
    auto all = store_->commit({&it, 1}, now);
    REQUIRE(all.size() == 1);
    return all.front();
  }
  actors::commit_result commit(std::vector<actors::store_op> ops,
                               std::vector<actors::requirement> require = {},
                               protocol::id id = {}) const {
    return commit({id, std::move(require), std::move(ops)});
  }
  /// Of an op that must be committed: its number.
  std::uint64_t done(const actors::store_op& op) const {
    const auto it = commit({op});
    REQUIRE(it.outcome == actors::commit_outcome::committed);
    REQUIRE(it.numbers.size() == 1);
    return it.numbers.front();
  }

  [[nodiscard]] actors::stored_value value(const std::string& key) const {
    const auto all = store_->get({&key, 1});
    REQUIRE(all);
    REQUIRE(all->size() == 1);
    return all->front();
  }
  [[nodiscard]] std::vector<actors::store_change>
  changes(std::uint64_t cursor = 0, const std::string& prefix = {}) const {
    const auto all = store_->changes(cursor, prefix, 1'000'000);
    REQUIRE(all);
    return *all;
  }
  [[nodiscard]] std::vector<actors::claimed_task>
  claim(std::size_t count_max = 100, const std::string& queue = "q") const {
    const auto all = store_->claim(queue, count_max, lease, now);
    REQUIRE(all);
    return *all;
  }

  protocol::instant now = at_ns(1'000);
  protocol::duration lease{100};

private:
  void open() {
    store_ = kind_ == store_kind::memory
                 ? actors::make_memory_store()
                 : open_store({kind_, folder_.path().string(), number_});
  }
  static int next_number() {
    static int last = 0;
    return ++last;
  }

  store_kind kind_;
  int number_ = next_number();
  scratch_folder folder_{"store"};
  std::unique_ptr<actors::durable_store> store_;
};

/// What two stores must answer alike, as text.
[[nodiscard]] inline std::string to_text(const actors::commit_result& it) {
  std::string out = std::to_string(static_cast<int>(it.outcome)) + ":";
  for (const auto number : it.numbers)
    out += " " + std::to_string(number);
  if (it.failed_requirement)
    out += " requirement " + std::to_string(*it.failed_requirement);
  if (it.outcome != actors::commit_outcome::committed)
    out += " " + std::string{protocol::to_string(it.why.code)} + " "
           + it.why.detail;
  return out;
}

} // namespace troupe::test
