// An answer cache whose answers outlive it.
#include "support/actors/show_result.hpp"
#include "support/actors/spy.hpp"
#include "troupe/actors/answer_cache.hpp"
#include "troupe/actors/system_config.hpp"

#include <caf/all.hpp>

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using protocol::fail;

namespace {

constexpr auto patience = 30s; // for what comes at once

/// A store in memory, which does as it is told.
class shelf final : public answer_store {
public:
  protocol::result<std::optional<kept_answer>>
  find(const answer_key& key, protocol::instant now) override {
    std::unique_lock lock{mutex};
    ++finds;
    changed.wait(lock, [&] { return !is_stopped; });
    if (is_broken)
      return fail(errc::internal, "no such block");
    const auto found = answers.find(key.bytes);
    if (found == answers.end() || found->second.until <= now)
      return std::nullopt;
    return found->second;
  }

  protocol::result<void> put(const answer_key& key, const kept_answer& what,
                             protocol::instant) override {
    const std::lock_guard lock{mutex};
    changed.notify_all();
    ++puts;
    if (is_broken)
      return fail(errc::internal, "no room");
    answers.insert_or_assign(key.bytes, what);
    return {};
  }

  void stop(bool stops) {
    const std::lock_guard lock{mutex};
    is_stopped = stops;
    changed.notify_all();
  }

  void wait_for_puts(int count) {
    std::unique_lock lock{mutex};
    REQUIRE(changed.wait_for(lock, patience, [&] { return puts >= count; }));
  }

  std::mutex mutex;
  std::condition_variable changed;
  std::map<std::string, kept_answer> answers;
  int finds = 0;
  int puts = 0;
  bool is_broken = false;
  bool is_stopped = false;
};

/// One life of a cache, on real threads: its store has one of its own.
struct office {
  using reply = protocol::response<protocol::model_reply>;
  using call = protocol::request<protocol::model_call>;

  explicit office(std::shared_ptr<shelf> on, answer_limits limits = {})
      : store(std::move(on)) {
    answer_cache_config with;
    with.router = router;
    with.limits = limits;
    with.store = store;
    with.clock = clock;
    cache = spawn_answer_cache(system, std::move(with));
  }
  ~office() {
    store->stop(false);
    self->send_exit(cache, caf::exit_reason::user_shutdown);
    self->send_exit(router, caf::exit_reason::user_shutdown);
  }

  protocol::result<protocol::model_reply> ask(const std::string& say) {
    call it;
    it.head.message = {1, ++asked};
    it.body.account = "t/m";
    it.body.messages = {
        {protocol::chat_role::user, {protocol::text_part{say}}}};
    protocol::result<protocol::model_reply> out = fail(errc::internal, "none");
    self->request(cache, patience, std::move(it))
        .receive([&](reply& answer) { out = std::move(answer.body); },
                 [&](const caf::error& why) { out = from_caf(why); });
    return out;
  }

  std::shared_ptr<shelf> store;
  std::uint64_t asked = 0;
  std::shared_ptr<std::atomic<int>> made =
      std::make_shared<std::atomic<int>>(0);
  system_config config{2};
  caf::actor_system system{config};
  wall_clock clock = make_wall_clock(system);
  router_actor router = system.spawn(
      [made = made](router_actor::pointer) -> router_actor::behavior_type {
        return {[made](const call& msg) {
                  auto it = test::reply_of("answer " + std::to_string(++*made));
                  it.cost.nano_usd = 5;
                  return reply{answer_to(msg.head, {9, 9}), std::move(it)};
                },
                [](const protocol::coordination<protocol::cancel>&) {},
                [](const protocol::request<protocol::judge_answer>&) {
                  return protocol::response<protocol::answer_judged>{};
                },
                [](const protocol::notification<protocol::model_delta>&) {
                }};
      });
  router_actor cache;
  caf::scoped_actor self{system};
};

std::string text_of(const protocol::result<protocol::model_reply>& reply) {
  REQUIRE(reply);
  return protocol::text_of(reply->content);
}

} // namespace

TEST_CASE("a new cache finds what an older one has kept in the store",
          "[answer_store]") {
  const auto store = std::make_shared<shelf>();
  {
    office it{store};
    CHECK(text_of(it.ask("hello")) == "answer 1");
    store->wait_for_puts(1);
  }
  office it{store};
  const auto again = it.ask("hello");
  CHECK(text_of(again) == "answer 1");
  CHECK(again->cost == protocol::money{});
  CHECK(again->attempts == 0);
  CHECK(*it.made == 0);
  CHECK(text_of(it.ask("hello")) == "answer 1");
  CHECK(store->finds == 2); // the second time it came from memory
}

TEST_CASE("what the rules do not allow any more is not taken from the store",
          "[answer_store]") {
  const auto store = std::make_shared<shelf>();
  {
    office it{store};
    (void)it.ask("hello");
    store->wait_for_puts(1);
  }
  for (auto& [key, it] : store->answers)
    it.reply.content.emplace_back(protocol::tool_call{"1", "rm", "{}"});
  office it{store};
  CHECK(text_of(it.ask("hello")) == "answer 1");
  CHECK(*it.made == 1);
}

TEST_CASE("a store that fails, fails no call and is left alone after some",
          "[answer_store]") {
  const auto store = std::make_shared<shelf>();
  store->is_broken = true;
  office it{store};
  for (int i = 1; i <= 10; ++i)
    CHECK(text_of(it.ask(std::to_string(i))) == "answer " + std::to_string(i));
  CHECK(store->finds <= 3);
  CHECK(text_of(it.ask("1")) == "answer 1"); // memory works
}

TEST_CASE("a store that hangs delays a call, but does not stop it",
          "[answer_store]") {
  const auto store = std::make_shared<shelf>();
  store->is_stopped = true;
  office it{store};
  CHECK(text_of(it.ask("hello")) == "answer 1");
  CHECK(text_of(it.ask("hello")) == "answer 1");
}
