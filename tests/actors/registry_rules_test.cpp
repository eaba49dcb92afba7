#include "support/actors/show_result.hpp"
#include "troupe/actors/registry_rules.hpp"

using namespace troupe;
using namespace troupe::actors;
using protocol::agent_card;
using protocol::errc;
using protocol::tier;

namespace {

agent_card card(std::string name, std::vector<std::string> skills = {},
                tier level = tier::basic) {
  agent_card it;
  it.name = std::move(name);
  it.skills = std::move(skills);
  it.level = level;
  return it;
}

std::vector<std::string> names(registry_rules& rules,
                               const protocol::discover_agents& query) {
  std::vector<std::string> out;
  if (const auto found = rules.find(query))
    for (const auto& it : *found)
      out.push_back(it.card->name);
  return out;
}

using list = std::vector<std::string>;

} // namespace

TEST_CASE("a second registration of a name replaces the first",
          "[registry_rules]") {
  registry_rules rules{10};
  const auto first = rules.add(card("editor", {"edit"}));
  const auto second = rules.add(card("editor", {"review"}));
  REQUIRE(first);
  REQUIRE(second);
  CHECK(*second > *first);
  CHECK(rules.size() == 1);
  CHECK(names(rules, {"", "edit", tier::basic, 16}).empty());
  CHECK(names(rules, {"", "review", tier::basic, 16}) == list{"editor"});
}

TEST_CASE("the death of an earlier incarnation does not remove a later one",
          "[registry_rules]") {
  registry_rules rules{10};
  const auto first = rules.add(card("editor"));
  const auto second = rules.add(card("editor"));
  rules.remove("editor", *first);
  CHECK(rules.size() == 1);
  rules.remove("editor", *second);
  CHECK(rules.size() == 0);
  const auto third = rules.add(card("editor"));
  CHECK(*third > *second);
}

TEST_CASE("discovery prefers the cheapest sufficient tier, then the name",
          "[registry_rules]") {
  registry_rules rules{10};
  REQUIRE(rules.add(card("zoe", {"write"}, tier::basic)));
  REQUIRE(rules.add(card("ann", {"write"}, tier::expert)));
  REQUIRE(rules.add(card("bob", {"write"}, tier::advanced)));
  REQUIRE(rules.add(card("abe", {"write"}, tier::advanced)));
  REQUIRE(rules.add(card("moe", {"read"}, tier::basic)));
  CHECK(names(rules, {"", "write", tier::basic, 16})
        == list{"zoe", "abe", "bob", "ann"});
  CHECK(names(rules, {"", "write", tier::advanced, 2}) == list{"abe", "bob"});
  CHECK(names(rules, {"", "", tier::basic, 16})
        == list{"moe", "zoe", "abe", "bob", "ann"});
  CHECK(names(rules, {"ann", "write", tier::expert, 16}) == list{"ann"});
  CHECK(names(rules, {"ann", "read", tier::basic, 16}).empty());
}

TEST_CASE("an unknown name or skill is an error that tells the nearest",
          "[registry_rules]") {
  registry_rules rules{10};
  REQUIRE(rules.add(card("editor", {"translate"})));
  const auto name = rules.find({"editr", "", tier::basic, 1});
  REQUIRE_FALSE(name);
  CHECK(name.error().code == errc::unknown_agent);
  CHECK(name.error().detail == "no agent 'editr' (did you mean 'editor'?)");
  const auto skill = rules.find({"", "translte", tier::basic, 1});
  REQUIRE_FALSE(skill);
  CHECK(skill.error().code == errc::unknown_agent);
  CHECK(skill.error().detail
        == "no agent with skill 'translte' (did you mean 'translate'?)");
  CHECK(rules.find({"", "", tier::expert, 1}).error().detail
        == "no agent of that tier");
}

TEST_CASE("bad names, too many skills and a full registry are refused",
          "[registry_rules]") {
  registry_rules rules{1};
  for (const std::string name : {"", "a b", "a/b", "\xC3\xA4"})
    CHECK(rules.add(card(name)).error().code == errc::invalid_request);
  CHECK_FALSE(rules.add(card(std::string(129, 'a'))));
  CHECK_FALSE(rules.add(card("a", list(65, "x"))));
  REQUIRE(rules.add(card(std::string(128, 'a'))));
  CHECK(rules.add(card("b")).error().code == errc::limit_exceeded);
  CHECK(rules.find({"", "", tier::basic, 0}).error().code
        == errc::invalid_request);
  CHECK(rules.find({"", "", tier::basic, 1'001}).error().code
        == errc::invalid_request);
}

TEST_CASE("discovery by text ranks by score, then by tier and name",
          "[registry_rules]") {
  registry_rules rules{10};
  auto cook = card("cook", {"cooking"});
  cook.description = "Prepares meals of many courses.";
  auto chef = card("chef", {"cooking", "planning"}, tier::expert);
  chef.tags = {"lead"};
  REQUIRE(rules.add(cook));
  REQUIRE(rules.add(chef));
  REQUIRE(rules.add(card("cleaner", {"cleaning"})));
  protocol::discover_agents ask;
  ask.text = "Prepare a meal, and cook it well";
  CHECK(names(rules, ask) == list{"cook", "chef"});
  CHECK(rules.find(ask)->front().permille > rules.find(ask)->back().permille);
  ask.level = tier::advanced;
  CHECK(names(rules, ask) == list{"chef"});
  ask.level = tier::basic;
  ask.tags = {"lead"};
  CHECK(names(rules, ask) == list{"chef"});
  ask.text = "sing";
  CHECK(rules.find(ask).error().code == errc::unknown_agent);
  CHECK(rules.find(ask).error().detail == "no agent matches the text");
}

TEST_CASE("what is registered after the first question by text is found too",
          "[registry_rules]") {
  registry_rules rules{10};
  protocol::discover_agents ask;
  ask.text = "painting";
  CHECK(names(rules, ask).empty());
  const auto first = rules.add(card("ann", {"painting"}));
  CHECK(names(rules, ask) == list{"ann"});
  REQUIRE(rules.add(card("ann", {"writing"})));
  CHECK(names(rules, ask).empty());
  const auto third = rules.add(card("ann", {"painting"}));
  rules.remove("ann", *first);
  CHECK(names(rules, ask) == list{"ann"});
  rules.remove("ann", *third);
  CHECK(names(rules, ask).empty());
}

TEST_CASE("an index that is built in steps misses nobody who comes or leaves",
          "[registry_rules]") {
  registry_rules rules{1'000};
  std::vector<std::uint64_t> incarnations;
  const auto agent = [](int i) {
    return "a" + std::to_string(i);
  };
  for (int i = 0; i < 10; ++i)
    incarnations.push_back(*rules.add(card(agent(i), {"painting"})));
  protocol::discover_agents ask;
  CHECK(rules.is_ready_for(ask));
  ask.text = "painting";
  CHECK_FALSE(rules.is_ready_for(ask));
  CHECK_FALSE(rules.index_some(3));
  for (int i = 0; i < 10; i += 2)
    rules.remove(agent(i), incarnations[static_cast<std::size_t>(i)]);
  REQUIRE(rules.add(card("a0", {"painting"})));
  REQUIRE(rules.add(card("a1", {"writing"})));
  while (!rules.index_some(1))
    CHECK_FALSE(rules.is_ready_for(ask));
  CHECK(rules.is_ready_for(ask));
  CHECK(names(rules, ask) == list{"a0", "a3", "a5", "a7", "a9"});
}

TEST_CASE("discovery by tags wants each of them", "[registry_rules]") {
  registry_rules rules{10};
  auto one = card("one");
  one.tags = {"red", "round"};
  auto two = card("two");
  two.tags = {"red"};
  REQUIRE(rules.add(one));
  REQUIRE(rules.add(two));
  protocol::discover_agents ask;
  ask.tags = {"red"};
  CHECK(names(rules, ask) == list{"one", "two"});
  ask.tags = {"red", "round"};
  CHECK(names(rules, ask) == list{"one"});
  ask.tags = {"blue"};
  CHECK(rules.find(ask).error().detail == "no agent of those tags and tier");
  CHECK(rules.names_of("", "round") == list{"one"});
  CHECK(rules.names_of("", "").size() == 2);
}

TEST_CASE("cards and questions beyond their limits are refused",
          "[registry_rules]") {
  registry_rules rules{10};
  auto long_one = card("a");
  long_one.description = std::string(4'097, 'x');
  CHECK(rules.add(long_one).error().code == errc::invalid_request);
  CHECK_FALSE(rules.add(card("a", {std::string(129, 'x')})));
  auto tagged = card("a");
  tagged.tags = list(65, "x");
  CHECK_FALSE(rules.add(tagged));
  protocol::discover_agents ask;
  ask.text = std::string(4'097, 'x');
  CHECK(rules.find(ask).error().code == errc::invalid_request);
  ask.text.clear();
  ask.tags = list(65, "x");
  CHECK(rules.find(ask).error().code == errc::invalid_request);
}
