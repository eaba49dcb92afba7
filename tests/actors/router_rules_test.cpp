#include "support/actors/show_result.hpp"
#include "support/actors/spy.hpp"
#include "support/protocol/random_source.hpp"
#include "troupe/actors/billing.hpp"
#include "troupe/actors/router_rules.hpp"

using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using protocol::model_spec;
using protocol::tier;
using protocol::test::random_source;
using test::model_of;

namespace {

const protocol::token_estimator counter;

std::vector<std::string> ids(const std::vector<model_spec>& models,
                             const model_need& need) {
  std::vector<std::string> out;
  if (const auto chosen = choose_models(models, need))
    for (const auto i : *chosen)
      out.push_back(models[i].id);
  return out;
}

std::string refusal(const std::vector<model_spec>& models,
                    const model_need& need) {
  const auto chosen = choose_models(models, need);
  REQUIRE_FALSE(chosen);
  CHECK(chosen.error().code == errc::no_model_fits);
  return chosen.error().detail;
}

model_need needing(tier level, std::uint64_t prompt = 1'000,
                   std::uint32_t output = 1'000) {
  model_need need;
  need.level = level;
  need.prompt_tokens = prompt;
  need.output_tokens = output;
  return need;
}

using list = std::vector<std::string>;

} // namespace

TEST_CASE("the cheapest model that is good enough comes first",
          "[router_rules]") {
  const std::vector<model_spec> models{
      model_of("p/opus", tier::expert, 15, 75),
      model_of("p/haiku", tier::basic, 1, 5),
      model_of("p/sonnet", tier::advanced, 3, 15)};
  CHECK(ids(models, needing(tier::basic))
        == list{"p/haiku", "p/sonnet", "p/opus"});
  CHECK(ids(models, needing(tier::advanced)) == list{"p/sonnet", "p/opus"});
  CHECK(ids(models, needing(tier::expert)) == list{"p/opus"});
}

TEST_CASE("the price is that of the call's own tokens", "[router_rules]") {
  const std::vector<model_spec> models{
      model_of("p/cheap-in", tier::basic, 1, 100),
      model_of("p/cheap-out", tier::basic, 10, 1)};
  CHECK(ids(models, needing(tier::basic, 10'000, 10)).front() == "p/cheap-in");
  CHECK(ids(models, needing(tier::basic, 10, 8'000)).front() == "p/cheap-out");
}

TEST_CASE("models of one price are ordered by pace, then by id",
          "[router_rules]") {
  std::vector<model_spec> models{model_of("p/b", tier::basic, 1, 1),
                                 model_of("p/a", tier::basic, 1, 1),
                                 model_of("p/c", tier::basic, 1, 1)};
  models[2].pace = protocol::speed::fast;
  CHECK(ids(models, needing(tier::basic)) == list{"p/c", "p/a", "p/b"});
}

TEST_CASE("a pinned model is the only candidate, whatever its tier",
          "[router_rules]") {
  std::vector<model_spec> models{model_of("p/small", tier::basic, 1, 1),
                                 model_of("p/big", tier::expert, 9, 9)};
  models[0].pinned_only = true;
  auto need = needing(tier::expert);
  need.pinned = "p/small";
  CHECK(ids(models, need) == list{"p/small"});
  need.pinned = "p/smal";
  CHECK(refusal(models, need)
        == "no model 'p/smal' is available (did you mean 'p/small'?)");
}

TEST_CASE("a model only for those who pin it is not chosen", "[router_rules]") {
  std::vector<model_spec> models{model_of("p/small", tier::basic, 1, 1),
                                 model_of("p/big", tier::basic, 9, 9)};
  models[0].pinned_only = true;
  CHECK(ids(models, needing(tier::basic)) == list{"p/big"});
}

TEST_CASE("a call with tools needs a model that can use them",
          "[router_rules]") {
  std::vector<model_spec> models{model_of("p/small", tier::basic, 1, 1),
                                 model_of("p/big", tier::basic, 9, 9)};
  auto need = needing(tier::basic);
  need.uses_tools = true;
  CHECK(refusal(models, need) == "no model of tier basic that can use tools");
  models[1].skills = {"tools"};
  CHECK(ids(models, need) == list{"p/big"});
}

TEST_CASE("prompt and output must fit the window together", "[router_rules]") {
  std::vector<model_spec> models{model_of("p/small", tier::basic, 1, 1),
                                 model_of("p/big", tier::basic, 9, 9)};
  models[0].context_tokens = 4'000;
  CHECK(ids(models, needing(tier::basic, 3'000, 1'000)).size() == 2);
  CHECK(ids(models, needing(tier::basic, 3'001, 1'000)) == list{"p/big"});
  CHECK(refusal(models, needing(tier::basic, 200'000))
        == "a prompt of about 200000 tokens and 1000 of output fit no window; "
           "the largest is p/big with 100000");
}

TEST_CASE("a refusal names the nearest tier, or an empty catalogue",
          "[router_rules]") {
  CHECK(refusal({}, needing(tier::basic))
        == "the catalogue offers no model of a configured provider");
  CHECK(refusal({model_of("p/a", tier::basic, 1, 1),
                 model_of("p/b", tier::advanced, 1, 1)},
                needing(tier::expert))
        == "no model of tier expert; the nearest is p/b (advanced)");
}

TEST_CASE("a call gets models that have all skills it asks for",
          "[router_rules]") {
  std::vector<model_spec> models{model_of("p/blind", tier::basic, 1, 1),
                                 model_of("p/eyes", tier::basic, 2, 2),
                                 model_of("p/both", tier::basic, 9, 9)};
  models[1].skills = {"vision"};
  models[2].skills = {"vision", "audio"};
  auto need = needing(tier::basic);
  need.skills = {"vision"};
  CHECK(ids(models, need) == list{"p/eyes", "p/both"});
  need.skills = {"audio", "vision"};
  CHECK(ids(models, need) == list{"p/both"});
  need.skills = {"audio", "vision", "smell"};
  CHECK(refusal(models, need)
        == "no model of tier basic has the skills audio, vision, smell; the "
           "nearest, p/both, lacks smell");
}

TEST_CASE("a call gets models that are known to run where it may",
          "[router_rules]") {
  std::vector<model_spec> models{model_of("p/silent", tier::basic, 1, 1),
                                 model_of("p/us", tier::basic, 2, 2),
                                 model_of("p/many", tier::basic, 9, 9)};
  models[1].regions = {"us"};
  models[2].regions = {"ap", "eu"};
  auto need = needing(tier::basic);
  need.regions = {"us", "eu"};
  CHECK(ids(models, need) == list{"p/us", "p/many"});
  need.regions = {"eu"};
  CHECK(ids(models, need) == list{"p/many"});
  need.regions = {"mars"};
  CHECK(refusal(models, need)
        == "no model of tier basic is known to run in mars; the nearest, "
           "p/silent, does not say where it runs");
}

TEST_CASE("a call gets models whose prices are within its limits",
          "[router_rules]") {
  std::vector<model_spec> models{model_of("p/cheap-in", tier::basic, 1, 90),
                                 model_of("p/cheap-out", tier::basic, 9, 2),
                                 model_of("p/free", tier::basic, 0, 0)};
  models[2].prices.clear();
  auto need = needing(tier::basic);
  const auto usd = [](std::int64_t it) {
    return protocol::money{it * 1'000'000'000};
  };
  need.price_max = {usd(1), protocol::money::max()};
  CHECK(ids(models, need) == list{"p/free", "p/cheap-in"});
  need.price_max = {protocol::money::max(), usd(2)};
  CHECK(ids(models, need) == list{"p/free", "p/cheap-out"});
  models.pop_back();
  need.price_max = {usd(3), usd(3)};
  CHECK(refusal(models, need)
        == "no model of tier basic costs at most $3.00 for input and "
           "$3.00 for output a million tokens; the nearest, p/cheap-out, "
           "costs $9.00 for input and $2.00 for output");
}

TEST_CASE("the price that is limited is that of the prompt's size",
          "[router_rules]") {
  std::vector<model_spec> models{model_of("p/a", tier::basic, 1, 1)};
  auto dearer = models[0].prices.front();
  dearer.prompt_above = 5'000;
  dearer.input += dearer.input;
  models[0].prices.push_back(dearer);
  auto need = needing(tier::basic, 5'000);
  need.price_max = {models[0].prices[0].input, models[0].prices[0].output};
  CHECK(ids(models, need).size() == 1);
  need.prompt_tokens = 5'001;
  CHECK(ids(models, need).empty());
}

TEST_CASE("a pinned model that does not meet the terms is refused with why",
          "[router_rules]") {
  std::vector<model_spec> models{model_of("p/a", tier::basic, 4, 4),
                                 model_of("p/fits", tier::basic, 1, 1)};
  models[0].regions = {"us"};
  models[1].regions = {"eu"};
  models[1].skills = {"vision", "tools"};
  auto need = needing(tier::expert);
  need.pinned = "p/a";
  need.regions = {"eu"};
  CHECK(refusal(models, need) == "the model 'p/a' runs in us; asked for is eu");
  need.regions.clear();
  need.skills = {"vision"};
  CHECK(refusal(models, need) == "the model 'p/a' lacks vision");
  need.skills.clear();
  need.price_max = {models[1].prices[0].input, protocol::money::max()};
  CHECK(refusal(models, need)
        == "the model 'p/a' costs $4.00 for input and $4.00 for output "
           "a million tokens; asked for is at most $1.00 for input");
  need.price_max.reset();
  need.uses_tools = true;
  CHECK(refusal(models, need) == "the model 'p/a' cannot use tools");
}

TEST_CASE("a refusal is of the constraint that comes last", "[router_rules]") {
  std::vector<model_spec> models{model_of("p/low", tier::basic, 1, 1),
                                 model_of("p/high", tier::expert, 9, 9),
                                 model_of("p/hidden", tier::expert, 1, 1)};
  models[0].regions = {"eu"};
  models[2].regions = {"eu"};
  models[2].pinned_only = true;
  auto need = needing(tier::expert);
  need.regions = {"eu"};
  CHECK(refusal(models, need)
        == "no model of tier expert is known to run in eu; the nearest, "
           "p/high, does not say where it runs");
  models.erase(models.begin(), models.begin() + 2);
  CHECK(refusal(models, need)
        == "no model of tier expert is free to be chosen; the nearest, "
           "p/hidden, is only for calls that name it");
}

TEST_CASE("the terms of a call are part of its need", "[router_rules]") {
  protocol::model_call call;
  call.terms.skills = {"vision"};
  call.terms.regions = {"eu"};
  call.terms.price_max = {{5}, {6}};
  const auto need = need_of(call, counter);
  CHECK(need.skills == call.terms.skills);
  CHECK(need.regions == call.terms.regions);
  CHECK(need.price_max == call.terms.price_max);
}

TEST_CASE("the output cap is the call's, the model's and the window's",
          "[router_rules]") {
  const auto model = model_of("p/a", tier::basic, 1, 1);
  CHECK(output_cap(model, needing(tier::basic, 10, 500)) == 500);
  CHECK(output_cap(model, needing(tier::basic, 10, 50'000)) == 8'000);
  CHECK(output_cap(model, needing(tier::basic, 99'900, 500)) == 100);
  CHECK(output_cap(model, needing(tier::basic, 200'000, 500)) == 1);
}

TEST_CASE("no usage within the bounds costs more than the worst case",
          "[router_rules]") {
  for (std::uint64_t seed = 1; seed <= 2'000; ++seed) {
    random_source source{seed};
    CAPTURE(seed);
    auto model = model_of("p/a", tier::basic,
                          static_cast<std::int64_t>(source.below(20)),
                          static_cast<std::int64_t>(source.below(90)));
    auto dearer = model.prices.front();
    dearer.prompt_above = source.below(3'000);
    dearer.input += dearer.input;
    dearer.output += dearer.output;
    dearer.cache_write += dearer.cache_write;
    dearer.cache_write_1h += dearer.cache_write_1h;
    if (source.coin())
      model.prices.push_back(dearer);
    protocol::model_call call;
    call.system = std::string(source.below(2'000), 's');
    call.messages = {
        {protocol::chat_role::user,
         {protocol::text_part{std::string(source.below(2'000), 'x')}}}};
    call.output_tokens_max = static_cast<std::uint32_t>(source.below(5'000));
    auto left = source.below(bound_prompt_tokens(call, counter) + 1);
    protocol::usage used;
    for (auto* part : {&used.input, &used.cache_read, &used.cache_write}) {
      *part = source.below(left + 1);
      left -= *part;
    }
    used.cache_write_1h = left;
    used.output = source.below(call.output_tokens_max + 1U);
    REQUIRE(worst_case(model, call, counter) >= cost_of(model, used));
  }
}

TEST_CASE("another model is tried for faults of a provider only",
          "[router_rules]") {
  for (const auto code :
       {errc::provider_rejected, errc::provider_unauthorized,
        errc::provider_throttled, errc::provider_unavailable,
        errc::provider_timeout, errc::provider_malformed,
        errc::stream_truncated, errc::tls_untrusted, errc::context_too_long,
        errc::overloaded, errc::unreachable})
    CHECK(may_fall_back(code));
  for (const auto code :
       {errc::cancelled, errc::deadline_exceeded, errc::budget_exhausted,
        errc::content_refused, errc::invalid_request, errc::internal,
        errc::no_model_fits})
    CHECK_FALSE(may_fall_back(code));
}

TEST_CASE("usage that a provider left out is counted", "[router_rules]") {
  protocol::model_call call;
  call.messages = {{protocol::chat_role::user,
                    {protocol::text_part{"Tell me of the harbour."}}}};
  auto reply = test::reply_of("It is closed.", 0, 0);
  reply.used.source = protocol::usage_source::estimated;
  complete_usage(reply, call, counter);
  CHECK(reply.used.input == estimate_prompt_tokens(call, counter));
  CHECK(reply.used.output == counter.count("It is closed."));
  auto reported = test::reply_of("It is closed.", 0, 0);
  complete_usage(reported, call, counter);
  CHECK(reported.used.prompt() == 0);
}

TEST_CASE("of a usage that is told in part, only the rest is counted",
          "[router_rules]") {
  protocol::model_call call;
  call.messages = {{protocol::chat_role::user,
                    {protocol::text_part{"Tell me of the harbour."}}}};
  auto no_output = test::reply_of("It is closed.", 7, 0);
  auto no_prompt = test::reply_of("It is closed.", 0, 3);
  for (auto* reply : {&no_output, &no_prompt}) {
    reply->used.source = protocol::usage_source::estimated;
    complete_usage(*reply, call, counter);
  }
  CHECK(no_output.used.input == 7);
  CHECK(no_output.used.output == counter.count("It is closed."));
  CHECK(no_prompt.used.input == estimate_prompt_tokens(call, counter));
  CHECK(no_prompt.used.output == 3);
}
