#include "support/actors/show_result.hpp"
#include "support/actors/state_world.hpp"
#include "troupe/actors/message_statistics.hpp"

#include <caf/all.hpp>

#include <functional>

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using protocol::state_operation;
using protocol::taint;
using test::follower_notes;
using test::state_world;

namespace {

using listed = protocol::response<protocol::state_listed>;
using list_request = protocol::request<protocol::list_state>;
using write_request = protocol::request<protocol::write_state>;
using read_request = protocol::request<protocol::read_state>;

/// What one sender has been answered.
struct asker_notes {
  std::vector<std::string> log; ///< "page", "value", "written", or an error.
  std::vector<listed> pages;

  [[nodiscard]] std::size_t count(const std::string& what) const {
    return static_cast<std::size_t>(std::count(log.begin(), log.end(), what));
  }
};

/// An actor that sends all its requests before any of them is handled.
class asker {
public:
  asker(caf::event_based_actor* self, const state_world& it,
        std::shared_ptr<asker_notes> notes)
      : self_(self), store_(it.store), notes_(std::move(notes)) {}

  void list(protocol::header head = {}) {
    ask<listed>("page", list_request{std::move(head), {"", "", 1'000}});
  }
  void write(std::string key, std::string json) {
    write_request ask_for;
    ask_for.body.changes = {
        {std::move(key), state_operation::put, {}, std::move(json), {}}};
    ask<state_world::written>("written", std::move(ask_for));
  }
  void read(std::string key) {
    ask<state_world::value>("value", read_request{{}, {std::move(key)}});
  }

private:
  template <class Answer, class Request>
  void ask(const char* what, Request request) {
    self_->request(store_, caf::infinite, std::move(request))
        .then(
            [notes = notes_, what](const Answer& it) {
              notes->log.emplace_back(what);
              if constexpr (std::is_same_v<Answer, listed>)
                notes->pages.push_back(it);
            },
            [notes = notes_](const caf::error& why) {
              notes->log.emplace_back(to_string(from_caf(why).code));
            });
  }

  caf::event_based_actor* self_;
  state_store_actor store_;
  std::shared_ptr<asker_notes> notes_;
};

/// Lets a sender of its own send requests; nobody has run yet.
std::shared_ptr<asker_notes> send(state_world& it,
                                  const std::function<void(asker&)>& requests) {
  auto notes = std::make_shared<asker_notes>();
  it.world.keep(it.world.system().spawn(
      [&it, notes, requests](caf::event_based_actor* self) -> caf::behavior {
        asker from{self, it, notes};
        requests(from);
        return {[](int) {
        }};
      }));
  return notes;
}

state_limits small_turns() {
  state_limits limits;
  limits.turn_bytes = 1'500;
  return limits;
}

/// Keys "k0" and on, with the value 0.
void fill(state_world& it, int count) {
  for (int i = 0; i < count; ++i)
    REQUIRE(it.put("k" + std::to_string(i), "0"));
}

/// Lets the store handle what has been sent, and begin the first read.
void run_some(state_world& it, int messages) {
  for (int i = 0; i < messages; ++i)
    REQUIRE(it.world.run_one());
}

} // namespace

TEST_CASE("100 large listings hold up neither a write nor its followers",
          "[state_store]") {
  state_world it;
  fill(it, 1'000);
  const auto heard = std::make_shared<follower_notes>();
  REQUIRE(it.follow(it.follower(heard), {"k500"}));
  const auto notes = send(it, [](asker& from) {
    for (int i = 0; i < 100; ++i)
      from.list();
    from.write("k500", "1");
  });
  while (notes->count("page") < 2)
    REQUIRE(it.world.run_one());
  CHECK(notes->count("written") == 1);
  CHECK(heard->updates.size() == 1);
  it.world.run();
  CHECK(notes->count("page") == 100);
}

TEST_CASE("R6: each listing shows what its sender wrote before it, and nothing "
          "behind it",
          "[state_store]") {
  state_world it{small_turns()};
  fill(it, 30);
  const auto notes = send(it, [](asker& from) {
    for (int i = 1; i <= 50; ++i) {
      from.write("k7", std::to_string(i));
      from.list();
    }
  });
  it.world.run();
  REQUIRE(notes->pages.size() == 50);
  for (std::size_t i = 0; i < 50; ++i) {
    const auto& page = notes->pages[i].body;
    CHECK(page.revision == 31 + i);
    CHECK(page.entries.size() == 30);
    for (const auto& entry : page.entries)
      CHECK(entry.value == (entry.key == "k7" ? std::to_string(i + 1) : "0"));
  }
}

TEST_CASE("M1: listings beyond the bound are overloaded, others are answered",
          "[state_store]") {
  auto limits = small_turns();
  limits.reads = 5;
  state_world it{limits};
  fill(it, 100);
  const auto notes = send(it, [](asker& from) {
    for (int i = 0; i < 12; ++i)
      from.list();
    from.read("k1");
  });
  it.world.run();
  CHECK(notes->count("overloaded") == 7);
  CHECK(notes->count("page") == 5);
  CHECK(notes->count("value") == 1);
  CHECK(it.figures().reads == 0);
}

TEST_CASE("R4: a listing whose deadline passes while it waits gets no page",
          "[state_store]") {
  state_world it{small_turns()};
  fill(it, 100);
  const auto deadline = it.world.now() + 1s;
  const auto notes = send(it, [&](asker& from) {
    protocol::header head;
    head.deadline = deadline;
    from.list(head);
    from.list();
    from.list(head);
  });
  run_some(it, 4);
  CHECK(notes->log.empty());
  it.world.pass(1s);
  it.world.run();
  CHECK(notes->log
        == std::vector<std::string>{"deadline_exceeded", "page",
                                    "deadline_exceeded"});
  CHECK(statistics_of(it.world.system()).count(message_count::expired) == 2);
}

TEST_CASE("R5: a cancel ends listings that wait", "[state_store]") {
  state_world it{small_turns()};
  fill(it, 100);
  protocol::header head;
  head.cancel_scope = {1, 1};
  const auto notes = send(it, [&](asker& from) {
    from.list(head);
    from.list();
    from.list(head);
  });
  run_some(it, 4);
  it.world.tell(it.store, protocol::coordination<protocol::cancel>{
                              {}, {head.cancel_scope, "enough"}});
  CHECK(notes->log
        == std::vector<std::string>{"cancelled", "cancelled", "page"});
}

TEST_CASE("R3: listings that wait are unreachable when the store ends",
          "[state_store]") {
  state_world it{small_turns()};
  fill(it, 100);
  protocol::header keyed;
  keyed.idempotency_key = "once";
  const auto notes = send(it, [&](asker& from) {
    from.list();
    from.list(keyed);
    from.list();
  });
  run_some(it, 4);
  it.world.end(it.store, caf::exit_reason::kill);
  CHECK(notes->log == std::vector<std::string>(3, "unreachable"));
}

TEST_CASE("a store whose mailbox is full takes its turns", "[state_store]") {
  state_world it{small_turns()};
  fill(it, 100);
  const auto notes = send(it, [](asker& from) { from.list(); });
  run_some(it, 1);
  const auto others = send(it, [](asker& from) {
    for (int i = 0; i < 10'001; ++i)
      from.read("k1");
  });
  it.world.run();
  CHECK(notes->count("page") == 1);
  CHECK(others->count("overloaded") == 1);
  CHECK(others->count("value") == 10'000);
}

TEST_CASE("R8: a repeated listing gets the first answer", "[state_store]") {
  state_world it{small_turns()};
  fill(it, 30);
  protocol::header head;
  head.idempotency_key = "once";
  const auto notes = send(it, [&](asker& from) {
    from.list(head);
    from.list(head);
    from.write("k1", "1");
  });
  it.world.run();
  REQUIRE(notes->pages.size() == 2);
  CHECK(notes->pages[0] == notes->pages[1]);
  CHECK(notes->pages[0].head.from.empty());
}

TEST_CASE("a page that shows what an untrusted request wrote is untrusted",
          "[state_store]") {
  state_world it;
  const auto list = [&] {
    return it.world.answer<listed>(it.store, list_request{})->head.content;
  };
  fill(it, 3);
  CHECK(list() == taint::trusted);
  protocol::header head;
  head.content = taint::untrusted;
  REQUIRE(it.write({{"a", state_operation::put, {}, "1", {}}}, head));
  CHECK(list() == taint::untrusted);
}

TEST_CASE("an idle store has no turns", "[state_store]") {
  state_world it{small_turns()};
  fill(it, 30);
  const auto notes = send(it, [](asker& from) { from.list(); });
  it.world.run();
  CHECK(notes->count("page") == 1);
  CHECK_FALSE(it.world.run_one());
}
