#include "history_rules.hpp"
#include "support/actors/show_result.hpp"
#include "support/message_samples.hpp"
#include "support/protocol/plant.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <set>

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using protocol::find_messages;
using protocol::instant;
using protocol::message_kind;
using protocol::recorded_message;
using protocol::test::random_source;

namespace {

const instant start{1'800'000'000s};

protocol::any_message saying(std::string text, std::uint64_t conversation = 1) {
  protocol::notification<protocol::model_delta> it;
  it.head.conversation = {conversation, 1};
  it.head.from = "ann";
  it.head.to = "bob";
  it.body.text = std::move(text);
  return it;
}

std::vector<recorded_message> all_of(history_rules& rules, find_messages ask,
                                     instant now) {
  std::vector<recorded_message> all;
  for (;;) {
    auto page = rules.find(ask, now);
    REQUIRE(page);
    REQUIRE(page->messages.size() <= ask.count_max);
    for (auto& it : page->messages)
      all.push_back(std::move(it));
    if (!page->has_more)
      return all;
    REQUIRE(page->reached > ask.after);
    ask.after = page->reached;
  }
}

std::string words(random_source& source, std::size_t size) {
  std::string text;
  while (text.size() < size)
    text += static_cast<char>('a' + source.below(26));
  return text;
}

/// Does random things to the rules and to a plain list of messages.
class random_script {
public:
  explicit random_script(std::uint64_t seed)
      : source_(seed), limits_(small(source_)), rules_(limits_) {}

  void run(int steps) {
    for (int i = 0; i < steps; ++i) {
      now_ += std::chrono::seconds{source_.below(20)};
      if (source_.below(4) != 0)
        add();
      else
        ask();
    }
  }

private:
  static history_limits small(random_source& source) {
    history_limits limits;
    limits.entries_max = 1 + source.below(40);
    limits.bytes_max = source.coin() ? 64U << 20U : 2'000 + source.below(9'000);
    limits.age_max = std::chrono::seconds{1 + source.below(600)};
    limits.page_bytes_max = 1 + source.below(2'000);
    limits.looked_at_max = 1 + source.below(30);
    return limits;
  }

  std::string name() { return std::string(1, "abc"[source_.below(3)]); }

  void add() {
    recorded_message it;
    const auto fill = [&](auto message) {
      message.head.conversation = {source_.below(4), 0};
      message.head.from = name();
      message.head.to = name();
      it.kind = message.kind;
      it.type = protocol::body_name<decltype(message.body)>;
      it.head = message.head;
      it.body = boost::json::serialize(protocol::to_json(message.body));
      REQUIRE(rules_.add(message, now_));
    };
    if (source_.coin())
      fill(protocol::notification<protocol::model_delta>{
          {}, {words(source_, source_.below(900))}});
    else
      fill(protocol::request<protocol::read_state>{{}, {name(), 0}});
    it.at = now_;
    it.sequence = ++last_;
    model_.push_back(std::move(it));
    check_bounds();
  }

  /// What the rules have given up is the oldest, and no more than needed.
  void check_bounds() {
    const auto it = rules_.figures();
    REQUIRE(it.recorded == last_);
    REQUIRE(it.entries <= limits_.entries_max);
    REQUIRE(it.bytes <= limits_.bytes_max);
    std::uint64_t needed = 0;
    for (const auto& one : model_)
      if (one.at < now_ - limits_.age_max
          || one.sequence + limits_.entries_max <= last_)
        needed = one.sequence;
    REQUIRE(it.given_up >= needed);
    if (limits_.bytes_max > 1U << 20U)
      REQUIRE(it.given_up == std::max(needed, given_up_));
    given_up_ = it.given_up;
    std::erase_if(model_,
                  [&](const auto& one) { return one.sequence <= it.given_up; });
    std::set<protocol::id> conversations;
    for (const auto& one : model_)
      if (one.head.conversation)
        conversations.insert(one.head.conversation);
    REQUIRE(it.conversations == conversations.size());
    REQUIRE((it.entries > 0 || it.bytes == 0));
  }

  void ask() {
    find_messages it;
    it.count_max = static_cast<std::uint32_t>(1 + source_.below(8));
    it.conversation = {source_.below(4), 0};
    if (source_.coin())
      it.agent = name();
    if (source_.below(3) == 0)
      it.kind =
          source_.coin() ? message_kind::request : message_kind::notification;
    if (source_.below(3) == 0)
      it.type = source_.coin() ? "read_state" : "other";
    if (source_.below(3) == 0)
      it.from = now_ - std::chrono::seconds{source_.below(700)};
    if (source_.below(3) == 0)
      it.until = now_ - std::chrono::seconds{source_.below(300)};
    if (source_.below(3) == 0)
      it.after = source_.below(last_ + 3);
    std::vector<recorded_message> expected;
    for (const auto& one : model_)
      if (is_match(it, one))
        expected.push_back(one);
    CHECK(all_of(rules_, it, now_) == expected);
  }

  bool is_match(const find_messages& ask, const recorded_message& it) const {
    return it.at >= now_ - limits_.age_max && it.sequence > ask.after
           && (!ask.conversation || it.head.conversation == ask.conversation)
           && (ask.agent.empty() || it.head.from == ask.agent
               || it.head.to == ask.agent)
           && (!ask.kind || *ask.kind == it.kind)
           && (ask.type.empty() || ask.type == it.type)
           && (ask.from == instant{} || it.at >= ask.from)
           && (ask.until == instant{} || it.at < ask.until);
  }

  random_source source_;
  history_limits limits_;
  history_rules rules_;
  instant now_ = start;
  std::uint64_t last_ = 0;
  std::uint64_t given_up_ = 0;
  std::vector<recorded_message> model_;
};

} // namespace

TEST_CASE("the history finds what a plain list finds, within its bounds",
          "[history_rules]") {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    CAPTURE(seed);
    random_script{seed}.run(200);
  }
}

TEST_CASE("a growing conversation costs only what is new in it",
          "[history_rules]") {
  random_source source{7};
  history_rules rules;
  protocol::request<protocol::model_call> call;
  std::size_t spoken = 0;
  std::size_t sent = 0;
  for (int turn = 0; turn < 60; ++turn) {
    const auto text = words(source, 1'500);
    spoken += text.size();
    call.body.messages.push_back(
        {protocol::chat_role::user, {protocol::text_part{text}}});
    sent += spoken;
    REQUIRE(rules.add(call, start));
  }
  const auto it = rules.figures();
  CAPTURE(it.bytes, it.pieces, spoken, sent);
  CHECK(it.bytes < 4 * spoken);
  CHECK(it.bytes < sent / 8);
  const auto all = all_of(rules, {}, start);
  REQUIRE(all.size() == 60);
  CHECK(all.back().body
        == boost::json::serialize(protocol::to_json(call.body)));
}

TEST_CASE("the same body is kept once and goes with its last message",
          "[history_rules]") {
  history_limits limits;
  limits.entries_max = 3;
  history_rules rules{limits};
  const std::string text(100'000, 'x');
  for (int i = 0; i < 10; ++i)
    REQUIRE(rules.add(saying(text), start));
  CHECK(rules.figures().bytes < 20'000);
  for (int i = 0; i < 3; ++i)
    REQUIRE(rules.add(saying("y"), start));
  CHECK(rules.figures().pieces == 1);
}

TEST_CASE("a body beyond the bound is counted, not kept", "[history_rules]") {
  history_limits limits;
  limits.body_bytes_max = 100;
  history_rules rules{limits};
  CHECK_FALSE(rules.add(saying(std::string(100, 'x')), start));
  CHECK(rules.add(saying("x"), start));
  const auto it = rules.figures();
  CHECK(it.too_large == 1);
  CHECK(it.entries == 1);
}

TEST_CASE("what is too old is not told, even if nothing came since",
          "[history_rules]") {
  history_rules rules;
  REQUIRE(rules.add(saying("x"), start));
  CHECK(all_of(rules, {}, start + 24h).size() == 1);
  CHECK(all_of(rules, {}, start + 24h + 1ns).empty());
  CHECK(rules.figures().bytes == 0);
}

TEST_CASE("a page must be of one to a thousand messages", "[history_rules]") {
  history_rules rules;
  find_messages ask;
  for (const std::uint32_t count : {0U, 1'001U}) {
    ask.count_max = count;
    const auto page = rules.find(ask, start);
    REQUIRE_FALSE(page);
    CHECK(page.error().code == errc::invalid_request);
  }
}

TEST_CASE("a secret planted anywhere in any message is never told",
          "[history_rules]") {
  struct canary {
    std::string text; ///< As it is planted.
    std::string core; ///< What must not be seen.
  };
  const auto it = GENERATE(canary{"tulip-\"garden\"-42!", "garden"},
                           canary{"sk-ant-canary0123456789", "canary"},
                           canary{"ghp_canary0123456789canary", "canary"},
                           canary{"xoxb-1234-canary-1234", "canary"},
                           canary{"AKIACANARY0123456789", "CANARY"},
                           canary{"Authorization: Bearer canary", "canary"},
                           canary{R"({"api_key":"canary","n":1})", "canary"},
                           canary{R"({\"password\" : \"canary\"})", "canary"},
                           canary{"client_secret=canary", "canary"});
  random_source source{11};
  history_rules rules{{}, {{"tulip-\"garden\"-42!"}}};
  std::size_t planted = 0;
  for (std::size_t type = 0; type < protocol::test::message_type_count();
       ++type)
    for (int round = 0; round < 5; ++round) {
      auto message = protocol::test::random_message(type, source);
      protocol::test::for_each_text_of(message, [&](std::string& text) {
        text += ' ' + it.text;
        ++planted;
      });
      REQUIRE(rules.add(message, start));
    }
  REQUIRE(planted > 500);
  std::size_t told = 0;
  for (auto& one : all_of(rules, {}, start)) {
    protocol::test::for_each_text(one, [&](std::string& text) {
      CAPTURE(one.type, text);
      REQUIRE(text.find(it.core) == std::string::npos);
      ++told;
    });
  }
  CHECK(told > 100);
}

TEST_CASE("messages without secrets are told as they were", "[history_rules]") {
  random_source source{13};
  history_rules rules;
  std::vector<protocol::any_message> sent;
  for (std::size_t type = 0; type < protocol::test::message_type_count();
       ++type)
    for (int round = 0; round < 20; ++round) {
      sent.push_back(protocol::test::random_message(type, source));
      REQUIRE(rules.add(sent.back(), start));
    }
  const auto all = all_of(rules, {}, start);
  REQUIRE(all.size() == sent.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto again = protocol::decode_message(to_line(all[i]));
    REQUIRE(again);
    CHECK(*again == sent[i]);
  }
}
