#include "cascade_rules.hpp"
#include "support/actors/spy.hpp"
#include "support/catch.hpp"

#include <troupe/protocol/result.hpp>

#include <array>
#include <random>

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::actors;
using protocol::answer_check;
using protocol::errc;
using protocol::fail;
using protocol::model_call;
using protocol::model_reply;
using protocol::shortage_step;
using protocol::stop_reason;
using protocol::tier;

namespace {

using step = cascade_step;

const tier_table all_tiers{
    {test::model_of("cheap/model", tier::basic, 1, 1),
     test::model_of("middle/model", tier::advanced, 10, 10),
     test::model_of("dear/model", tier::expert, 100, 100)}};

model_call planned(tier level = tier::expert,
                   answer_check check = answer_check::judged) {
  model_call call;
  call.level = level;
  call.terms.cascade = protocol::cascade_plan{};
  call.terms.cascade->check = check;
  return call;
}

model_reply by(const std::string& model, std::string text = "hello") {
  auto reply = test::reply_of(std::move(text));
  reply.model = model;
  reply.cost.nano_usd = 100;
  return reply;
}

model_reply calling(const std::string& tool, const std::string& arguments) {
  model_reply reply;
  reply.stop = stop_reason::tool_use;
  reply.content = {protocol::tool_call{"1", tool, arguments}};
  return reply;
}

} // namespace

TEST_CASE("a call begins at the lowest tier of its plan that has a model",
          "[cascade_rules]") {
  auto call = planned();
  CHECK(first_tier(call, all_tiers) == tier::basic);
  call.terms.cascade->from = tier::advanced;
  CHECK(first_tier(call, all_tiers) == tier::advanced);
  auto hidden = test::model_of("cheap/model", tier::basic, 1, 1);
  hidden.pinned_only = true;
  const tier_table no_basic{
      {hidden, test::model_of("middle/model", tier::advanced, 1, 1)}};
  CHECK(first_tier(planned(), no_basic) == tier::advanced);
}

TEST_CASE("a call without a lower tier to begin at is asked at once",
          "[cascade_rules]") {
  CHECK_FALSE(first_tier(planned(tier::basic), all_tiers));
  CHECK_FALSE(first_tier(planned(), tier_table{{}}));
  const tier_table experts{{test::model_of("dear/model", tier::expert, 1, 1)}};
  CHECK_FALSE(first_tier(planned(), experts));
  auto pinned = planned();
  pinned.model = "dear/model";
  CHECK_FALSE(first_tier(pinned, all_tiers));
  auto plain = planned();
  plain.terms.cascade.reset();
  CHECK_FALSE(first_tier(plain, all_tiers));
  auto same = planned(tier::advanced);
  same.terms.cascade->from = tier::expert;
  CHECK_FALSE(first_tier(same, all_tiers));
}

TEST_CASE("an answer that is refused, cut or empty has no good form",
          "[cascade_rules]") {
  const auto call = planned();
  auto reply = test::reply_of("hello");
  CHECK(has_good_form(call, reply));
  reply.stop = stop_reason::length;
  CHECK_FALSE(has_good_form(call, reply));
  reply.stop = stop_reason::refusal;
  CHECK_FALSE(has_good_form(call, reply));
  CHECK_FALSE(has_good_form(call, test::reply_of("")));
  CHECK_FALSE(has_good_form(call, test::reply_of(" \n\t")));
  CHECK_FALSE(has_good_form(call, model_reply{}));
  reply.stop = stop_reason::tool_use; // with a text, but no call
  CHECK_FALSE(has_good_form(call, reply));
}

TEST_CASE("calls of tools have a good form when they can be made",
          "[cascade_rules]") {
  auto call = planned();
  call.tools = {{"search", "", "{}"}};
  CHECK(has_good_form(call, calling("search", R"({"for": "tides"})")));
  CHECK(has_good_form(call, calling("search", "")));
  for (const auto* bad : {"[1]", "1", "{", "null", "{\"a\": 1} {", "{'a': 1}"})
    CHECK_FALSE(has_good_form(call, calling("search", bad)));
  CHECK_FALSE(has_good_form(call, calling("delete", "{}")));
  CHECK_FALSE(has_good_form(call, calling("", "{}")));
  const auto deep = std::string(100'000, '[');
  CHECK_FALSE(has_good_form(call, calling("search", "{\"a\":" + deep)));
  auto two = calling("search", "{}");
  two.content.emplace_back(protocol::tool_call{"2", "search", "nothing"});
  CHECK_FALSE(has_good_form(call, two));
}

TEST_CASE("a tier that is not the last has half of the time that is left",
          "[cascade_rules]") {
  const protocol::instant now{100s};
  CHECK(time_of_tier(now, now + 10s, false) == now + 5s);
  CHECK(time_of_tier(now, now + 10s, true) == now + 10s);
  CHECK(time_of_tier(now, now - 1s, false) == now - 1s);
}

TEST_CASE("an answer that passes is given with the cost of all calls",
          "[cascade_rules]") {
  cascade_course it{all_tiers, planned(), tier::basic};
  CHECK(it.question().level == tier::basic);
  CHECK_FALSE(it.question().stream);
  CHECK_FALSE(it.question().terms.cascade);
  REQUIRE(it.answered(by("cheap/model")) == step::judge);
  REQUIRE(it.judged(by("cheap/model", "69")) == step::ask);
  CHECK(it.question().level == tier::advanced);
  REQUIRE(it.answered(by("middle/model", "better")) == step::judge);
  REQUIRE(it.judged(by("cheap/model", "70")) == step::give);
  const auto reply = it.take_reply();
  CHECK(text_of(reply.content) == "better");
  CHECK(reply.model == "middle/model");
  CHECK(reply.cost.nano_usd == 400);
  CHECK(reply.used.output == 20);
  CHECK(reply.attempts == 4);
  CHECK(reply.escalations == 1);
}

TEST_CASE("the answer of the call's own tier is always taken",
          "[cascade_rules]") {
  cascade_course it{all_tiers, planned(tier::advanced), tier::basic};
  REQUIRE(it.answered(by("cheap/model", "")) == step::ask);
  CHECK(it.is_last());
  CHECK(it.question().stream);
  auto cut = by("middle/model", "");
  cut.stop = stop_reason::length;
  CHECK(it.answered(cut) == step::give);
}

TEST_CASE("an answer that a model of the call's tier gave is not judged",
          "[cascade_rules]") {
  cascade_course it{all_tiers, planned(), tier::basic};
  CHECK(it.answered(by("dear/model")) == step::give); // the cheap one was down
  cascade_course other{all_tiers, planned(), tier::basic};
  REQUIRE(other.answered(by("middle/model")) == step::judge);
  REQUIRE(other.rated(0) == step::ask);
  CHECK(other.level() == tier::expert); // the middle one has had its turn
}

TEST_CASE("with `form` no answer is judged", "[cascade_rules]") {
  const auto call = planned(tier::expert, answer_check::form);
  cascade_course it{all_tiers, call, tier::basic};
  CHECK(it.answered(by("cheap/model")) == step::give);
  cascade_course empty{all_tiers, call, tier::basic};
  CHECK(empty.answered(by("cheap/model", "")) == step::ask);
}

TEST_CASE("a failure of a lower tier asks the next, but for a few",
          "[cascade_rules]") {
  for (const auto code : {errc::provider_unavailable, errc::provider_throttled,
                          errc::stream_truncated, errc::context_too_long,
                          errc::content_refused, errc::deadline_exceeded}) {
    cascade_course it{all_tiers, planned(), tier::basic};
    CHECK(it.failed(fail(code, ""), true) == step::ask);
    CHECK(it.level() == tier::advanced);
    cascade_course late{all_tiers, planned(), tier::basic};
    CHECK(late.failed(fail(code, ""), false) == step::fail);
    CHECK(late.failure().code == code);
  }
  for (const auto code : {errc::budget_exhausted, errc::cancelled,
                          errc::invalid_request, errc::internal}) {
    cascade_course it{all_tiers, planned(), tier::basic};
    CHECK(it.failed(fail(code, ""), true) == step::fail);
  }
}

TEST_CASE("without money for the next tier the answer at hand is given, where "
          "cheaper ones are allowed",
          "[cascade_rules]") {
  const auto no_money = fail(errc::budget_exhausted, "");
  auto call = planned();
  call.on_shortage = {shortage_step::shorter, shortage_step::cheaper};
  cascade_course it{all_tiers, call, tier::basic};
  CHECK(it.question().on_shortage == call.on_shortage);
  REQUIRE(it.answered(by("cheap/model")) == step::judge);
  REQUIRE(it.rated(10) == step::ask);
  CHECK(it.question().on_shortage
        == std::vector<shortage_step>{shortage_step::shorter});
  REQUIRE(it.failed(no_money, true) == step::give);
  const auto reply = it.take_reply();
  CHECK(text_of(reply.content) == "hello");
  CHECK(reply.degraded == std::vector<shortage_step>{shortage_step::cheaper});
  cascade_course strict{all_tiers, planned(), tier::basic};
  REQUIRE(strict.answered(by("cheap/model")) == step::judge);
  REQUIRE(strict.rated({}) == step::ask);
  CHECK(strict.failed(no_money, true) == step::fail);
  cascade_course empty{all_tiers, call, tier::basic};
  REQUIRE(empty.answered(by("cheap/model", "")) == step::ask);
  CHECK(empty.failed(no_money, true) == step::fail); // nothing of use is there
}

namespace {

/// Drives one course by a seed until it ends.
struct random_course {
  explicit random_course(std::uint64_t seed) : random(seed) {
    if (below(2) == 0)
      call.on_shortage = {shortage_step::cheaper};
  }

  std::uint64_t below(std::uint64_t end) { return random() % end; }

  model_reply priced(model_reply reply) {
    reply.cost.nano_usd = static_cast<std::int64_t>(below(1'000));
    paid += reply.cost.nano_usd;
    return reply;
  }

  step ask() {
    constexpr std::array codes{errc::provider_unavailable, errc::cancelled,
                               errc::budget_exhausted, errc::content_refused};
    has_passed = false;
    if (below(3) == 0)
      return course.failed(fail(codes.at(below(4)), ""), true);
    const bool is_blank = below(4) == 0;
    has_passed =
        course.is_last()
        || (!is_blank && call.terms.cascade->check == answer_check::form);
    return course.answered(priced(by("nobody's", is_blank ? "" : "text")));
  }

  step judge() {
    const auto rating = below(101);
    has_passed = rating >= 70;
    return course.judged(priced(by("cheap/model", std::to_string(rating))));
  }

  std::mt19937_64 random;
  model_call call = planned(static_cast<tier>(1 + below(2)),
                            static_cast<answer_check>(below(2)));
  cascade_course course{all_tiers, call, tier::basic};
  std::int64_t paid = 0;
  bool has_passed = false; ///< The answer that is looked at.
};

} // namespace

TEST_CASE("whatever comes, a course ends, its costs add up and no answer is "
          "given that did not pass",
          "[cascade_rules]") {
  std::size_t marked = 0;
  for (std::uint64_t seed = 1; seed <= 2'000; ++seed) {
    INFO("seed " << seed);
    random_course it{seed};
    it.course = cascade_course{all_tiers, it.call, tier::basic};
    auto next = step::ask;
    auto level = tier::basic;
    std::uint32_t steps = 0;
    while (next == step::ask || next == step::judge) {
      REQUIRE(++steps <= 5);
      REQUIRE(it.course.level() >= level);
      level = it.course.level();
      next = next == step::ask ? it.ask() : it.judge();
    }
    if (next == step::fail)
      continue;
    const auto reply = it.course.take_reply();
    CHECK(reply.cost.nano_usd == it.paid);
    CHECK(reply.escalations <= 2);
    const bool is_marked = !reply.degraded.empty();
    CHECK(it.has_passed != is_marked);
    CHECK((!is_marked || !it.call.on_shortage.empty()));
    marked += is_marked ? 1U : 0U;
  }
  CHECK(marked > 10); // or nothing was tried
}
