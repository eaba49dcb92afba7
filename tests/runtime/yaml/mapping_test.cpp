#include "support/catch.hpp"
#include "troupe/protocol/agent.hpp"
#include "yaml/mapping.hpp"

using namespace troupe;
using namespace std::chrono_literals;

namespace {

struct fixture {
  explicit fixture(std::string_view text)
      : root{yaml::parse(text, found)}, fields{*root, found} {}

  std::string told() {
    auto list = found.take();
    return to_text(list);
  }

  yaml::problems found{"m.yaml"};
  std::optional<yaml::node> root;
  yaml::mapping fields;
};

} // namespace

TEST_CASE("fields are read into their variables", "[yaml]") {
  fixture f{"id: digest\nbudget: 2.50 USD\nwait: 10m\nattempts: 3\n"
            "on: true\ntier: expert\nneeds: [a, b]\nskills: one\n"};
  std::string id;
  protocol::money budget;
  protocol::duration wait{};
  std::uint32_t attempts = 0;
  bool on = false;
  auto tier = protocol::tier::basic;
  std::vector<std::string> needs;
  std::vector<std::string> skills;
  f.fields.text("id", id);
  f.fields.money("budget", budget);
  f.fields.duration("wait", wait, 1ms, 24h);
  f.fields.integer("attempts", attempts, 1U, 20U);
  f.fields.boolean("on", on);
  f.fields.choice("tier", tier);
  f.fields.texts("needs", needs);
  f.fields.texts("skills", skills);
  f.fields.finish();
  CHECK(f.told().empty());
  CHECK(id == "digest");
  CHECK(budget == protocol::money{2'500'000'000});
  CHECK(wait == 10min);
  CHECK(attempts == 3);
  CHECK(on);
  CHECK(tier == protocol::tier::expert);
  CHECK(needs == std::vector<std::string>{"a", "b"});
  CHECK(skills == std::vector<std::string>{"one"});
}

TEST_CASE("an unknown key names the nearest known one", "[yaml]") {
  fixture f{"prompt: x\npromt: y\n"};
  std::string prompt;
  f.fields.text("prompt", prompt);
  f.fields.finish();
  CHECK(f.told()
        == "m.yaml:2:1: unknown key 'promt' (did you mean 'prompt'?)\n");
}

TEST_CASE("each wrong value is told at its place", "[yaml]") {
  fixture f{"n: -1\nm: \"3\"\nk: 21\nb: -2\nd: soon\nt: exprt\no: yes\n"
            "x:\nl: {a: b}\ni: [a, [b]]\n"};
  std::uint32_t n = 7;
  protocol::money b;
  protocol::duration d{};
  auto t = protocol::tier::basic;
  bool o = false;
  std::string x;
  std::vector<std::string> i;
  f.fields.integer("n", n, 1U, 20U);
  f.fields.integer("m", n, 1U, 20U);
  f.fields.integer("k", n, 1U, 20U);
  f.fields.money("b", b);
  f.fields.duration("d", d, 1ms, 1h);
  f.fields.choice("t", t);
  f.fields.boolean("o", o);
  f.fields.text("x", x);
  f.fields.list("l");
  f.fields.texts("i", i);
  f.fields.require("gone");
  CHECK(n == 7);
  CHECK(f.told()
        == "m.yaml:1:1: 'gone' is missing\n"
           "m.yaml:1:4: 'n' must be a whole number from 1 to 20, not '-1'\n"
           "m.yaml:2:4: 'm' must be a whole number from 1 to 20, not '3'\n"
           "m.yaml:3:4: 'k' must be a whole number from 1 to 20, not '21'\n"
           "m.yaml:4:4: 'b' must be an amount like '2.50 USD', not negative, "
           "not '-2'\n"
           "m.yaml:5:4: 'd' must be a time like '250ms', '30s', '10m' or "
           "'2h', not 'soon'\n"
           "m.yaml:6:4: 'exprt' is not one of basic, advanced, expert (did "
           "you mean 'expert'?)\n"
           "m.yaml:7:4: 'o' must be true or false, not 'yes'\n"
           "m.yaml:8:1: 'x' has no value; it must be text\n"
           "m.yaml:9:4: 'l' must be a list\n"
           "m.yaml:10:8: each item of 'i' must be text\n");
}

TEST_CASE("a place that holds no fields is one problem", "[yaml]") {
  fixture f{"- a\n- b\n"};
  std::string id;
  f.fields.text("id", id);
  f.fields.require("id");
  f.fields.finish();
  CHECK(f.told() == "m.yaml:1:1: expected fields here, as in 'name: value'\n");
}

TEST_CASE("a flood of problems is cut and says so", "[yaml]") {
  yaml::problems found{"m.yaml"};
  for (std::uint32_t i = 1; i <= 1000; ++i)
    found.add(i, 1, "wrong");
  auto list = found.take();
  REQUIRE(list.size() == 201);
  CHECK(list.back().message == "there are more problems than are shown");
}
