#include "exchange_diff.hpp"
#include "known_secrets.hpp"
#include "support/catch.hpp"
#include "troupe/actors/exchange_book.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>

using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using protocol::model_exchange;
using protocol::replay_mode;

namespace {

protocol::model_call call_of(const std::string& prompt,
                             const std::string& task = "t") {
  protocol::model_call call;
  call.model = "small";
  call.account = "default/m-1/" + task + "/writer";
  call.messages = {{protocol::chat_role::user, {protocol::text_part{prompt}}}};
  return call;
}

model_exchange exchange_of(std::uint64_t number, protocol::model_call call,
                           const std::string& answer) {
  model_exchange it;
  it.number = number;
  it.provider = "p";
  it.asked = std::move(call);
  it.reply.emplace().content = {protocol::text_part{answer}};
  return it;
}

std::string text_of(const protocol::result<exchange_book::exchange_ptr>& it) {
  return it ? protocol::text_of((*it)->reply->content) : it.error().detail;
}

} // namespace

TEST_CASE("each exchange answers one call, in the order of recording",
          "[exchange_book]") {
  exchange_book book{{exchange_of(2, call_of("a"), "second"),
                      exchange_of(1, call_of("a"), "first")},
                     replay_mode::strict};
  CHECK(text_of(book.take("p", call_of("a"))) == "first");
  CHECK(text_of(book.take("p", call_of("a"))) == "second");
  const auto third = book.take("p", call_of("a"));
  REQUIRE(third.has_error());
  CHECK(third.error().code == errc::invalid_request);
  CHECK(third.error().detail.find("not so often") != std::string::npos);
  CHECK(book.counts().replayed == 2);
  CHECK(book.counts().drifted == 1);
  CHECK(book.counts().unused.empty());
}

TEST_CASE("calls that came together are told apart by their tasks",
          "[exchange_book]") {
  exchange_book book{{exchange_of(1, call_of("a", "left"), "L"),
                      exchange_of(2, call_of("a", "right"), "R")},
                     replay_mode::strict};
  CHECK(text_of(book.take("p", call_of("a", "right"))) == "R");
  CHECK(text_of(book.take("p", call_of("a", "left"))) == "L");
}

TEST_CASE("who pays does not matter to a replay", "[exchange_book]") {
  exchange_book book{{exchange_of(1, call_of("a"), "A")}, replay_mode::strict};
  auto call = call_of("a");
  call.account = "default/m-2/t/writer";
  call.level = protocol::tier::expert;
  CHECK(text_of(book.take("p", call)) == "A");
}

TEST_CASE("a strict replay tells how a call differs from the nearest",
          "[exchange_book]") {
  exchange_book book{{exchange_of(1, call_of("Tell about the sea.", "t"), "A"),
                      exchange_of(2, call_of("Sum up.", "u"), "B")},
                     replay_mode::strict};
  auto call = call_of("Tell about the moon.", "t");
  call.output_tokens_max = 77;
  const auto got = book.take("p", call);
  REQUIRE(got.has_error());
  const auto& text = got.error().detail;
  INFO(text);
  CHECK(text.find("the call of t/writer to small was not recorded; the nearest "
                  "is exchange 1:")
        == 0);
  CHECK(text.find("/messages/0/content/0/text/text: from byte 15 on, recorded "
                  "\"Tell about the sea.\", now \"Tell about the moon.\"")
        != std::string::npos);
  CHECK(text.find("/output_tokens_max: recorded nothing, now 77")
        != std::string::npos);
  CHECK(book.counts().unused == std::vector<std::uint64_t>{1, 2});
}

TEST_CASE("another provider is another call", "[exchange_book]") {
  exchange_book book{{exchange_of(1, call_of("a"), "A")}, replay_mode::strict};
  const auto got = book.take("q", call_of("a"));
  REQUIRE(got.has_error());
  CHECK(got.error().detail.find("/provider: from byte 0 on")
        != std::string::npos);
}

TEST_CASE("an empty recording answers nothing", "[exchange_book]") {
  for (const auto mode : {replay_mode::strict, replay_mode::lenient}) {
    exchange_book book{{}, mode};
    CHECK(text_of(book.take("p", call_of("a"))).find("recording is empty")
          != std::string::npos);
    CHECK(book.counts().drifted == 1);
  }
}

TEST_CASE("a lenient replay answers with the nearest, and counts it",
          "[exchange_book]") {
  auto other = call_of("x", "v");
  other.model = "large";
  exchange_book book{{exchange_of(1, call_of("Sum up.", "u"), "of u"),
                      exchange_of(2, call_of("Tell.", "t"), "of t"),
                      exchange_of(3, other, "large")},
                     replay_mode::lenient};
  CHECK(text_of(book.take("p", call_of("Tell!", "t"))) == "of t");
  CHECK(text_of(book.take("p", call_of("Tell!", "w"))) == "of u");
  CHECK(text_of(book.take("p", call_of("Tell.", "t"))) == "of t"); // again
  auto foreign = call_of("y", "w");
  foreign.model = "third";
  CHECK(book.take("p", foreign).has_error());
  CHECK(book.counts().nearest == 3);
  CHECK(book.counts().drifted == 1);
  CHECK(book.counts().unused == std::vector<std::uint64_t>{3});
}

TEST_CASE("what had been cancelled need not be asked for again",
          "[exchange_book]") {
  model_exchange it;
  it.number = 1;
  it.provider = "p";
  it.asked = call_of("a");
  it.failure = protocol::fail(errc::cancelled, "enough");
  const exchange_book book{{it}, replay_mode::strict};
  CHECK(book.counts().unused.empty());
  // It would wait for ever as an answer to another call.
  exchange_book near{{it}, replay_mode::lenient};
  CHECK(near.take("p", call_of("b")).has_error());
  CHECK(near.take("p", call_of("a")).has_value());
  CHECK(near.take("p", call_of("a")).has_error());
}

TEST_CASE("a replay in any order gives each call its own answer",
          "[exchange_book]") {
  std::vector<model_exchange> recorded;
  for (std::uint64_t i = 0; i < 200; ++i)
    recorded.push_back(exchange_of(
        i + 1,
        call_of("prompt " + std::to_string(i % 7), "t" + std::to_string(i)),
        std::to_string(i)));
  std::uint64_t seed = 17;
  for (int round = 0; round < 20; ++round) {
    INFO("seed 17, round " << round);
    exchange_book book{recorded, replay_mode::strict};
    std::vector<std::uint64_t> order(recorded.size());
    for (std::uint64_t i = 0; i < order.size(); ++i)
      order[i] = i;
    for (std::uint64_t i = order.size(); i > 1; --i) {
      seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
      std::swap(order[i - 1], order[(seed >> 33U) % i]);
    }
    for (const auto i : order)
      REQUIRE(text_of(book.take("p", recorded[i].asked)) == std::to_string(i));
    CHECK(book.counts().unused.empty());
  }
}

TEST_CASE("differences have bounds", "[exchange_diff]") {
  const auto lines = [](const char* a, const char* b, std::size_t most = 3) {
    return differences(boost::json::parse(a), boost::json::parse(b), most);
  };
  CHECK(lines("1", "1").empty());
  CHECK(lines("[1,2]", "[1]")
        == std::vector<std::string>{"/: recorded 2 items, now 1"});
  CHECK(lines(R"({"a":1})", R"({"b":"x\ny"})")
        == std::vector<std::string>{"/a: recorded 1, now nothing",
                                    "/b: recorded nothing, now \"x y\""});
  CHECK(lines("[1,2,3,4,5]", "[2,3,4,5,6]").size() == 4);
  CHECK(lines("[1,2,3,4,5]", "[2,3,4,5,6]").back() == "and more");
  const auto long_text = '"' + std::string(100'000, 'x') + "ä\"";
  const auto far = lines(long_text.c_str(), "\"xxä\"");
  REQUIRE(far.size() == 1);
  CHECK(far[0].size() < 250);
  CHECK(far[0].find("from byte 2 on") != std::string::npos);
}

TEST_CASE("a difference never ends in half a character", "[exchange_diff]") {
  std::string wide;
  for (int i = 0; i < 60; ++i)
    wide += "€";
  for (std::size_t cut = 0; cut < 60; ++cut) {
    const auto other = wide.substr(0, 3 * cut) + "x";
    for (const auto& line : differences(boost::json::string(wide),
                                        boost::json::string(other), 3)) {
      boost::json::value out;
      CHECK_NOTHROW(out = boost::json::parse('"' + [&] {
                      std::string bare;
                      for (const char c : line)
                        if (c != '"')
                          bare += c;
                      return bare;
                    }() + '"'));
    }
  }
}

TEST_CASE("known secrets are hidden in every text of an exchange",
          "[known_secrets]") {
  const known_secrets hide{{"tulip\"42", "tul", ""}};
  auto it = exchange_of(1, call_of("say tulip\"42"), "it is tulip\"42");
  it.asked.system = R"({"key":"tulip\"42"})";
  it.asked.tools = {{"look", "tulip\"42", "{}"}};
  it.pieces = {{{}, "tulip\"42"}};
  hide.hide_in(it);
  const auto line = to_line(it);
  INFO(line);
  CHECK(line.find("tul") == std::string::npos);
  CHECK(it.asked.system == R"({"key":"[redacted]"})");
  CHECK(it.pieces[0].text == "[redacted]");
  CHECK(known_secrets{}.is_empty());
}
