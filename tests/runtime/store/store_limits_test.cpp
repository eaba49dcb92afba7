#include "support/runtime/store_world.hpp"

using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using test::store_world;

namespace {

/// Whether the store takes it; otherwise it says that a limit is in the way.
bool takes(const store_world& it, std::vector<store_op> ops,
           std::vector<requirement> require = {}) {
  const auto done = it.commit(std::move(ops), std::move(require), {9, 9});
  REQUIRE(it->forget(0, it.now + protocol::duration{1}));
  if (done.outcome == commit_outcome::committed)
    return true;
  CHECK(done.outcome == commit_outcome::refused);
  CHECK(done.why.code == errc::limit_exceeded);
  CHECK(done.numbers.empty());
  return false;
}

std::string text(std::size_t size) {
  return std::string(size, 'x');
}

} // namespace

TEST_CASE("names have from one byte to as many as the store says", "[store]") {
  const store_world it{GENERATE(from_range(test::store_kinds))};
  const auto most = it->capabilities().name_max;
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{1}, most - 1, most, most + 1}) {
    CAPTURE(size);
    const bool is_good = size >= 1 && size <= most;
    const auto name = text(size);
    CHECK(takes(it, {put_value{name, "x"}}) == is_good);
    CHECK(takes(it, {delete_key{name}}) == is_good);
    CHECK(takes(it, {append_records{name, {"x"}}}) == is_good);
    CHECK(takes(it, {drop_records{name, 1}}) == is_good);
    CHECK(takes(it, {enqueue_task{name, "x", {}, {}}}) == is_good);
    CHECK(takes(it, {credit_account{name, 1}}) == is_good);
    CHECK(takes(it, {enqueue_task{"q", "x", {}, name}}) == (size <= most));
    CHECK(takes(it, {}, {require_revision{name, 0}}) == is_good);
    CHECK(takes(it, {}, {require_funds{name, 0}}) == is_good);
    if (!is_good) {
      CHECK_FALSE(takes(it, {}, {require_last{name, 0}}));
      CHECK_FALSE(takes(it, {}, {require_lease{name, 0}}));
    }
    const auto lease = it->lease(name, 0, it.lease, it.now);
    CHECK(lease.has_value() == is_good);
    if (!is_good)
      CHECK(lease.error().code == errc::limit_exceeded);
    CHECK(it.value(name).revision == 0);
  }
}

TEST_CASE("values, records and bodies have as many bytes as the store says",
          "[store]") {
  store_world it{GENERATE(from_range(test::store_kinds))};
  const auto most = it->capabilities().value_max;
  for (const auto size : {std::size_t{0}, most - 1, most, most + 1}) {
    CAPTURE(size);
    const bool is_good = size <= most;
    CHECK(takes(it, {put_value{"k", text(size)}}) == is_good);
    CHECK(takes(it, {append_records{"s", {"x", text(size)}}}) == is_good);
    CHECK(takes(it, {enqueue_task{"q", text(size), {}, {}}}) == is_good);
    it.open_again();
    if (is_good) {
      CHECK(it.value("k").value.size() == size);
      CHECK(it.claim().at(0).body.size() == size);
    }
  }
  CHECK(it->read("s", 5, 9).value().at(0).record == text(most));
}

TEST_CASE("a commit has as many requirements, ops and records as the store "
          "says",
          "[store]") {
  const store_world it{GENERATE(from_range(test::store_kinds))};
  const auto most = it->capabilities().ops_max;
  const std::vector<std::string> few(10, "x");
  for (const auto count : {most - 1, most, most + 1}) {
    CAPTURE(count);
    const bool is_good = count <= most;
    CHECK(takes(it, std::vector<store_op>(count, credit_account{"a", 1}))
          == is_good);
    CHECK(
        takes(it, {}, std::vector<requirement>(count, require_revision{"k", 0}))
        == is_good);
    CHECK(takes(it, std::vector<store_op>(count - 20, delete_key{"k"}),
                std::vector<requirement>(20, require_revision{"k", 0}))
          == is_good);
    CHECK(takes(it, {append_records{"s", std::vector<std::string>(count, "x")}})
          == is_good);
    auto ops = std::vector<store_op>(count - 10, append_records{"s", {}});
    ops.emplace_back(append_records{"s", few});
    CHECK(takes(it, std::move(ops)) == is_good);
  }
}

TEST_CASE("numbers that no store has given find nothing", "[store]") {
  const store_world it{GENERATE(from_range(test::store_kinds))};
  it.done(put_value{"k", "x"});
  it.done(append_records{"s", {"x"}});
  it.done(enqueue_task{"q", "x", {}, {}});
  const auto task = it.claim().at(0);
  for (const auto big : {std::uint64_t{1} << 63U, (std::uint64_t{1} << 63U) + 1,
                         std::numeric_limits<std::uint64_t>::max()}) {
    const auto is_refused = [&](std::vector<store_op> ops,
                                std::vector<requirement> require = {}) {
      return it.commit(std::move(ops), std::move(require)).outcome
             == commit_outcome::refused;
    };
    CHECK(is_refused({}, {require_revision{"k", big}}));
    CHECK(is_refused({}, {require_last{"s", big}}));
    CHECK(is_refused({}, {require_lease{"l", big}}));
    CHECK(is_refused({ack_task{big, task.token}}));
    CHECK(is_refused({ack_task{task.task, big}}));
    CHECK(is_refused({nack_task{task.task, big, {}}}));
    CHECK_FALSE(it->extend(big, task.token, it.lease, it.now).value());
    CHECK_FALSE(it->extend(task.task, big, it.lease, it.now).value());
    REQUIRE(it->release("l", big));
  }
}

TEST_CASE("times at the end of all time are not gone beyond", "[store]") {
  store_world it{GENERATE(from_range(test::store_kinds))};
  it.now = protocol::instant::max() - protocol::duration{5};
  it.done(enqueue_task{"q", "x", {}, {}});
  it.lease = protocol::duration::max();
  const auto task = it.claim().at(0);
  CHECK(it.claim().empty());
  CHECK(it->extend(task.task, task.token, it.lease, it.now).value());
  const auto token = it->lease("l", 0, protocol::duration::max(), it.now);
  REQUIRE(token);
  CHECK(it->lease("l", 0, it.lease, it.now).value() == 0);
  CHECK(it.commit({nack_task{task.task, task.token, it.lease}}).outcome
        == commit_outcome::committed);
  CHECK(it.claim().empty());
}

TEST_CASE("a store in memory keeps to the limits that it was given",
          "[store]") {
  const auto it = make_memory_store({survives::machine, 2, 3, 4});
  CHECK(it->capabilities().promise == survives::nothing);
  const auto outcome = [&](std::vector<store_op> ops) {
    const store_txn one{{}, {}, std::move(ops)};
    return it->commit({&one, 1}, test::at_ns(1)).at(0).outcome;
  };
  CHECK(outcome({put_value{"name", "123"}, delete_key{"name"}})
        == commit_outcome::committed);
  for (const store_op& op :
       {store_op{put_value{"names", "1"}}, store_op{put_value{"name", "1234"}},
        store_op{append_records{"name", {"1", "2", "3"}}}})
    CHECK(outcome({op}) == commit_outcome::refused);
}
