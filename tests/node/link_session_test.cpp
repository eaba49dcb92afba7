#include "link_session.hpp"
#include "support/catch.hpp"

#include <random>

namespace troupe::cluster {

namespace {

/// One side of a link, with what it has handled of the other.
struct side {
  link_session session;
  std::vector<std::string> handled;
  std::string out; ///< On its way to the other side.
  bool is_broken = false;

  explicit side(std::uint64_t incarnation,
                const session_limits& limits = {10'000, 1U << 20U, 4})
      : session(limits, incarnation) {}

  void say(const std::string& text, bool is_connected) {
    std::string bytes;
    REQUIRE(session.send(frame_kind::control, text, false, bytes).has_value());
    if (is_connected)
      out += bytes;
  }

  hello introduce() {
    hello it;
    session.introduce(it);
    return it;
  }
};

/// Hands `from`'s bytes to `to`, at most so many; true: all is well.
void carry(side& from, side& to, std::size_t most) {
  std::string_view bytes{from.out};
  bytes = bytes.substr(0, most);
  const auto before = bytes.size();
  while (true) {
    const auto next = read_frame(bytes, 1U << 20U);
    REQUIRE(next.has_value());
    if (!*next)
      break;
    const auto& it = **next;
    if (it.kind == frame_kind::begin) {
      REQUIRE(to.session.take_begin(*read_opening<begin>(it.body)).has_value());
      continue;
    }
    if (it.kind == frame_kind::ack) {
      to.session.take_ack(read_number(it.body));
      continue;
    }
    to.session.take_ack(it.acked);
    const auto what = to.session.take(it.number);
    REQUIRE(what != link_session::arrival::gap);
    if (what == link_session::arrival::fresh)
      to.handled.emplace_back(it.body);
  }
  from.out.erase(0, before - bytes.size());
  if (const auto due = to.session.ack_due(false)) {
    std::string number;
    write_number(number, due);
    write_frame(to.out, {frame_kind::ack, 0, 0, number});
  }
}

/// A new connection, of which `a` says hello first.
std::pair<link_session::joined, link_session::joined> connect(side& a,
                                                              side& b) {
  a.out.clear();
  b.out.clear();
  const auto from_a = a.introduce();
  const auto from_b = b.introduce();
  auto at_b = b.session.join(from_a);
  auto at_a = a.session.join(from_b);
  a.out = at_a.bytes;
  b.out = at_b.bytes;
  return {std::move(at_a), std::move(at_b)};
}

void settle(side& a, side& b) {
  while (!a.out.empty() || !b.out.empty()) {
    carry(a, b, a.out.size());
    carry(b, a, b.out.size());
  }
}

std::vector<std::string> numbers(std::size_t from, std::size_t to) {
  std::vector<std::string> all;
  for (auto i = from; i < to; ++i)
    all.push_back(std::to_string(i));
  return all;
}

} // namespace

TEST_CASE("what a lost connection has lost is sent again, once (R6)",
          "[node][session]") {
  for (unsigned seed = 0; seed < 300; ++seed) {
    std::mt19937 random{seed};
    const auto one_in = [&](unsigned n) {
      return random() % n == 0;
    };
    side a{1};
    side b{2};
    std::size_t said_a = 0;
    std::size_t said_b = 0;
    bool is_connected = false;
    for (int step = 0; step < 400; ++step) {
      if (one_in(3))
        a.say(std::to_string(said_a++), is_connected);
      if (one_in(4))
        b.say(std::to_string(said_b++), is_connected);
      if (is_connected) {
        carry(a, b, random() % 64);
        carry(b, a, random() % 64);
      }
      if (one_in(25)) {
        is_connected = false; // what is on its way is gone
      } else if (!is_connected && one_in(3)) {
        const auto [at_a, at_b] = one_in(2) ? connect(a, b) : connect(b, a);
        REQUIRE_FALSE(at_a.is_restarted);
        REQUIRE_FALSE(at_b.is_restarted);
        is_connected = true;
      }
    }
    connect(a, b);
    settle(a, b);
    REQUIRE(b.handled == numbers(0, said_a));
    REQUIRE(a.handled == numbers(0, said_b));
  }
}

TEST_CASE("of a session that was given up nothing counts in the next",
          "[node][session]") {
  side a{1};
  side b{2};
  connect(a, b);
  a.say("old", true);
  b.say("answer", true);
  settle(a, b);
  a.say("lost", false);
  a.session.give_up();
  const auto [at_a, at_b] = connect(a, b);
  CHECK_FALSE(at_a.is_restarted); // it knows already
  CHECK(at_b.has_new_peer);
  a.say("new", true);
  settle(a, b);
  CHECK(b.handled == std::vector<std::string>{"old", "new"});
}

TEST_CASE("what a node may have done before it was started again is not said "
          "to it again",
          "[node][session]") {
  side a{1};
  side b{2};
  connect(a, b);
  a.say("once", true);
  carry(a, b, a.out.size());
  b.out.clear(); // its ack is lost, and so is it
  side later{3};
  const auto [at_a, at_later] = connect(a, later);
  CHECK(at_a.is_restarted);
  CHECK(at_a.has_new_peer);
  settle(a, later);
  CHECK(later.handled.empty());
  a.say("next", true);
  settle(a, later);
  CHECK(later.handled == std::vector<std::string>{"next"});
}

TEST_CASE("what was said before the first connection arrives with it",
          "[node][session]") {
  side a{1};
  side b{2};
  a.say("early", false);
  connect(a, b);
  settle(a, b);
  CHECK(b.handled == std::vector<std::string>{"early"});
}

TEST_CASE("a frame that is missing is seen", "[node][session]") {
  side a{1};
  side b{2};
  connect(a, b);
  settle(a, b);
  CHECK(b.session.take(2) == link_session::arrival::gap);
  CHECK(b.session.take(1) == link_session::arrival::fresh);
  CHECK(b.session.take(1) == link_session::arrival::repeated);
}

TEST_CASE("what is on its way is bounded, and control has room beyond",
          "[node][session]") {
  side a{1, {4, 1'000, 4}};
  std::string bytes;
  for (int i = 0; i < 4; ++i)
    REQUIRE(a.session.send(frame_kind::message, "x", false, bytes).has_value());
  const auto full = a.session.send(frame_kind::message, "x", false, bytes);
  REQUIRE_FALSE(full.has_value());
  CHECK(full.error().code == protocol::errc::overloaded);
  CHECK(a.session.send(frame_kind::message, "x", true, bytes).has_value());
  CHECK(a.session.send(frame_kind::message, "x", true, bytes).has_value());
  CHECK_FALSE(
      a.session.send(frame_kind::message, "x", true, bytes).has_value());
  side large{1, {4, 10, 4}};
  CHECK_FALSE(large.session
                  .send(frame_kind::message, std::string(11, 'x'), false, bytes)
                  .has_value());
}

TEST_CASE("frames that make no sense are refused before they are waited for",
          "[node][frame]") {
  std::string bytes;
  write_frame(bytes, {frame_kind::message, 7, 3, "body"});
  for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
    std::string_view part = std::string_view{bytes}.substr(0, cut);
    const auto read = read_frame(part, 100);
    REQUIRE(read.has_value());
    CHECK_FALSE(read->has_value());
  }
  std::string_view whole{bytes};
  const auto read = read_frame(whole, 4);
  REQUIRE(read.has_value());
  REQUIRE(read->has_value());
  CHECK((*read)->number == 7);
  CHECK((*read)->acked == 3);
  CHECK((*read)->body == "body");
  CHECK(whole.empty());
  std::string_view again{bytes};
  CHECK_FALSE(read_frame(again, 3).has_value()); // one byte too many
  std::string unknown = bytes;
  unknown[4] = 99;
  std::string_view bad{unknown};
  CHECK_FALSE(read_frame(bad, 100).has_value());
  std::string vast = bytes;
  vast[3] = '\x7F';
  std::string_view huge{vast};
  CHECK_FALSE(read_frame(huge, 100).has_value());
}

} // namespace troupe::cluster
