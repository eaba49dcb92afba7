#include "simulated_provider_rules.hpp"
#include "support/catch.hpp"
#include "text_digest.hpp"

#include <algorithm>
#include <map>
#include <set>

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using protocol::model_call;

namespace {

const std::string story =
    "The harbour of Velm was closed for nine days after the storm. Nobody was "
    "hurt, and the fishing boats were safe. Engineers found that the northern "
    "sea wall had moved by forty centimetres. The council will pay for a new "
    "sea wall from the harbour fees of the next three years. Boats used the "
    "small harbour at Osk in the meantime. The mayor thanked the engineers.";

simulated_provider_config config(std::uint64_t seed = 1) {
  simulated_provider_config out;
  out.seed = seed;
  out.count_tokens = quarter_of_bytes;
  return out;
}

model_call asking(const std::string& text, std::uint64_t seed = 0) {
  model_call out;
  out.model = "simulated/basic";
  out.messages = {{protocol::chat_role::user, {protocol::text_part{text}}}};
  out.seed = seed;
  return out;
}

std::string text(const simulated_outcome& outcome) {
  return protocol::text_of(outcome.reply.content);
}

bool same(const simulated_outcome& a, const simulated_outcome& b) {
  return a.reply == b.reply && a.failure == b.failure && a.first == b.first
         && a.last == b.last && a.piece_ends == b.piece_ends;
}

} // namespace

TEST_CASE("the same call and seed give the same outcome", "[simulated]") {
  const auto call = asking("Summarise it.\n\n" + story);
  const auto first = draw_outcome(config(), call, 0);
  CHECK(same(draw_outcome(config(), call, 0), first));
  CHECK_FALSE(same(draw_outcome(config(2), call, 0), first));
  CHECK_FALSE(same(draw_outcome(config(), call, 1), first));
  CHECK(draw_outcome(config(), call, 1).reply == first.reply);

  auto other = call;
  other.account = "default/x";
  other.stream = false;
  CHECK(draw_outcome(config(), other, 0).reply == first.reply);
  std::set<std::string> answers;
  for (std::uint64_t seed = 0; seed < 12; ++seed)
    answers.insert(
        text(draw_outcome(config(), asking("Sum up.\n\n" + story, seed), 0)));
  CHECK(answers.size() > 3);
}

TEST_CASE("a reply digests the inputs and counts its tokens", "[simulated]") {
  auto call = asking("Summarise the story.\n\n" + story);
  call.model = "simulated/expert";
  call.temperature_permille = 0;
  const auto outcome = draw_outcome(config(), call, 0);
  INFO(text(outcome));
  CHECK_FALSE(outcome.failure);
  CHECK(text(outcome).find("Summarise the story:\n\n") == 0);
  CHECK(text(outcome).find("sea wall") != std::string::npos);
  CHECK(outcome.reply.simulated);
  CHECK(outcome.reply.provider == "simulated");
  CHECK(outcome.reply.model == "simulated/expert");
  CHECK(outcome.reply.stop == protocol::stop_reason::complete);
  CHECK(outcome.reply.used.output == quarter_of_bytes(text(outcome)));
  CHECK(outcome.reply.used.input >= quarter_of_bytes(story));
  CHECK(outcome.reply.used.source == protocol::usage_source::reported);
}

TEST_CASE("a reply ends at the cap on its output", "[simulated]") {
  auto call = asking("Summarise the story.\n\n" + story);
  for (std::uint32_t cap = 1; cap < 60; ++cap) {
    call.output_tokens_max = cap;
    const auto outcome = draw_outcome(config(), call, 0);
    CHECK(outcome.reply.used.output <= cap);
    if (outcome.reply.used.output + 12 < 40)
      CHECK(outcome.reply.stop == protocol::stop_reason::length);
  }
}

TEST_CASE("a call without a message or output is rejected", "[simulated]") {
  auto call = asking("x");
  call.output_tokens_max = 0;
  REQUIRE(draw_outcome(config(), call, 0).failure);
  CHECK(draw_outcome(config(), call, 0).failure->code
        == errc::provider_rejected);
  CHECK(draw_outcome(config(), {}, 0).failure->code == errc::provider_rejected);
}

TEST_CASE("tiny prompts are answered in their own words", "[simulated]") {
  CHECK(text(draw_outcome(config(), asking("ping"), 0)) == "ping");
  CHECK(text(draw_outcome(config(), asking(""), 0)) == "Nothing was asked.");
}

TEST_CASE("a named tool is called instead of an answer", "[simulated]") {
  auto call = asking("Use tool:lookup first.");
  call.tools = {{"lookup", "", "{}"}};
  const auto outcome = draw_outcome(config(), call, 0);
  REQUIRE(outcome.reply.content.size() == 1);
  CHECK(std::get<protocol::tool_call>(outcome.reply.content[0]).arguments
        == "{}");
  CHECK(outcome.reply.stop == protocol::stop_reason::tool_use);
  CHECK(outcome.reply.used.output > 0);
  CHECK(outcome.piece_ends.empty());
}

TEST_CASE("pieces are at most eight, rise, and end with the text",
          "[simulated]") {
  for (int i = 1; i < 12; ++i) {
    std::string all;
    for (int k = 0; k < i; ++k)
      all += story + " ";
    const auto outcome = draw_outcome(config(), asking(all), 0);
    const auto& ends = outcome.piece_ends;
    REQUIRE_FALSE(ends.empty());
    CHECK(ends.size() <= 8);
    CHECK(std::is_sorted(ends.begin(), ends.end()));
    CHECK(ends.back() == text(outcome).size());
    CHECK(outcome.first < outcome.last);
  }
}

TEST_CASE("failures come at their rates", "[simulated]") {
  auto made = config(77);
  made.profiles = default_profiles();
  auto& profile = made.profiles[0];
  profile.unavailable_permille = 100;
  profile.throttled_permille = 50;
  profile.truncated_permille = 30;
  profile.timeout_permille = 20;
  std::map<errc, int> counts;
  constexpr int calls = 4000;
  for (int i = 0; i < calls; ++i)
    if (const auto outcome =
            draw_outcome(made, asking("ping " + std::to_string(i)), 0);
        outcome.failure)
      ++counts[outcome.failure->code];
  // Five standard deviations of a binomial.
  CHECK(std::abs(counts[errc::provider_unavailable] - 400) < 95);
  CHECK(std::abs(counts[errc::provider_throttled] - 200) < 70);
  CHECK(std::abs(counts[errc::stream_truncated] - 120) < 54);
  CHECK(std::abs(counts[errc::provider_timeout] - 80) < 45);
  CHECK(counts.size() == 4);
}

TEST_CASE("a retry of a failed call may succeed", "[simulated]") {
  auto made = config();
  made.profiles[0].unavailable_permille = 500;
  int failed = 0;
  for (std::uint64_t occurrence = 0; occurrence < 200; ++occurrence)
    failed += draw_outcome(made, asking("ping"), occurrence).failure ? 1 : 0;
  CHECK(failed > 60);
  CHECK(failed < 140);
}

TEST_CASE("drawn times have the median and 90th percentile asked for",
          "[simulated]") {
  std::vector<std::int64_t> drawn;
  for (std::uint64_t seed = 0; seed < 20'000; ++seed)
    drawn.push_back(draw_time(100ms, 300ms, seed * 977).count());
  std::sort(drawn.begin(), drawn.end());
  CHECK(std::abs(drawn[10'000] - 100'000) < 4'000);
  CHECK(std::abs(drawn[18'000] - 300'000) < 15'000);
  CHECK(drawn.front() > 0);
  CHECK(draw_time(0ms, 300ms, 1) == 0ms);
  CHECK(draw_time(5ms, 5ms, 1) == 5ms);
}

TEST_CASE("times can be scaled or fixed", "[simulated]") {
  const auto call = asking(story);
  auto made = config();
  const auto full = draw_outcome(made, call, 0);
  made.latency_scale_permille = 500;
  CHECK(draw_outcome(made, call, 0).last == full.last / 2);
  made.latency_scale_permille = 0;
  CHECK(draw_outcome(made, call, 0).last == 0ns);
  made.fixed_latency = 50ms;
  CHECK(draw_outcome(made, call, 0).last == 50ms);
}

TEST_CASE("any model is taken; its tier decides how it behaves",
          "[simulated]") {
  auto call = asking("x");
  CHECK(profile_of(config(), call).model == "simulated/basic");
  call.model = "expert";
  CHECK(profile_of(config(), call).model == "simulated/expert");
  call.model = "vendor/unheard-of";
  call.level = protocol::tier::advanced;
  CHECK(profile_of(config(), call).quality_permille
        == default_profile(protocol::tier::advanced).quality_permille);
}

TEST_CASE("occurrences are counted per hash, in bounded memory",
          "[simulated]") {
  occurrence_counter seen;
  CHECK(seen.see(1) == 0);
  CHECK(seen.see(1) == 1);
  CHECK(seen.see(2) == 0);
  for (std::uint64_t hash = 10; hash < 70'000; ++hash)
    seen.see(hash);
  CHECK(seen.see(1) == 2);
  for (std::uint64_t hash = 100'000; hash < 300'000; ++hash)
    seen.see(hash);
  CHECK(seen.see(1) == 0);
}
