// Histories of many calls by seed: models that answer, refuse, fail or are
// slow, judges that say anything, cancels at any time, little money.
#include "support/actors/cascade_world.hpp"
#include "support/actors/show_result.hpp"

#include <random>

using namespace std::chrono_literals;
using namespace troupe;
using protocol::errc;
using protocol::fail;
using protocol::shortage_step;
using test::cascade_world;
using test::provider_spy;

namespace {

using outcome = std::optional<protocol::result<protocol::model_reply>>;

/// What becomes of calls; the seed decides.
class chance {
public:
  explicit chance(std::uint64_t seed) : random_(seed) {}

  std::uint64_t below(std::uint64_t end) { return random_() % end; }

  outcome operator()(const provider_spy::ask& msg) {
    if (actors::is_judge_call(msg.body) && below(4) != 0)
      return reply(std::to_string(below(120)));
    switch (below(8)) {
    case 0:
      return std::nullopt; // held
    case 1:
      return outcome{fail(errc::provider_unavailable, "as told")};
    case 2:
      return outcome{fail(errc::content_refused, "as told")};
    case 3:
      return reply("");
    default:
      return reply("answer");
    }
  }

private:
  outcome reply(std::string text) {
    return outcome{test::reply_of(std::move(text), below(50), below(50))};
  }

  std::mt19937_64 random_;
};

struct history {
  explicit history(std::uint64_t seed) : dice(seed) {
    for (auto& provider : it.providers)
      provider->script = [this](const auto& msg) {
        return dice(msg);
      };
    if (dice.below(2) == 0)
      it.open_account({static_cast<std::int64_t>(dice.below(100'000'000))});
  }

  void ask() {
    auto call = it.call();
    call.head.deadline = it.world.now() + 1s * (1 + dice.below(20));
    call.body.level = static_cast<protocol::tier>(dice.below(3));
    call.body.stream = dice.below(2) == 0;
    if (dice.below(2) == 0)
      call.body.on_shortage = {shortage_step::cheaper};
    call.body.terms.cascade->check =
        static_cast<protocol::answer_check>(dice.below(2));
    calls.push_back(call);
    asked.push_back(it.ask(call));
  }

  void take_step() {
    switch (dice.below(4)) {
    case 0:
      it.world.advance(1s * dice.below(4));
      return;
    case 1:
      if (!calls.empty())
        it.cancel(calls[dice.below(calls.size())].head.cancel_scope);
      return;
    default:
      ask();
    }
  }

  cascade_world it;
  chance dice;
  std::vector<protocol::request<protocol::model_call>> calls;
  std::vector<cascade_world::asked_reply> asked;
};

} // namespace

TEST_CASE("each call of any history has one answer, nothing stays open, and "
          "what replies cost was spent",
          "[cascade]") {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    INFO("seed " << seed);
    history all{seed};
    for (int i = 0; i < 40; ++i)
      all.take_step();
    all.it.world.advance(70s);
    protocol::money told;
    for (const auto& one : all.asked) {
      REQUIRE(one->answers == 1);
      if (!*one->outcome)
        continue;
      const auto& reply = (**one->outcome).body;
      told += reply.cost;
      CHECK(reply.escalations <= 2);
      std::string pieces;
      for (const auto& it : one->deltas)
        pieces += it.body.text;
      CHECK((pieces.empty() || pieces == text_of(reply.content)));
    }
    CHECK(all.it.account().open_reservations == 0);
    CHECK(told <= all.it.account().spent);
  }
}

TEST_CASE("when no call fails, replies cost what was spent, to the nano-dollar",
          "[cascade]") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    INFO("seed " << seed);
    chance dice{seed};
    cascade_world it;
    for (auto& provider : it.providers)
      provider->script = [&](const provider_spy::ask&) {
        return outcome{test::reply_of(std::to_string(dice.below(101)),
                                      dice.below(50), dice.below(50))};
      };
    protocol::money told;
    for (int i = 0; i < 30; ++i) {
      const auto asked = it.ask(it.call());
      told += (**asked->outcome).body.cost;
    }
    CHECK(told == it.account().spent);
  }
}
