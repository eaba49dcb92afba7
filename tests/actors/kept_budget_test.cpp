// A budget manager whose ledger is kept in a log.
#include "support/actors/show_result.hpp"
#include "troupe/actors/budget_manager.hpp"
#include "troupe/actors/system_config.hpp"

#include <caf/all.hpp>

#include <condition_variable>
#include <mutex>

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using protocol::settlement;

namespace {

using state = protocol::response<protocol::account_state>;
using held = protocol::response<protocol::budget_reserved>;

constexpr auto patience = 30s; // for what comes at once

/// What a log has, over all lives of its managers.
struct shelf {
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<ledger_entry> entries;
  std::vector<std::size_t> batches;
  bool is_stopped = false;
  bool is_broken = false;
  bool is_writing = false;

  void stop() {
    const std::lock_guard lock{mutex};
    is_stopped = true;
  }
  void go_on(bool breaks = false) {
    const std::lock_guard lock{mutex};
    is_stopped = false;
    is_broken = breaks;
    changed.notify_all();
  }
  void wait_for_write() {
    std::unique_lock lock{mutex};
    REQUIRE(changed.wait_for(lock, patience, [&] { return is_writing; }));
  }
};

class shelf_log final : public ledger_log {
public:
  explicit shelf_log(std::shared_ptr<shelf> on) : on_(std::move(on)) {}

  protocol::result<void>
  read(const std::function<protocol::result<void>(const ledger_entry&)>& each)
      override {
    for (const auto& it : on_->entries)
      if (auto good = each(it); !good)
        return good;
    return {};
  }

  protocol::result<void>
  append(std::span<const ledger_entry> entries) override {
    std::unique_lock lock{on_->mutex};
    on_->is_writing = true;
    on_->changed.notify_all();
    on_->changed.wait(lock, [&] { return !on_->is_stopped; });
    on_->is_writing = false;
    if (on_->is_broken)
      return protocol::fail(errc::internal, "no room");
    on_->batches.push_back(entries.size());
    on_->entries.insert(on_->entries.end(), entries.begin(), entries.end());
    return {};
  }

  protocol::result<void>
  replace(std::span<const ledger_entry> entries) override {
    const std::lock_guard lock{on_->mutex};
    on_->entries.assign(entries.begin(), entries.end());
    return {};
  }

private:
  std::shared_ptr<shelf> on_;
};

/// One life of a manager, on real threads: its log has one of its own.
struct bank {
  explicit bank(std::shared_ptr<shelf> on) : disk(std::move(on)) {
    auto ledger = open_ledger(std::make_unique<shelf_log>(disk),
                              clock.at(system.clock().now()));
    REQUIRE(ledger);
    manager = spawn_budget_manager(system, {clock, ++lives, *ledger});
  }
  ~bank() {
    disk->go_on(disk->is_broken);
    self->send_exit(manager, caf::exit_reason::user_shutdown);
  }

  template <class Answer, class Body>
  protocol::result<Answer> ask(Body body) {
    protocol::result<Answer> out = protocol::fail(errc::internal, "none");
    protocol::request<Body> ask{{}, std::move(body)};
    ask.head.message = {1, ++asked};
    self->request(manager, patience, std::move(ask))
        .receive([&](Answer& it) { out = std::move(it); },
                 [&](const caf::error& why) { out = from_caf(why); });
    return out;
  }

  /// Asks without waiting for the answer.
  auto post(protocol::reserve_budget body) {
    protocol::request<protocol::reserve_budget> ask{{}, std::move(body)};
    ask.head.message = {1, ++asked};
    return self->request(manager, patience, std::move(ask));
  }

  protocol::account_state account() {
    return ask<state>(protocol::describe_account{"t"}).value().body;
  }

  static inline std::uint64_t lives = 0;
  std::shared_ptr<shelf> disk;
  system_config config{2};
  caf::actor_system system{config};
  wall_clock clock = make_wall_clock(system);
  caf::scoped_actor self{system};
  budget_actor manager;
  std::uint64_t asked = 0;
};

template <class Handle>
bool is_granted(Handle& answer) {
  bool is_so = false;
  answer.receive([&](const held&) { is_so = true; }, [](const caf::error&) {});
  return is_so;
}

} // namespace

TEST_CASE("B2: a reservation is answered when it is kept, not before",
          "[budget_manager]") {
  const auto disk = std::make_shared<shelf>();
  bank it{disk};
  disk->stop();
  auto answer = it.post({"t/m", {5}});
  disk->wait_for_write();
  // What needs no disk overtakes it.
  CHECK(it.account().open_reservations == 1);
  CHECK_FALSE(it.self->has_next_message());
  disk->go_on();
  CHECK(is_granted(answer));
  CHECK(disk->entries.size() == 1);
}

TEST_CASE("B2: a settlement that is repeated is answered as the first is",
          "[budget_manager]") {
  const auto disk = std::make_shared<shelf>();
  bank it{disk};
  const auto reserved = it.ask<held>(protocol::reserve_budget{"t/m", {5}});
  REQUIRE(reserved);
  disk->stop();
  const protocol::request<protocol::settle_budget> end{
      {}, {reserved->body.reservation, settlement::billed, {3}}};
  auto first = it.self->request(it.manager, patience, end);
  disk->wait_for_write();
  auto second = it.self->request(it.manager, patience, end);
  CHECK(it.account().open_reservations == 0);
  const bool is_kept = GENERATE(true, false);
  disk->go_on(!is_kept);
  for (auto* answer : {&first, &second}) {
    bool is_told = false;
    answer->receive([&](const state&) { is_told = true; },
                    [](const caf::error&) {});
    CHECK(is_told == is_kept);
  }
}

TEST_CASE("what comes while a batch is written is kept together",
          "[budget_manager]") {
  const auto disk = std::make_shared<shelf>();
  bank it{disk};
  disk->stop();
  std::vector answers{it.post({"t/m", {5}})};
  disk->wait_for_write();
  for (int i = 0; i < 100; ++i)
    answers.push_back(it.post({"t/m", {5}}));
  CHECK(it.account().open_reservations == 101);
  disk->go_on();
  for (auto& answer : answers)
    CHECK(is_granted(answer));
  CHECK(disk->batches == std::vector<std::size_t>{1, 100});
}

TEST_CASE("B4: what was reserved when a process ended counts as spent",
          "[budget_manager]") {
  const auto disk = std::make_shared<shelf>();
  protocol::account_state before;
  {
    bank it{disk};
    REQUIRE(it.ask<state>(protocol::open_account{"t", {1'000}}));
    const auto first = it.ask<held>(protocol::reserve_budget{"t/m", {300}});
    REQUIRE(first);
    REQUIRE(it.ask<held>(protocol::reserve_budget{"t/m", {500}}));
    REQUIRE(it.ask<state>(protocol::settle_budget{
        first->body.reservation, settlement::billed, {100}}));
    before = it.account();
  }
  for (int life = 0; life < 3; ++life) { // it counts once
    bank it{disk};
    const auto after = it.account();
    CHECK(after.spent == before.spent + before.reserved);
    CHECK(after.unknown == before.reserved);
    CHECK(after.open_reservations == 0);
    const auto refused = it.ask<held>(protocol::reserve_budget{"t/m", {401}});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == errc::budget_exhausted);
  }
}

TEST_CASE("a ledger that cannot be written promises nothing until it can",
          "[budget_manager]") {
  const auto disk = std::make_shared<shelf>();
  protocol::account_state last;
  {
    bank it{disk};
    const auto before = it.ask<held>(protocol::reserve_budget{"t/m", {5}});
    REQUIRE(before);
    disk->go_on(true);
    const auto first = it.ask<held>(protocol::reserve_budget{"t/m", {7}});
    REQUIRE_FALSE(first);
    CHECK(first.error().code == errc::internal);
    CHECK(first.error().detail == "the ledger cannot be written: no room");
    CHECK_FALSE(it.ask<held>(protocol::reserve_budget{"t/m", {5}}));
    CHECK_FALSE(it.ask<state>(protocol::settle_budget{
        before->body.reservation, settlement::billed, {4}}));
    CHECK(it.account().path == "t"); // may still be looked at
    CHECK(it.account().spent.nano_usd == 4);
    disk->go_on(false);
    const auto end = std::chrono::steady_clock::now() + patience;
    while (!it.ask<held>(protocol::reserve_budget{"t/m", {1}}))
      REQUIRE(std::chrono::steady_clock::now() < end);
    last = it.account();
    CHECK(last.spent.nano_usd == 4);
    CHECK(last.reserved.nano_usd == 1); // the one that was refused is not held
  }
  bank next{disk};
  CHECK(next.account().spent.nano_usd == 5);
  CHECK(next.account().unknown.nano_usd == 1);
}

TEST_CASE("a repeated settlement writes nothing", "[budget_manager]") {
  const auto disk = std::make_shared<shelf>();
  bank it{disk};
  const auto first = it.ask<held>(protocol::reserve_budget{"t/m", {5}});
  REQUIRE(first);
  const protocol::settle_budget settle{
      first->body.reservation, settlement::billed, {4}};
  for (int i = 0; i < 3; ++i)
    REQUIRE(it.ask<state>(settle));
  CHECK(disk->entries.size() == 2);
}

TEST_CASE("what a manager has promised is kept although it ends",
          "[budget_manager]") {
  const auto disk = std::make_shared<shelf>();
  {
    bank it{disk};
    disk->stop();
    std::vector answers{it.post({"t/m", {5}})};
    disk->wait_for_write();
    answers.push_back(it.post({"t/m", {6}}));
    CHECK(it.account().open_reservations == 2);
    it.self->send_exit(it.manager, caf::exit_reason::user_shutdown);
    for (auto& answer : answers) // nobody knows yet whether they are kept
      CHECK_FALSE(is_granted(answer));
    disk->go_on();
  }
  CHECK(disk->entries.size() == 2);
}

TEST_CASE("a long log is replaced by how the ledger stands", "[ledger]") {
  auto on = std::make_shared<shelf>();
  const auto add = [&](auto what) {
    on->entries.push_back({{}, what});
  };
  add(protocol::open_account{"t", {1'000'000}});
  for (std::uint64_t i = 1; i <= 10'000; ++i) {
    add(held_budget{{1, i}, {"t/a", {10}}});
    add(protocol::settle_budget{{1, i}, settlement::billed, {10}});
  }
  add(held_budget{{2, 1}, {"t/a", {10}}});
  // Repetitions of the last settlements are still known; those before, not.
  const auto before = on->entries.size();
  REQUIRE(open_ledger(std::make_unique<shelf_log>(on), {}));
  CHECK(on->entries.size() == before + 1); // all are remembered: no gain
  constexpr std::uint64_t remembered = 65'536;
  for (std::uint64_t i = 0; i < 2 * remembered + 2'000; ++i) {
    add(held_budget{{3, i}, {"t/a", {0}}});
    add(protocol::settle_budget{{3, i}, settlement::released, {}});
  }
  REQUIRE(open_ledger(std::make_unique<shelf_log>(on), {}));
  CHECK(on->entries.size() < remembered + 10);
  const auto again = open_ledger(std::make_unique<shelf_log>(on), {});
  REQUIRE(again);
}
