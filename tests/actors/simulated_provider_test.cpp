#include "support/catch.hpp"
#include "troupe/actors/simulated_provider.hpp"
#include "troupe/actors/system_config.hpp"

#include <caf/all.hpp>
#include <caf/scheduler/test_coordinator.hpp>

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::actors;
using protocol::errc;

namespace {

using call_request = protocol::request<protocol::model_call>;
using call_response = protocol::response<protocol::model_reply>;
using delta = protocol::notification<protocol::model_delta>;
using cancel = protocol::coordination<protocol::cancel>;

const protocol::instant noon{std::chrono::hours{500'000}};

const std::string story =
    "The harbour of Velm was closed for nine days after the storm. Nobody was "
    "hurt, and the fishing boats were safe. Engineers found that the northern "
    "sea wall had moved by forty centimetres. The council will pay for a new "
    "sea wall from the harbour fees of the next three years.";

struct testing_config : system_config {
  testing_config() : system_config(1) {
    set("scheduler.policy", caf::atom("testing"));
  }
};

/// A provider on one thread, and a clock that moves only by `advance`.
class world {
public:
  explicit world(simulated_provider_config config) {
    sched_.clock().current_time += std::chrono::hours{1}; // 0 means "unset"
    config.clock = {noon, sched_.clock().now()};
    provider_ = spawn_simulated_provider(sys_, std::move(config));
    sched_.run();
  }

  ~world() {
    end();
    sched_.advance_time(1s); // a pending timer keeps its actor alive
    sched_.run();
  }

  void end() {
    caf::anon_send_exit(provider_, caf::exit_reason::user_shutdown);
    sched_.run();
  }

  auto ask(const call_request& request) {
    auto asked = self_->request(provider_, caf::infinite, request);
    sched_.run();
    return asked;
  }

  void tell(const cancel& message) {
    self_->send(provider_, message);
    sched_.run();
  }

  void advance(caf::timespan by) {
    sched_.advance_time(by);
    sched_.run();
  }

  /// Moves in steps, as a real clock would wake the actor.
  template <class Asked>
  protocol::result<call_response> wait(Asked& asked) {
    for (int i = 0; i < 200 && self_->mailbox().empty(); ++i)
      advance(250ms);
    return receive(asked);
  }

  template <class Asked>
  protocol::result<call_response> receive(Asked& asked) {
    protocol::result<call_response> out = protocol::fail(errc::internal, "");
    asked.receive([&](call_response& reply) { out = std::move(reply); },
                  [&](caf::error& error) { out = from_caf(error); });
    return out;
  }

  bool has_mail() { return !self_->mailbox().empty(); }

  /// The pieces that have come so far.
  std::vector<delta> take_deltas() {
    std::vector<delta> out;
    bool is_more = true;
    while (is_more)
      self_->receive([&](const delta& piece) { out.push_back(piece); },
                     caf::after(1ms) >> [&] { is_more = false; });
    return out;
  }

private:
  testing_config cfg_;
  caf::actor_system sys_{cfg_};
  caf::scheduler::test_coordinator& sched_ =
      dynamic_cast<caf::scheduler::test_coordinator&>(sys_.scheduler());
  caf::scoped_actor self_{sys_};
  provider_actor provider_;
};

simulated_provider_config fixed(std::chrono::microseconds latency) {
  simulated_provider_config out;
  out.fixed_latency = latency;
  return out;
}

call_request asking(const std::string& text, bool stream = false) {
  call_request out;
  out.head.message = {7, 7};
  out.body.messages = {
      {protocol::chat_role::user, {protocol::text_part{text}}}};
  out.body.stream = stream;
  return out;
}

} // namespace

TEST_CASE("an answer comes when its latency has passed", "[simulated]") {
  world w{fixed(50ms)};
  auto asked = w.ask(asking("Sum up.\n\n" + story));
  w.advance(49ms);
  CHECK_FALSE(w.has_mail());
  w.advance(1ms);
  REQUIRE(w.has_mail());
  const auto reply = w.receive(asked);
  REQUIRE(reply.has_value());
  CHECK(reply->body.simulated);
  CHECK(reply->head.correlation == protocol::id{7, 7});
}

TEST_CASE("latencies longer than the longest sleep are kept", "[simulated]") {
  world w{fixed(1300ms)};
  auto asked = w.ask(asking("ping"));
  w.advance(500ms);
  w.advance(500ms);
  w.advance(299ms);
  CHECK_FALSE(w.has_mail());
  w.advance(1ms);
  CHECK(w.receive(asked).has_value());
}

TEST_CASE("a later call with an earlier end does not wait", "[simulated]") {
  simulated_provider_config config;
  config.profiles[0].first_token_median = 400ms;
  config.profiles[0].first_token_p90 = 400ms;
  config.profiles[2].first_token_median = 10ms;
  config.profiles[2].first_token_p90 = 10ms;
  for (auto& profile : config.profiles)
    profile.token_median = profile.token_p90 = 0ms;
  world w{config};
  auto slow = asking("ping");
  slow.body.model = "basic";
  auto quick = asking("pong");
  quick.body.model = "expert";
  auto first = w.ask(slow);
  auto second = w.ask(quick);
  w.advance(10ms);
  CHECK(w.receive(second)->body.model == "expert");
  w.advance(389ms);
  CHECK_FALSE(w.has_mail());
  w.advance(1ms);
  CHECK(w.receive(first)->body.model == "basic");
}

TEST_CASE("without latency the answer is there at once", "[simulated]") {
  simulated_provider_config config;
  config.latency_scale_permille = 0;
  world w{config};
  auto asked = w.ask(asking("ping"));
  REQUIRE(w.has_mail());
  CHECK(protocol::text_of(w.receive(asked)->body.content) == "ping");
}

TEST_CASE("a streamed answer comes in pieces first", "[simulated]") {
  world w{fixed(100ms)};
  auto asked = w.ask(asking("Sum up.\n\n" + story, true));
  w.advance(75ms);
  const auto early = w.take_deltas();
  CHECK_FALSE(early.empty());
  w.advance(25ms);
  auto pieces = w.take_deltas();
  pieces.insert(pieces.begin(), early.begin(), early.end());
  const auto reply = w.receive(asked);
  REQUIRE(reply.has_value());
  CHECK(pieces.size() <= 8);
  std::string joined;
  for (const auto& piece : pieces) {
    CHECK(piece.head.correlation == protocol::id{7, 7});
    joined += piece.body.text;
  }
  CHECK(joined == protocol::text_of(reply->body.content));
}

TEST_CASE("a call ends at its deadline", "[simulated]") {
  world w{fixed(10s)};
  auto request = asking("ping");
  request.head.deadline = noon + 200ms;
  auto asked = w.ask(request);
  w.advance(200ms);
  REQUIRE(w.has_mail());
  CHECK(w.receive(asked).error().code == errc::deadline_exceeded);
  request.head.deadline = noon + 100ms; // has passed
  auto late = w.ask(request);
  REQUIRE(w.has_mail());
  CHECK(w.receive(late).error().code == errc::deadline_exceeded);
}

TEST_CASE("a cancelled call answers at once, others go on", "[simulated]") {
  world w{fixed(100ms)};
  auto request = asking("ping");
  request.head.cancel_scope = {1, 2};
  auto cancelled = w.ask(request);
  request.head.cancel_scope = {1, 3};
  auto kept = w.ask(request);
  w.tell({{}, {{1, 2}, "not needed"}});
  w.tell({{}, {{1, 2}, "not needed"}});
  w.tell({{}, {{9, 9}, "unknown"}});
  REQUIRE(w.has_mail());
  const auto reply = w.receive(cancelled);
  CHECK(reply.error() == protocol::fail(errc::cancelled, "not needed"));
  CHECK_FALSE(w.has_mail());
  w.advance(100ms);
  CHECK(w.receive(kept).has_value());
}

TEST_CASE("calls above the bound are turned away", "[simulated]") {
  auto config = fixed(100ms);
  config.calls_max = 2;
  world w{config};
  auto first = w.ask(asking("ping"));
  auto second = w.ask(asking("ping"));
  auto third = w.ask(asking("ping"));
  REQUIRE(w.has_mail());
  CHECK(w.receive(third).error().code == errc::overloaded);
  w.advance(100ms);
  CHECK(w.receive(first).has_value());
  CHECK(w.receive(second).has_value());
  auto fourth = w.ask(asking("ping"));
  CHECK_FALSE(w.has_mail());
  CHECK(w.wait(fourth).has_value());
}

TEST_CASE("a provider that ends answers what is open", "[simulated]") {
  world w{fixed(100ms)};
  auto first = w.ask(asking("ping"));
  auto second = w.ask(asking("pong"));
  w.end();
  CHECK(w.receive(first).error().code == errc::unreachable);
  CHECK(w.receive(second).error().code == errc::unreachable);
}

TEST_CASE("failures of the profile reach the caller, pieces first",
          "[simulated]") {
  auto config = fixed(100ms);
  config.profiles[0].truncated_permille = 1000;
  world w{config};
  auto asked = w.ask(asking("Sum up.\n\n" + story, true));
  w.advance(100ms);
  CHECK_FALSE(w.take_deltas().empty());
  CHECK(w.receive(asked).error()
        == protocol::fail(errc::stream_truncated, "simulated"));
}

TEST_CASE("the order of calls changes no answer", "[simulated]") {
  std::map<std::string, protocol::model_reply> answers;
  for (const bool is_reversed : {false, true}) {
    world w{{}};
    for (int i = 0; i < 10; ++i) {
      const auto at = is_reversed ? 9 - i : i;
      const auto text = "Sum up part " + std::to_string(at) + ".\n\n" + story;
      auto asked = w.ask(asking(text));
      const auto reply = w.wait(asked);
      REQUIRE(reply.has_value());
      const auto [place, is_new] = answers.emplace(text, reply->body);
      CHECK(place->second == reply->body);
      CHECK(is_new == !is_reversed);
    }
  }
}
