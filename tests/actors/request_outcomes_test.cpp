#include "requests.hpp"
#include "support/actors/counter.hpp"
#include "support/actors/show_result.hpp"
#include "support/protocol/random_source.hpp"
#include "support/virtual_time.hpp"

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::actors;
using test::counted;

namespace {

using perform = protocol::request<protocol::perform_task>;
using performed = protocol::response<protocol::task_result>;

struct go_ask {
  test::counter_actor whom;
  perform message;
  std::chrono::milliseconds patience;
};

using asker_actor =
    caf::typed_actor<caf::reacts_to<go_ask>, caf::reacts_to<deadline_tick>>;

/// Asks whom it is told to ask, and notes each outcome.
class asker : public actor_base<asker_actor> {
public:
  asker(caf::actor_config& cfg, const wall_clock& clock,
        std::shared_ptr<std::vector<int>> outcomes)
      : actor_base(cfg, clock), outcomes_(std::move(outcomes)) {}

  behavior_type make_behavior() override {
    return {
        [this](const go_ask& it) {
          const auto number = outcomes_->size();
          outcomes_->push_back(0);
          request_until<performed>(
              this, table_, clock().now() + it.patience, it.whom,
              [this, number](const protocol::result<performed>&) {
                ++(*outcomes_)[number];
              },
              it.message);
        },
        [this](const deadline_tick& tick) { table_.on_tick(this, tick); },
    };
  }

private:
  std::shared_ptr<std::vector<int>> outcomes_;
  deadline_table table_;
};

std::uint64_t outcomes_in(const protocol::message_counts& counts) {
  return counts.answered + counts.failed + counts.timed_out + counts.cancelled
         + counts.unreachable;
}

} // namespace

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(go_ask)

namespace {

/// Askers and receivers that do everything a receiver may do.
struct chaos {
  chaos() {
    limits.messages_max = 3;
    asking = world.keep(caf::actor_cast<asker_actor>(
        world.system().spawn<asker>(world.clock(), outcomes)));
    for (auto& it : receivers)
      start(it);
  }

  // A held promise holds its actor, which holds the log.
  ~chaos() {
    for (auto& it : receivers)
      it.log->held.clear();
  }
  chaos(const chaos&) = delete;
  chaos& operator=(const chaos&) = delete;

  struct receiver {
    std::shared_ptr<counted> log = std::make_shared<counted>();
    test::counter_actor who;
  };

  void start(receiver& it) {
    it.log->held.clear();
    it.who = world.keep(caf::actor_cast<test::counter_actor>(
        world.system().spawn<test::counter>(world.clock(), limits, it.log)));
  }

  /// What it holds is left unanswered.
  void crash(receiver& it) { world.end(it.who, caf::exit_reason::kill); }

  void step() {
    auto& it = receivers[random.below(receivers.size())];
    switch (random.below(16)) {
    case 0:
      it.log->holds = random.coin();
      break;
    case 1:
      it.log->fails = random.coin();
      it.log->failure.code = random.coin() ? protocol::errc::cancelled
                                           : protocol::errc::agent_failed;
      break;
    case 2: // answers that may be late
      caf::anon_send(it.who, protocol::notification<protocol::model_delta>{
                                 {}, {"answer late"}});
      break;
    case 3:
      world.advance(std::chrono::milliseconds{random.below(400)});
      break;
    case 4:
      if (random.below(8) == 0)
        crash(it);
      else if (random.below(4) == 0)
        start(it);
      break;
    default:
      caf::anon_send(asking,
                     go_ask{it.who, {}, std::chrono::milliseconds{300}});
    }
  }

  static constexpr std::uint64_t seed = 1'001;
  protocol::test::random_source random{seed};
  test::virtual_time world;
  mailbox_limits limits;
  std::shared_ptr<std::vector<int>> outcomes =
      std::make_shared<std::vector<int>>();
  asker_actor asking;
  std::vector<receiver> receivers{6};
};

} // namespace

TEST_CASE("R1: every request ends in exactly one outcome, and all are counted",
          "[request_outcomes]") {
  chaos it;
  INFO("seed " << chaos::seed);
  for (int i = 0; i < 3'000; ++i)
    it.step();
  it.world.advance(2s);
  for (const auto times : *it.outcomes)
    REQUIRE(times == 1);
  const auto counts = statistics_of(it.world.system()).counts();
  CHECK(counts.requests == it.outcomes->size());
  CHECK(outcomes_in(counts) == it.outcomes->size());
  for (const auto reached : {counts.answered, counts.failed, counts.timed_out,
                             counts.cancelled, counts.unreachable, counts.late})
    CHECK(reached > 0);
}

TEST_CASE("R2: an answer that comes after its time-out is dropped and counted",
          "[request_outcomes]") {
  test::virtual_time world;
  auto outcomes = std::make_shared<std::vector<int>>();
  auto log = std::make_shared<counted>();
  log->holds = true;
  auto who = world.keep(
      caf::actor_cast<test::counter_actor>(world.system().spawn<test::counter>(
          world.clock(), mailbox_limits{}, log)));
  auto asking = world.keep(caf::actor_cast<asker_actor>(
      world.system().spawn<asker>(world.clock(), outcomes)));
  world.tell(asking, go_ask{who, {}, 100ms});
  world.advance(1s);
  auto& statistics = statistics_of(world.system());
  CHECK(statistics.count(message_count::timed_out) == 1);
  log->holds = false;
  world.tell(asking, go_ask{who, {}, 100ms}); // another one is under way
  world.tell(
      who, protocol::notification<protocol::model_delta>{{}, {"answer late"}});
  CHECK(statistics.count(message_count::late) == 1);
  CHECK(statistics.count(message_count::answered) == 1);
  CHECK(*outcomes == std::vector<int>{1, 1});
}

TEST_CASE("requests that are open when their sender ends count as cancelled",
          "[request_outcomes]") {
  test::virtual_time world;
  auto outcomes = std::make_shared<std::vector<int>>();
  auto log = std::make_shared<counted>();
  log->holds = true;
  auto who = world.keep(
      caf::actor_cast<test::counter_actor>(world.system().spawn<test::counter>(
          world.clock(), mailbox_limits{}, log)));
  {
    auto asking = caf::actor_cast<asker_actor>(
        world.system().spawn<asker>(world.clock(), outcomes));
    world.tell(asking, go_ask{who, {}, 100ms});
    world.end(asking);
  }
  log->held.clear();
  world.advance(2s);
  const auto counts = statistics_of(world.system()).counts();
  CHECK(outcomes_in(counts) == counts.requests);
}
