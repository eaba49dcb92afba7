#include "support/catch.hpp"
#include "support/cluster/history_checker.hpp"

using namespace std::chrono_literals;
using namespace troupe::test;

namespace {

/// A request that was answered from then to then.
client_op op(op_kind kind, const std::string& value, std::uint64_t version,
             history_time invoked, history_time returned,
             op_end end = op_end::ok) {
  client_op made;
  made.kind = kind;
  made.client = "ada";
  made.node = "a";
  made.key = "tide";
  made.value = value;
  made.version = version;
  made.invoked = invoked;
  made.returned = returned;
  made.end = end;
  return made;
}

client_op write(const std::string& value, std::uint64_t version,
                history_time invoked, history_time returned) {
  return op(op_kind::write, value, version, invoked, returned);
}

client_op read(const std::string& value, std::uint64_t version,
               history_time invoked, history_time returned) {
  return op(op_kind::read, value, version, invoked, returned);
}

/// A write of which nobody knows whether it happened.
client_op perhaps(const std::string& value, history_time invoked) {
  return op(op_kind::write, value, 0, invoked, never, op_end::unknown);
}

client_op refused(const std::string& value, history_time invoked) {
  return op(op_kind::write, value, 0, invoked, invoked + 1ms, op_end::failed);
}

client_op effect(const std::string& key, op_end end) {
  auto made = op(op_kind::effect, {}, 0, 1ms, 2ms, end);
  made.key = key;
  return made;
}

/// The rules that a history breaks, each once, in alphabetical order.
std::string broken(const history& seen) {
  std::map<std::string, int> rules;
  for (const auto& each : check_history(seen))
    ++rules[each.rule];
  std::string text;
  for (const auto& [rule, count] : rules)
    text += (text.empty() ? "" : " ") + rule;
  return text;
}

std::string broken_by(const std::vector<client_op>& ops) {
  history seen;
  seen.ops = ops;
  return broken(seen);
}

history with_tenures(std::vector<seen_tenure> tenures) {
  history seen;
  seen.tenures = std::move(tenures);
  return seen;
}

} // namespace

TEST_CASE("a history in which nothing happened breaks no rule",
          "[history_checker]") {
  CHECK(broken({}).empty());
}

TEST_CASE("writes that were acknowledged and are read again are in order",
          "[history_checker]") {
  CHECK(broken_by({write("1", 1, 1ms, 2ms), read("1", 1, 3ms, 4ms),
                   write("2", 2, 5ms, 6ms), read("2", 2, 7ms, 8ms)})
            .empty());
  // Two at once: either may come first, and a read may see either.
  CHECK(broken_by({write("1", 2, 1ms, 9ms), write("2", 1, 1ms, 9ms),
                   read("2", 1, 2ms, 8ms), read("1", 2, 10ms, 11ms)})
            .empty());
}

TEST_CASE("an acknowledged write that is not there any more is lost",
          "[history_checker]") {
  CHECK(broken_by({write("1", 1, 1ms, 2ms), read("", 0, 3ms, 4ms)})
        == "back lost");
  CHECK(broken_by({write("1", 1, 1ms, 2ms), write("2", 2, 3ms, 4ms),
                   read("1", 1, 5ms, 6ms)})
        == "back lost");
  // It came back, but was not there in between.
  CHECK(broken_by({write("1", 1, 1ms, 2ms), read("", 0, 3ms, 4ms),
                   read("1", 1, 5ms, 6ms)})
        == "back lost");
}

TEST_CASE("requests that meet at one instant may be in either order",
          "[history_checker]") {
  CHECK(broken_by({write("1", 1, 1ms, 2ms), read("", 0, 2ms, 3ms),
                   read("1", 1, 4ms, 5ms)})
            .empty());
  CHECK(broken_by({write("1", 2, 1ms, 2ms), write("2", 1, 2ms, 3ms),
                   read("1", 2, 4ms, 5ms)})
            .empty());
}

TEST_CASE("a key that was removed is absent, with a version",
          "[history_checker]") {
  CHECK(broken_by({write("1", 1, 1ms, 2ms), write("", 2, 3ms, 4ms),
                   read("", 2, 5ms, 6ms)})
            .empty());
  CHECK(broken_by({write("1", 1, 1ms, 2ms), read("", 1, 3ms, 4ms)})
        == "nowhere");
}

TEST_CASE("what was written and never looked for is told",
          "[history_checker]") {
  CHECK(broken_by({write("1", 1, 1ms, 2ms)}) == "unread");
  CHECK(broken_by({write("1", 1, 1ms, 3ms), read("1", 1, 2ms, 4ms)})
        == "unread");
  auto weak = read("1", 1, 3ms, 4ms);
  weak.is_strong = false;
  CHECK(broken_by({write("1", 1, 1ms, 2ms), weak}) == "unread");
}

TEST_CASE("a value comes from a write", "[history_checker]") {
  CHECK(broken_by({write("1", 1, 1ms, 2ms), read("x", 1, 3ms, 4ms)})
        == "nowhere");
  CHECK(broken_by({read("x", 1, 3ms, 4ms)}) == "gap nowhere");
  // The value of another version.
  CHECK(broken_by({write("1", 1, 1ms, 2ms), write("2", 2, 3ms, 4ms),
                   read("1", 2, 5ms, 6ms)})
        == "nowhere");
  // Seen before it was written.
  CHECK(broken_by({read("1", 1, 1ms, 2ms), write("1", 1, 3ms, 4ms),
                   read("1", 1, 5ms, 6ms)})
        == "back nowhere");
}

TEST_CASE("a write of unknown end may have happened, or happen later",
          "[history_checker]") {
  CHECK(broken_by({perhaps("1", 1ms), read("", 0, 2ms, 3ms)}).empty());
  CHECK(broken_by({perhaps("1", 1ms), read("1", 1, 2ms, 3ms)}).empty());
  CHECK(broken_by(
            {perhaps("1", 1ms), read("", 0, 2ms, 3ms), read("1", 1, 4ms, 5ms)})
            .empty());
  CHECK(broken_by({perhaps("1", 1ms), write("2", 2, 2ms, 3ms),
                   read("2", 2, 4ms, 5ms)})
            .empty());
  // But once, and not undone.
  CHECK(broken_by(
            {perhaps("1", 1ms), read("1", 1, 2ms, 3ms), read("", 0, 4ms, 5ms)})
        == "back");
  CHECK(broken_by({perhaps("1", 1ms), write("2", 2, 2ms, 3ms),
                   read("1", 1, 1ms, 2ms), read("1", 3, 4ms, 5ms)})
        == "gap twice");
}

TEST_CASE("a write that was refused never happens", "[history_checker]") {
  CHECK(broken_by({refused("1", 1ms), read("", 0, 3ms, 4ms)}).empty());
  CHECK(broken_by({refused("1", 1ms), read("1", 1, 3ms, 4ms)})
        == "gap nowhere");
}

TEST_CASE("versions have no gap but for writes of unknown end",
          "[history_checker]") {
  CHECK(broken_by({write("1", 1, 1ms, 2ms), write("2", 3, 3ms, 4ms),
                   read("2", 3, 5ms, 6ms)})
        == "gap");
  CHECK(broken_by({write("1", 1, 1ms, 2ms), perhaps("x", 2ms),
                   write("2", 3, 3ms, 4ms), read("2", 3, 5ms, 6ms)})
            .empty());
  CHECK(broken_by({write("1", 1, 1ms, 2ms), perhaps("x", 2ms),
                   write("2", 4, 3ms, 4ms), read("2", 4, 5ms, 6ms)})
        == "gap");
  CHECK(broken_by({write("1", 2, 1ms, 2ms), read("1", 2, 3ms, 4ms)}) == "gap");
}

TEST_CASE("versions never go back and are given once", "[history_checker]") {
  CHECK(broken_by({write("1", 2, 1ms, 2ms), write("2", 1, 3ms, 4ms),
                   read("1", 2, 5ms, 6ms)})
        == "back");
  CHECK(broken_by({write("1", 1, 1ms, 2ms), write("2", 1, 3ms, 4ms),
                   read("2", 1, 5ms, 6ms)})
        == "back twice");
  CHECK(broken_by({write("1", 1, 1ms, 9ms), write("2", 1, 2ms, 8ms),
                   read("2", 1, 10ms, 11ms)})
        == "twice");
  CHECK(broken_by({write("1", 0, 1ms, 2ms), read("1", 1, 3ms, 4ms)})
        == "gap nowhere twice");
}

TEST_CASE("a read that may be old is so for all, but never for its client",
          "[history_checker]") {
  auto old = read("1", 1, 5ms, 6ms);
  old.is_strong = false;
  old.client = "bob";
  const std::vector<client_op> ops{
      write("1", 1, 1ms, 2ms), write("2", 2, 3ms, 4ms), read("2", 2, 7ms, 8ms)};
  auto seen = ops;
  seen.push_back(old);
  CHECK(broken_by(seen).empty());
  seen.back().client = "ada"; // who wrote 2
  CHECK(broken_by(seen) == "back");
  seen.back().client = "bob";
  auto newer = read("2", 2, 4ms, 5ms);
  newer.is_strong = false;
  newer.client = "bob";
  newer.returned = 4500us;
  seen.push_back(newer);
  CHECK(broken_by(seen) == "back");
}

TEST_CASE("keys do not mix", "[history_checker]") {
  auto other = write("9", 1, 1ms, 2ms);
  other.key = "wind";
  auto look = read("9", 1, 3ms, 4ms);
  look.key = "wind";
  CHECK(
      broken_by({write("1", 1, 1ms, 2ms), read("1", 1, 3ms, 4ms), other, look})
          .empty());
  look.value = "1";
  CHECK(
      broken_by({write("1", 1, 1ms, 2ms), read("1", 1, 3ms, 4ms), other, look})
      == "nowhere");
}

TEST_CASE("an effect is done once, and only when it was asked for",
          "[history_checker]") {
  history seen;
  seen.ops = {effect("pay", op_end::ok), effect("post", op_end::unknown),
              effect("ring", op_end::failed)};
  seen.effects = {{1ms, "pay", "a"}};
  CHECK(broken(seen).empty());
  seen.effects.push_back({2ms, "post", "b"});
  CHECK(broken(seen).empty());
  auto again = seen;
  again.effects.push_back({9ms, "post", "c"});
  CHECK(broken(again) == "repeated");
  auto same_node = seen;
  same_node.effects.push_back({1ms, "pay", "a"});
  CHECK(broken(same_node) == "repeated");
  auto refused_one = seen;
  refused_one.effects.push_back({3ms, "ring", "a"});
  CHECK(broken(refused_one) == "unasked");
  auto unheard = seen;
  unheard.effects.push_back({3ms, "sing", "a"});
  CHECK(broken(unheard) == "unasked");
  seen.effects.erase(seen.effects.begin());
  CHECK(broken(seen) == "undone");
  // Refused at first, then asked for again.
  auto retried = seen;
  retried.ops = {effect("pay", op_end::failed), effect("pay", op_end::ok)};
  retried.effects = {{2ms, "pay", "a"}};
  CHECK(broken(retried).empty());
}

TEST_CASE("at no instant more is spent than the limit", "[history_checker]") {
  history seen;
  seen.limits = {{"acme", 100}, {"acme/run", 60}};
  seen.bills = {{1ms, "acme/run", 60}, {2ms, "acme/other", 40}};
  CHECK(broken(seen).empty());
  auto more = seen;
  more.bills.push_back({3ms, "acme", 1});
  CHECK(broken(more) == "overspent");
  auto inner = seen;
  inner.bills = {{1ms, "acme/run/task", 61}};
  CHECK(broken(inner) == "overspent");
  // What is given back later does not mend it.
  auto for_a_while = seen;
  for_a_while.bills = {
      {3ms, "acme", -50}, {1ms, "acme", 80}, {2ms, "acme", 30}};
  CHECK(broken(for_a_while) == "overspent");
  for_a_while.bills[0].at = 1500us;
  CHECK(broken(for_a_while).empty());
  seen.bills = {{1ms, "nobody", 1'000'000}};
  CHECK(broken(seen).empty());
}

TEST_CASE("a singleton is one at every instant", "[history_checker]") {
  const seen_tenure first{"leader", "a", 1, 1ms, 5ms};
  CHECK(broken(with_tenures({first, {"leader", "b", 2, 5ms, never}})).empty());
  CHECK(broken(with_tenures({{"leader", "b", 2, 9ms, never}, first})).empty());
  CHECK(broken(with_tenures({first, {"other", "b", 1, 2ms, never}})).empty());
  CHECK(broken(with_tenures({first, {"leader", "b", 2, 4ms, 6ms}}))
        == "two_at_once");
  // Also of one node with itself, and within a longer one.
  CHECK(broken(with_tenures(
            {{"leader", "a", 1, 1ms, never}, {"leader", "a", 2, 2ms, 3ms}}))
        == "two_at_once");
  CHECK(broken(with_tenures({{"leader", "a", 1, 1ms, 10ms},
                             {"leader", "b", 2, 2ms, 3ms},
                             {"leader", "c", 3, 4ms, 5ms}}))
        == "two_at_once");
  CHECK(check_singletons(with_tenures({{"leader", "a", 1, 1ms, 10ms},
                                       {"leader", "b", 2, 2ms, 3ms},
                                       {"leader", "c", 3, 4ms, 5ms}}))
            .size()
        == 2);
}

TEST_CASE("a later tenure has a higher token", "[history_checker]") {
  const seen_tenure first{"leader", "a", 4, 1ms, 5ms};
  CHECK(broken(with_tenures({first, {"leader", "b", 4, 6ms, 7ms}}))
        == "old_token");
  CHECK(
      broken(with_tenures(
          {first, {"leader", "b", 5, 6ms, 7ms}, {"leader", "c", 3, 8ms, 9ms}}))
      == "old_token");
}

TEST_CASE("each tenure with a token of the past is told", "[history_checker]") {
  CHECK(check_singletons(with_tenures({{"leader", "a", 5, 1ms, 2ms},
                                       {"leader", "b", 3, 3ms, 4ms},
                                       {"leader", "c", 4, 5ms, 6ms}}))
            .size()
        == 2);
}

TEST_CASE("a history can be read line by line", "[history_checker]") {
  history seen;
  seen.ops = {write("1", 1, 1ms, 3ms), read("", 0, 2ms, 4ms),
              perhaps("2", 1'500ms), refused("3", 5ms)};
  CHECK(to_lines(seen)
        == "0.001000 ada -> a: write tide '1' ...\n"
           "0.002000 ada -> a: read tide ...\n"
           "0.003000 ada -> a: write tide: ok, version 1, value '1'\n"
           "0.004000 ada -> a: read tide: ok, version 0, value ''\n"
           "0.005000 ada -> a: write tide '3' ...\n"
           "0.006000 ada -> a: write tide: refused\n"
           "1.500000 ada -> a: write tide '2' ...\n");
}

TEST_CASE("what is broken is told with its key", "[history_checker]") {
  history seen;
  seen.ops = {write("1", 1, 1ms, 2ms), read("", 0, 3ms, 4ms)};
  const auto text = to_text(check_writes(seen));
  CHECK(text.find("lost: read of 'tide' by ada at a") == 0);
  CHECK(text.find("has not seen the write of 'tide'") != std::string::npos);
  for (int i = 0; i < 30; ++i)
    seen.ops.push_back(read("", 0, 5ms, 6ms));
  CHECK(to_text(check_writes(seen)).find("and 11 more") != std::string::npos);
}
