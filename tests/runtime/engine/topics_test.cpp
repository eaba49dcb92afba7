#include "support/catch.hpp"
#include "troupe/runtime/runtime.hpp"

#include <future>

using namespace troupe;
using namespace std::chrono_literals;
using protocol::errc;

namespace {

runtime_config quiet() {
  runtime_config config;
  config.log.level = log_level::off;
  return config;
}

protocol::publish note(std::string topic, std::string content) {
  return {std::move(topic), {}, std::move(content)};
}

/// The content of the next message; empty when something else came.
std::string next_text(topic_feed& feed) {
  const auto item = feed.next(10s);
  if (!item || !std::holds_alternative<protocol::topic_message>(*item))
    return {};
  return std::get<protocol::topic_message>(*item).content;
}

} // namespace

TEST_CASE("a feed gives what is published below its prefix, in order",
          "[runtime_topics]") {
  auto troupe = runtime::create(quiet());
  REQUIRE(troupe.has_value());
  auto feed = troupe->follow("news.");
  REQUIRE(feed.has_value());
  REQUIRE(troupe->publish(note("other", "no")).has_value());
  const auto first = troupe->publish(note("news.a", "one"), "ann");
  REQUIRE(first.has_value());
  CHECK(first->followers == 1);
  REQUIRE(troupe->publish(note("news.b", "two")).has_value());
  const auto item = feed->next(10s);
  REQUIRE(item.has_value());
  const auto& message = std::get<protocol::topic_message>(*item);
  CHECK(message.content == "one");
  CHECK(message.publisher == "ann");
  CHECK(message.offset == first->offset);
  CHECK(next_text(*feed) == "two");
  CHECK_FALSE(feed->next(0ms).has_value());
  CHECK_FALSE(feed->ended().has_value());
}

TEST_CASE("a reader gets more than its window when it reads",
          "[runtime_topics]") {
  auto troupe = runtime::create(quiet());
  REQUIRE(troupe.has_value());
  auto feed = troupe->follow("a", {3, 0});
  REQUIRE(feed.has_value());
  for (int i = 0; i < 50; ++i)
    REQUIRE(troupe->publish(note("a", std::to_string(i))).has_value());
  for (int i = 0; i < 50; ++i)
    CHECK(next_text(*feed) == std::to_string(i));
}

TEST_CASE("a second reader gets what is still kept", "[runtime_topics]") {
  auto troupe = runtime::create(quiet());
  REQUIRE(troupe.has_value());
  const auto first = troupe->publish(note("a", "one"));
  REQUIRE(first.has_value());
  REQUIRE(troupe->publish(note("a", "two")).has_value());
  auto feed = troupe->follow("a", {10, first->offset});
  REQUIRE(feed.has_value());
  CHECK(next_text(*feed) == "one");
  CHECK(next_text(*feed) == "two");
}

TEST_CASE("a feed that goes away frees its subscription", "[runtime_topics]") {
  auto troupe = runtime::create(quiet());
  REQUIRE(troupe.has_value());
  {
    auto feed = troupe->follow("a");
    REQUIRE(feed.has_value());
    CHECK(troupe->publish(note("a", "x"))->followers == 1);
  }
  std::uint32_t followers = 1;
  for (int i = 0; i < 10'000 && followers != 0; ++i)
    followers = troupe->publish(note("a", "x"))->followers;
  CHECK(followers == 0);
}

TEST_CASE("a feed outlives its runtime and tells why it has ended",
          "[runtime_topics]") {
  std::optional<topic_feed> feed;
  {
    auto troupe = runtime::create(quiet());
    REQUIRE(troupe.has_value());
    auto followed = troupe->follow("a");
    REQUIRE(followed.has_value());
    feed.emplace(std::move(*followed));
  }
  CHECK_FALSE(feed->next(10s).has_value());
  REQUIRE(feed->ended().has_value());
  CHECK(feed->ended()->code == errc::unreachable);
}

TEST_CASE("topics, filters and windows are checked", "[runtime_topics]") {
  auto troupe = runtime::create(quiet());
  REQUIRE(troupe.has_value());
  CHECK(troupe->publish(note("a.", "x")).error().code == errc::invalid_request);
  CHECK(troupe->follow("").error().code == errc::invalid_request);
  CHECK(troupe->follow("a", {0, 0}).error().code == errc::invalid_request);
}

TEST_CASE("a broadcast is heard by the agents of its skill",
          "[runtime_topics]") {
  auto troupe = runtime::create(quiet());
  REQUIRE(troupe.has_value());
  std::promise<std::string> heard;
  auto text = heard.get_future();
  protocol::agent_card card;
  card.name = "ann";
  card.skills = {"count"};
  const auto code = [](const task_view&) -> protocol::result<std::string> {
    return std::string{"ok"};
  };
  REQUIRE(troupe
              ->add_agent(card, code, execution::inline_,
                          [&](const protocol::announcement& it) {
                            heard.set_value(it.publisher + ": " + it.content);
                          })
              .has_value());
  card.name = "bob";
  card.skills = {"paint"};
  REQUIRE(troupe->add_agent(card, code).has_value());
  const auto sent = troupe->broadcast({"count", {}, {}, "stop"}, "chief");
  REQUIRE(sent.has_value());
  CHECK(sent->reached == 1);
  CHECK(sent->refused == 0);
  REQUIRE(text.wait_for(10s) == std::future_status::ready);
  CHECK(text.get() == "chief: stop");
}
