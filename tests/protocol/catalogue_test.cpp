#include "support/catch.hpp"
#include "support/protocol/random_message.hpp"
#include "troupe/protocol/budget.hpp"
#include "troupe/protocol/catalogue.hpp"

namespace troupe::protocol {

namespace {

money dollars(std::int64_t whole) {
  return {whole * 1'000'000'000};
}

model_spec sample_model() {
  model_spec model;
  model.prices = {
      {0, dollars(3), dollars(15), {300'000'000}, {3'750'000'000}, dollars(6)},
      {200'000,
       dollars(6),
       {22'500'000'000},
       {600'000'000},
       {7'500'000'000},
       dollars(12)}};
  return model;
}

usage used(std::uint64_t input, std::uint64_t output) {
  usage count;
  count.input = input;
  count.output = output;
  return count;
}

} // namespace

TEST_CASE("a call costs its tokens at the price per million", "[catalogue]") {
  CHECK(cost_of(sample_model(), used(1'000'000 / 10, 1'000))
        == money{315'000'000});
  CHECK(cost_of(sample_model(), used(0, 0)) == money{});
  usage all{100, 200, 300, 400, 500, 500, usage_source::reported};
  CHECK(cost_of(sample_model(), all)
        == money{100 * 3'000 + 200 * 300 + 300 * 3'750 + 400 * 6'000
                 + 500 * 15'000});
}

TEST_CASE("a long prompt is priced by its band as a whole", "[catalogue]") {
  CHECK(cost_of(sample_model(), used(200'000, 0)) == money{600'000'000});
  CHECK(cost_of(sample_model(), used(200'001, 0)) == money{1'200'006'000});
  usage cached = used(1, 0);
  cached.cache_read = 200'000;
  CHECK(cost_of(sample_model(), cached) == money{6'000 + 120'000'000});
}

TEST_CASE("a cost rounds up once, at the end", "[catalogue]") {
  model_spec model;
  model.prices = {{0, {1}, {1}, {1}, {1}, {1}}};
  CHECK(cost_of(model, used(1, 0)) == money{1});
  CHECK(cost_of(model, used(1, 1)) == money{1});
  CHECK(cost_of(model, used(500'000, 500'000)) == money{1});
  CHECK(cost_of(model, used(500'000, 500'001)) == money{2});
}

TEST_CASE("a cost beyond all bounds saturates", "[catalogue]") {
  model_spec model;
  model.prices = {{0, money::max(), money::max(), money::max(), money::max(),
                   money::max()}};
  usage all;
  all.input = all.output = all.cache_read = UINT64_MAX;
  all.cache_write = all.cache_write_1h = UINT64_MAX;
  CHECK(cost_of(model, all) == money::max());
  CHECK(cost_of(model_spec{}, all) == money{});
}

TEST_CASE("more tokens never cost less within a band", "[catalogue]") {
  const std::uint64_t seed = 41;
  INFO("seed " << seed);
  test::random_source chance{seed};
  for (int i = 0; i < 1000; ++i) {
    const auto input = chance.below(100'000);
    const auto output = chance.below(100'000);
    const auto cost = cost_of(sample_model(), used(input, output));
    CHECK(cost <= cost_of(sample_model(), used(input + 1, output)));
    CHECK(cost <= cost_of(sample_model(), used(input, output + 1)));
  }
}

TEST_CASE("usage adds up without wrapping", "[catalogue]") {
  usage sum{1, 2, 3, 4, 5, 6, usage_source::reported};
  sum += usage{10, 20, 30, 40, 50, 60, usage_source::reported};
  CHECK(sum == usage{11, 22, 33, 44, 55, 66, usage_source::reported});
  CHECK(sum.prompt() == 11 + 22 + 33 + 44);
  sum += usage{UINT64_MAX, 0, 0, 0, 0, 0, usage_source::estimated};
  CHECK(sum.input == UINT64_MAX);
  CHECK(sum.source == usage_source::estimated);
  sum += usage{};
  CHECK(sum.source == usage_source::estimated);
}

TEST_CASE("an account's rest is what its limit still covers", "[catalogue]") {
  account_state account;
  CHECK(account.left() == money::max());
  account.limit = dollars(10);
  account.spent = dollars(3);
  account.reserved = dollars(2);
  CHECK(account.left() == dollars(5));
  account.spent = dollars(30);
  CHECK(account.left() == money{});
}

TEST_CASE("the text of a message is its text parts joined", "[catalogue]") {
  CHECK(text_of({}).empty());
  CHECK(text_of({text_part{"a"}, thinking_part{"x", "y"},
                 tool_call{"1", "f", "{}"}, text_part{"b"}})
        == "ab");
}

} // namespace troupe::protocol
