// Histories at random: every store answers as the one in memory does.
#include "support/protocol/random_source.hpp"
#include "support/runtime/store_world.hpp"

using namespace troupe;
using namespace troupe::actors;
using protocol::duration;
using test::store_kind;
using test::store_world;

namespace {

using protocol::test::random_source;

/// What is asked of a store, made up from what it has answered before.
class question_source {
public:
  explicit question_source(std::uint64_t seed) : random_(seed) {}

  std::vector<store_txn> group() {
    std::vector<store_txn> out;
    for (auto left = random_.below(4); left > 0; --left)
      out.push_back(txn());
    return out;
  }

  std::string name() {
    static const std::vector<std::string> names{"a", "a/b", "b",
                                                std::string{"a\0c", 3}, "\xff"};
    return names[random_.below(names.size())];
  }
  std::uint64_t number(const std::vector<std::uint64_t>& known) {
    const auto at = random_.below(known.size() + 2);
    return at < known.size() ? known[known.size() - 1 - at / 2]
                             : random_.below(4);
  }
  duration time() {
    return duration{static_cast<std::int64_t>(random_.below(60))};
  }
  std::size_t below(std::size_t end) { return random_.below(end); }

  std::vector<std::uint64_t> numbers; ///< Answers of commits.
  std::vector<std::uint64_t> tasks;
  std::vector<std::uint64_t> tokens;

private:
  store_txn txn() {
    if (!old_.empty() && random_.below(4) == 0)
      return old_[random_.below(old_.size())];
    store_txn out;
    if (random_.coin())
      out.id = {1, random_.below(200)}; // also one of another
    for (auto left = random_.below(3); left > 0; --left)
      out.require.push_back(need());
    for (auto left = random_.below(5); left > 0; --left)
      out.ops.push_back(op());
    old_.push_back(out);
    return out;
  }

  requirement need() {
    switch (random_.below(4)) {
    case 0:
      return require_revision{name(), number(numbers)};
    case 1:
      return require_last{name(), number(numbers)};
    case 2:
      return require_lease{name(), number(tokens)};
    default:
      return require_funds{name(), amount()};
    }
  }

  store_op op() {
    switch (random_.below(8)) {
    case 0:
      return put_value{name(), std::string(random_.below(50), 'v')};
    case 1:
      return delete_key{name()};
    case 2:
      return append_records{name(),
                            std::vector<std::string>(random_.below(4), name())};
    case 3:
      return drop_records{name(), number(numbers)};
    case 4:
      return enqueue_task{name(), "body", protocol::instant{} + 40 * time(),
                          random_.coin() ? "" : name()};
    case 5:
      return ack_task{number(tasks), number(tokens)};
    case 6:
      return nack_task{number(tasks), number(tokens), time()};
    default:
      return credit_account{name(), amount()};
    }
  }

  std::int64_t amount() {
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    const auto some = static_cast<std::int64_t>(random_.below(9)) - 3;
    return random_.below(20) == 0 ? most - std::abs(some) : some;
  }

  random_source random_;
  std::vector<store_txn> old_;
};

/// Two stores that are asked the same.
class pair_of_stores {
public:
  pair_of_stores(std::uint64_t seed, store_kind kind)
      : ask_(seed), ours_(kind) {}

  void step() {
    now_ += ask_.time();
    switch (ask_.below(8)) {
    case 0:
      claim();
      break;
    case 1:
      hold();
      break;
    case 2:
      look();
      break;
    case 3:
      if (ask_.below(10) == 0)
        forget();
      else if (ask_.below(4) == 0)
        ours_.open_again();
      break;
    default:
      commit();
    }
  }

  [[nodiscard]] int committed() const { return committed_; }
  [[nodiscard]] int refused() const { return refused_; }

private:
  void commit() {
    const auto group = ask_.group();
    const auto theirs = model_->commit(group, now_);
    const auto ours = ours_->commit(group, now_);
    REQUIRE(ours.size() == theirs.size());
    for (std::size_t i = 0; i < ours.size(); ++i) {
      REQUIRE(test::to_text(ours[i]) == test::to_text(theirs[i]));
      for (const auto number : ours[i].numbers)
        ask_.numbers.push_back(number);
      ++(ours[i].outcome == commit_outcome::committed ? committed_ : refused_);
    }
  }

  void claim() {
    const auto queue = ask_.name();
    const auto count = ask_.below(4);
    const auto lease = ask_.time();
    const auto ours = ours_->claim(queue, count, lease, now_).value();
    REQUIRE(ours == model_->claim(queue, count, lease, now_).value());
    for (const auto& it : ours) {
      ask_.tasks.push_back(it.task);
      ask_.tokens.push_back(it.token);
    }
  }

  void hold() {
    const auto name = ask_.name();
    const auto token = ask_.number(ask_.tokens);
    const auto task = ask_.number(ask_.tasks);
    const auto time = ask_.time();
    const auto ours = ours_->lease(name, token, time, now_).value();
    REQUIRE(ours == model_->lease(name, token, time, now_).value());
    if (ours != 0)
      ask_.tokens.push_back(ours);
    REQUIRE(ours_->extend(task, token, time, now_).value()
            == model_->extend(task, token, time, now_).value());
    if (ask_.below(3) == 0) {
      REQUIRE(ours_->release(name, token));
      REQUIRE(model_->release(name, token));
    }
  }

  void look() {
    const auto name = ask_.name();
    const auto after = ask_.below(2) == 0 ? "" : ask_.name();
    const auto from = ask_.number(ask_.numbers);
    const auto count = ask_.below(30);
    REQUIRE(ours_->get({&name, 1}).value() == model_->get({&name, 1}).value());
    REQUIRE(ours_->list(name, after, count).value()
            == model_->list(name, after, count).value());
    REQUIRE(ours_->read(name, from, count).value()
            == model_->read(name, from, count).value());
    REQUIRE(ours_->funds(name).value() == model_->funds(name).value());
    const auto ours = ours_->changes(from, after, count);
    const auto theirs = model_->changes(from, after, count);
    REQUIRE(ours.has_value() == theirs.has_value());
    if (ours)
      REQUIRE(*ours == *theirs);
    else
      REQUIRE(ours.error() == theirs.error());
  }

  void forget() {
    const auto cursor = ask_.number(ask_.numbers);
    const auto before = now_ - ask_.time() * 20;
    REQUIRE(ours_->forget(cursor, before));
    REQUIRE(model_->forget(cursor, before));
  }

  question_source ask_;
  store_world model_{store_kind::memory};
  store_world ours_;
  protocol::instant now_ = test::at_ns(1);
  int committed_ = 0;
  int refused_ = 0;
};

} // namespace

TEST_CASE("histories at random are answered alike by every store", "[store]") {
  int committed = 0;
  int refused = 0;
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    CAPTURE(seed);
    pair_of_stores both{seed, test::store_kinds.back()};
    for (int i = 0; i < 250; ++i)
      both.step();
    committed += both.committed();
    refused += both.refused();
  }
  CHECK(committed > 500);
  CHECK(refused > 500);
}
