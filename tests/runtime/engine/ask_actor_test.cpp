#include "engine/ask_actor.hpp"
#include "troupe/actors/system_config.hpp"

using namespace troupe;
using actors::message_count;
using protocol::errc;

namespace {

using echo_actor = caf::typed_actor<caf::replies_to<int>::with<int>>;

using echo_promise = caf::typed_response_promise<int>;

/// Answers what is odd; what is even stays open. Ends in both cases.
class dying_echo : public echo_actor::base {
public:
  dying_echo(caf::actor_config& cfg, std::shared_ptr<echo_promise> open)
      : echo_actor::base(cfg), open_(std::move(open)) {}

  behavior_type make_behavior() override {
    return {[this](int x) -> caf::result<int> {
      quit();
      if (x % 2 != 0)
        return x;
      *open_ = make_response_promise<int>();
      return *open_;
    }};
  }

private:
  std::shared_ptr<echo_promise> open_;
};

struct host {
  actors::system_config config;
  caf::actor_system system{config};
  /// Outlives the actor, which it refers to.
  std::shared_ptr<echo_promise> open = std::make_shared<echo_promise>();

  host() = default;
  host(const host&) = delete;
  host& operator=(const host&) = delete;
  ~host() { *open = {}; }

  echo_actor spawn() {
    return caf::actor_cast<echo_actor>(system.spawn<dying_echo>(open));
  }
  std::uint64_t count(message_count which) const {
    return config.statistics->count(which);
  }
};

} // namespace

TEST_CASE("R3: a thread learns at once that whom it asked has ended",
          "[ask_actor]") {
  host it;
  const auto outcome =
      ask_for<int>(it.system, it.spawn(), "the echo has ended", 2);
  REQUIRE_FALSE(outcome.has_value());
  CHECK(outcome.error().code == errc::unreachable);
  CHECK(outcome.error().detail == "the echo has ended");
  CHECK(it.count(message_count::requests) == 1);
  CHECK(it.count(message_count::unreachable) == 1);
}

TEST_CASE("R3: an answer counts even if its sender ends behind it",
          "[ask_actor]") {
  host it;
  const auto outcome = ask_for<int>(it.system, it.spawn(), "gone", 3);
  REQUIRE(outcome.has_value());
  CHECK(*outcome == 3);
  CHECK(it.count(message_count::answered) == 1);
}

TEST_CASE("R3: a thread that asks one who has ended before learns it at once",
          "[ask_actor]") {
  host it;
  const auto echo = it.spawn();
  REQUIRE(ask_for<int>(it.system, echo, "gone", 1).has_value());
  const auto outcome = ask_for<int>(it.system, echo, "gone", 1);
  REQUIRE_FALSE(outcome.has_value());
  CHECK(outcome.error().code == errc::unreachable);
}
