#include "inbound.hpp"
#include "journal_words.hpp"
#include "support/node/nodes.hpp"
#include "support/node/raw_peer.hpp"

#include <random>

namespace troupe::cluster {

using namespace test;

namespace {

std::string task_for(const std::string& agent, std::uint64_t seed) {
  protocol::request<protocol::perform_task> ask;
  ask.head.message = {seed, seed};
  ask.head.to = agent;
  ask.body.task = "it";
  return message_body(ask, 0).value();
}

/// It serves whoever behaves.
void check_well(node& it) {
  raw_peer good{it.address()};
  REQUIRE(good.join(raw_peer::hello_named("good")));
  REQUIRE(good.say(
      raw_peer::frame_of(frame_kind::message, task_for("teller", 99), 1)));
  const auto answer = good.hear(frame_kind::message);
  REQUIRE(answer.has_value());
}

} // namespace

TEST_CASE("whoever does not introduce itself well is cut", "[node][hostile]") {
  const auto it = start_node("a");
  add_teller(*it, "teller", "told");
  const auto hello_frame = [](const hello& mine) {
    return raw_peer::frame_of(frame_kind::hello, text_of(mine));
  };
  auto other_cluster = raw_peer::hello_named("b");
  other_cluster.cluster = "elsewhere";
  auto own_name = raw_peer::hello_named("a");
  auto bad_name = raw_peer::hello_named("b\n");
  auto no_version = raw_peer::hello_named("b");
  no_version.version_min = no_version.version_max = 99;
  auto other_schema = raw_peer::hello_named("b");
  other_schema.schema = 9 * 256;
  auto other_protocol = raw_peer::hello_named("b");
  other_protocol.protocol = "http";
  for (const auto& bytes :
       {std::string{"GET / HTTP/1.1\r\nHost: x\r\n\r\n"}, std::string(64, '\0'),
        std::string(100'000, '\xFF'), hello_frame(other_cluster),
        hello_frame(own_name), hello_frame(bad_name), hello_frame(no_version),
        hello_frame(other_schema), hello_frame(other_protocol),
        raw_peer::frame_of(frame_kind::hello, "{"),
        raw_peer::frame_of(frame_kind::hello, std::string(20'000, ' ')),
        raw_peer::frame_of(frame_kind::message, task_for("teller", 1), 1),
        raw_peer::frame_of(frame_kind::begin, text_of(begin{1, 1}))}) {
    raw_peer stranger{it->address()};
    (void)stranger.say(bytes);
    CHECK(stranger.is_cut());
  }
  check_well(*it);
}

TEST_CASE("a peer that says what it must not is cut, and nobody else is",
          "[node][hostile]") {
  const auto it = start_node("a");
  add_teller(*it, "teller", "told");
  std::string vast = raw_peer::frame_of(frame_kind::message, "x", 1);
  vast[3] = '\x7F'; // two gigabytes are announced
  const auto task = task_for("teller", 1);
  for (const auto& bytes :
       {vast, raw_peer::frame_of(frame_kind::message, "", 1),
        raw_peer::frame_of(frame_kind::message, std::string(5, 'x'), 1),
        raw_peer::frame_of(frame_kind::message, std::string(500, 'x'), 1),
        raw_peer::frame_of(frame_kind::message, task, 2), // one is missing
        raw_peer::frame_of(frame_kind::begin, text_of(begin{1, 1})), // twice
        raw_peer::frame_of(frame_kind::hello,
                           text_of(raw_peer::hello_named("b"))),
        raw_peer::frame_of(frame_kind::ping, "1"),
        raw_peer::frame_of(frame_kind::failure, "{}", 1)}) {
    raw_peer bad{it->address()};
    REQUIRE(bad.join(raw_peer::hello_named("bad")));
    (void)bad.say(bytes);
    CHECK(bad.is_cut());
  }
  check_well(*it);
}

TEST_CASE("a frame that is said again is handled once (replay)",
          "[node][hostile]") {
  const auto it = start_node("a");
  std::atomic<int> done{0};
  REQUIRE(it->host()
              .add_agent({.name = "teller"},
                         [&done](const task_view&) {
                           ++done;
                           return std::string{"told"};
                         })
              .has_value());
  raw_peer peer{it->address()};
  REQUIRE(peer.join(raw_peer::hello_named("b")));
  const auto bytes =
      raw_peer::frame_of(frame_kind::message, task_for("teller", 1), 1);
  for (int i = 0; i < 10; ++i)
    REQUIRE(peer.say(bytes));
  REQUIRE(peer.say(
      raw_peer::frame_of(frame_kind::message, task_for("teller", 2), 2)));
  REQUIRE(peer.hear(frame_kind::message).has_value());
  REQUIRE(peer.hear(frame_kind::message).has_value());
  CHECK(done == 2);
  CHECK(view_of(*it, "b").repeated == 9);
}

TEST_CASE(
    "an answer of another kind than was asked for ends that question alone",
    "[node][hostile]") {
  const auto it = start_node("a");
  add_teller(*it, "teller", "told");
  REQUIRE(it->host()
              .add_agent(
                  {.name = "payer"},
                  [](const task_view& task) {
                    return task.effect("pay", "{}", [](const auto&) {
                      return protocol::result<std::string>{"paid"};
                    });
                  },
                  execution::blocking)
              .has_value());
  raw_peer peer{it->address()};
  REQUIRE(peer.join(raw_peer::hello_named("b")));
  protocol::request<protocol::perform_task> ask;
  ask.head.message = {1, 1};
  ask.head.conversation = {5, 5};
  ask.head.to = "payer";
  ask.body.task = "it";
  ask.body.account = "default/far-" + to_string(ask.head.conversation);
  REQUIRE(peer.say(raw_peer::frame_of(frame_kind::message,
                                      message_body(ask, 0).value(), 1)));
  const auto question = peer.hear(frame_kind::ask);
  REQUIRE(question.has_value());
  const auto asked = read_question(question->body);
  REQUIRE(asked.has_value());
  protocol::response<protocol::account_state> other;
  other.head.correlation = asked->request;
  REQUIRE(peer.say(raw_peer::frame_of(frame_kind::message,
                                      message_body(other, 0).value(), 2)));
  REQUIRE(peer.hear(frame_kind::failure).has_value()); // of the task
  REQUIRE(peer.say(
      raw_peer::frame_of(frame_kind::message, task_for("teller", 3), 3)));
  CHECK(peer.hear(frame_kind::message).has_value());
}

TEST_CASE("a deadline beyond all time is one that is far away",
          "[node][hostile]") {
  const auto it = start_node("a");
  add_teller(*it, "teller", "told");
  raw_peer peer{it->address()};
  REQUIRE(peer.join(raw_peer::hello_named("b")));
  protocol::request<protocol::perform_task> ask;
  ask.head.to = "teller";
  std::uint64_t number = 0;
  for (const auto left :
       {UINT64_MAX, UINT64_MAX / 2, std::uint64_t{1} << 53U}) {
    ask.head.message = {7, ++number};
    REQUIRE(peer.say(raw_peer::frame_of(
        frame_kind::message, message_body(ask, left).value(), number)));
    CHECK(peer.hear(frame_kind::message).has_value());
  }
}

TEST_CASE("requests that links do not carry are refused", "[node][hostile]") {
  const auto it = start_node("a");
  raw_peer peer{it->address()};
  REQUIRE(peer.join(raw_peer::hello_named("b")));
  protocol::request<protocol::open_account> ask;
  ask.head.message = {1, 1};
  ask.body.path = "default";
  REQUIRE(peer.say(raw_peer::frame_of(frame_kind::message,
                                      message_body(ask, 0).value(), 1)));
  const auto answer = peer.hear(frame_kind::failure);
  REQUIRE(answer.has_value());
  CHECK(answer->body.find("invalid_request") != std::string::npos);
}

TEST_CASE("bytes by chance end a connection and cost nothing else",
          "[node][hostile]") {
  const auto it = start_node("a");
  add_teller(*it, "teller", "told");
  for (unsigned seed = 0; seed < 200; ++seed) {
    std::mt19937 random{seed};
    raw_peer peer{it->address()};
    if (seed % 2 == 0 && !peer.join(raw_peer::hello_named("b")))
      continue; // the link of the one before has not ended yet
    auto bytes = raw_peer::frame_of(frame_kind::message,
                                    task_for("teller", seed + 1), 1);
    for (unsigned i = 0; i < 1 + random() % 8; ++i)
      bytes[random() % bytes.size()] = static_cast<char>(random());
    (void)peer.say(bytes);
    std::string noise(random() % 300, '\0');
    for (auto& byte : noise)
      byte = static_cast<char>(random());
    (void)peer.say(noise);
  }
  check_well(*it);
}

TEST_CASE("strangers that say nothing keep nobody from joining",
          "[node][hostile]") {
  const auto it = start_node("a");
  std::vector<std::unique_ptr<raw_peer>> silent;
  for (int i = 0; i < 100; ++i)
    silent.push_back(std::make_unique<raw_peer>(it->address()));
  const auto begin = std::chrono::steady_clock::now();
  raw_peer good{it->address()};
  CHECK(good.join(raw_peer::hello_named("good")));
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds{3});
  CHECK(silent.front()->is_cut());
}

TEST_CASE("a node without certificates listens on loopback only",
          "[node][hostile]") {
  auto config = node_named("a");
  config.listen = "0.0.0.0:0";
  const auto it = node::start(config);
  REQUIRE_FALSE(it.has_value());
  CHECK(it.error().code == protocol::errc::config_invalid);
}

} // namespace troupe::cluster
