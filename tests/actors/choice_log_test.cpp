// What a learned policy tells of its choices, and learns again from it.
#include "feature_bytes.hpp"
#include "support/actors/router_world.hpp"
#include "support/actors/show_result.hpp"
#include "support/catch.hpp"
#include "troupe/actors/model_policy.hpp"

using namespace troupe;
using namespace troupe::actors;
using protocol::money;
using protocol::tier;
using test::model_of;
using test::router_world;

namespace {

constexpr std::size_t small = 0;
constexpr std::size_t big = 1;

struct kept_choices final : choice_log {
  void answered(made_choice choice) override {
    choices.push_back(std::move(choice));
  }
  void judged(protocol::id call, std::uint32_t quality) override {
    for (auto& it : choices)
      if (it.call == call)
        it.quality_permille = quality;
  }
  std::vector<made_choice> choices;
};

struct school {
  explicit school(std::vector<made_choice> history = {},
                  std::uint64_t seed = 1) {
    learned_policy_config config;
    config.models = {model_of("first/small", tier::basic, 1, 5),
                     model_of("second/big", tier::basic, 2, 10)};
    config.seed = seed;
    config.log = log;
    config.history = std::move(history);
    policy = make_learned_policy(std::move(config));
  }

  /// Returns the model that it puts first.
  std::size_t order(std::uint64_t call,
                    const std::string& prompt = "Say hello.") const {
    protocol::header head;
    head.message = head.conversation = {7, call};
    auto body = router_world::call().body;
    body.messages = {
        {protocol::chat_role::user, {protocol::text_part{prompt}}}};
    model_need need;
    need.prompt_tokens = 1'000;
    need.output_tokens = 1'000;
    std::vector<std::size_t> chosen{small, big};
    policy->order(chosen, head, body, need);
    return chosen.front();
  }

  /// How many of a hundred calls go to the big one; answers nothing.
  [[nodiscard]] int big_ones() const {
    int count = 0;
    for (std::uint64_t i = 1; i <= 100; ++i)
      count += order(1'000'000 + i) == big ? 1 : 0;
    return count;
  }

  void teach(std::uint64_t calls) const {
    for (std::uint64_t i = 1; i <= calls; ++i) {
      const auto model = order(i);
      policy->answered({7, i}, model, {model == small ? 6'000 : 12'000});
      policy->judge({7, i}, model == big ? 1'000 : 100);
    }
  }

  std::shared_ptr<kept_choices> log = std::make_shared<kept_choices>();
  std::shared_ptr<model_policy> policy;
};

} // namespace

TEST_CASE("a log is told what was offered, what answered and how good it was",
          "[choice_log]") {
  const school it;
  const auto first = it.order(1, "Translate this into French: good day");
  CHECK(it.log->choices.empty()); // nobody has answered yet
  const auto other = first == small ? big : small;
  it.policy->answered({7, 1}, other, {123}); // the first one had failed
  it.policy->answered({7, 1}, other, {5});   // goes on where it was cut
  REQUIRE(it.log->choices.size() == 1);
  const auto& told = it.log->choices[0];
  CHECK(told.call == protocol::id{7, 1});
  CHECK(told.type == task_type::translation);
  CHECK(told.cost == money{123});
  CHECK_FALSE(told.quality_permille);
  REQUIRE(told.offered.size() == 2);
  CHECK(told.offered[1].model == told.model);
  std::uint32_t whole = 0;
  for (const auto& offer : told.offered) {
    CHECK(offer.listed
          == money{offer.model == "first/small" ? 6'000'000 : 12'000'000});
    CHECK(offer.expected > money{});
    CHECK(offer.quality_permille > 0);
    CHECK(offer.propensity_ppm > 0);
    whole += offer.propensity_ppm;
  }
  CHECK(whole >= 999'990);
  CHECK(whole <= 1'000'010);
  it.policy->judge({7, 1}, 640);
  CHECK(it.log->choices[0].quality_permille == 640U);
}

TEST_CASE("what was judged in a former life is known in the next",
          "[choice_log]") {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    CAPTURE(seed);
    const school before{{}, seed};
    before.teach(300);
    const school fresh{{}, seed + 100};
    const school after{before.log->choices, seed + 100};
    CHECK(after.big_ones() > 90);
    CHECK(after.big_ones() > fresh.big_ones());
  }
}

TEST_CASE("records that cannot be learned from change nothing",
          "[choice_log]") {
  const school before;
  before.teach(300);
  auto bad = before.log->choices;
  for (std::size_t i = 0; i < bad.size(); ++i)
    switch (i % 4) {
    case 0:
      bad[i].model = "gone/away";
      break;
    case 1:
      bad[i].features += "?";
      break;
    case 2:
      bad[i].quality_permille.reset();
      break;
    default:
      bad[i].features.clear();
    }
  const school fresh{{}, 9};
  const school after{bad, 9};
  for (std::uint64_t call = 1; call <= 200; ++call)
    CHECK(after.order(call) == fresh.order(call));
}

TEST_CASE("features are read as they were written", "[choice_log]") {
  std::string text = "A word, a word and 17 numbers; ";
  for (int i = 0; i < 300; ++i)
    text += "w" + std::to_string(i) + " a ";
  for (const auto& each : {std::string{}, std::string{"?"}, text}) {
    const auto features = features_of(each, 3);
    const auto bytes = bytes_of(features);
    CHECK(bytes.size() == 16 + 3 * features.words.size());
    const auto again = features_from(bytes, 3);
    REQUIRE(again);
    CHECK(again->type == 3);
    REQUIRE(again->words.size() == features.words.size());
    for (std::size_t i = 0; i < features.words.size(); ++i) {
      CHECK(again->words[i].bucket == features.words[i].bucket);
      CHECK(again->words[i].weight >= 1);
      CHECK(again->words[i].weight <= features.words[i].weight + 0.001F);
    }
    CHECK(bytes_of(*again) == bytes);
  }
}

TEST_CASE("bytes that are no features are refused", "[choice_log]") {
  const auto good = bytes_of(features_of("two words", 0));
  REQUIRE(features_from(good, 0));
  const auto with = [&](std::size_t at, char byte) {
    auto bytes = good;
    bytes.at(at) = byte;
    return bytes;
  };
  CHECK_FALSE(features_from("", 0));
  CHECK_FALSE(features_from(good.substr(0, 15), 0));
  CHECK_FALSE(features_from(good.substr(0, good.size() - 1), 0));
  CHECK_FALSE(features_from(good + good.substr(16, 3), 0)); // not in order
  CHECK_FALSE(features_from(with(3, '\x7F'), 0));           // not a size
  CHECK_FALSE(features_from(with(3, '\xC0'), 0));           // a negative one
  CHECK_FALSE(features_from(with(17, '\xFF'), 0));          // no such bucket
  CHECK_FALSE(features_from(with(18, '\0'), 0));            // no time at all
  CHECK_FALSE(features_from(std::string(16 + 3 * 385, '\1'), 0));
}
