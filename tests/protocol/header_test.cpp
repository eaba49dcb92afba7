#include "support/catch.hpp"
#include "troupe/protocol/header.hpp"

namespace troupe::protocol {

using namespace std::chrono_literals;

namespace {

header sample_request() {
  header head;
  head.message = {1, 1};
  head.correlation = {9, 9};
  head.conversation = {2, 2};
  head.trace = {3, 3};
  head.parent_span = 4;
  head.from = "coordinator";
  head.to = "writer";
  head.urgency = priority::critical;
  head.deadline = instant{100s};
  head.cancel_scope = {5, 5};
  head.idempotency_key = "once";
  head.content = taint::untrusted;
  return head;
}

} // namespace

TEST_CASE("a child request carries on its parent's work", "[header]") {
  const auto parent = sample_request();
  const auto child = child_of(parent, {7, 7}, instant{500s});
  CHECK(child.message == id{7, 7});
  CHECK(child.correlation == id{});
  CHECK(child.conversation == parent.conversation);
  CHECK(child.trace == parent.trace);
  CHECK(child.urgency == parent.urgency);
  CHECK(child.cancel_scope == parent.cancel_scope);
  CHECK(child.content == parent.content);
  CHECK(child.from == "writer");
  CHECK(child.idempotency_key.empty());
}

TEST_CASE("R4: a deadline only shrinks on its way down", "[header]") {
  const auto parent = sample_request();
  CHECK(child_of(parent, {7, 7}, instant{500s}).deadline == instant{100s});
  CHECK(child_of(parent, {7, 7}, instant{50s}).deadline == instant{50s});
  CHECK(child_of(parent, {7, 7}).deadline == instant{100s});
  CHECK(child_of(header{}, {7, 7}, instant{50s}).deadline == instant{50s});
  CHECK(earlier_deadline({}, {}) == instant{});
}

TEST_CASE("an answer goes back to the one who asked", "[header]") {
  const auto request = sample_request();
  const auto answer = answer_to(request, {8, 8});
  CHECK(answer.message == id{8, 8});
  CHECK(answer.correlation == request.message);
  CHECK(answer.conversation == request.conversation);
  CHECK(answer.trace == request.trace);
  CHECK(answer.from == request.to);
  CHECK(answer.to == request.from);
  CHECK(answer.content == taint::untrusted);
}

} // namespace troupe::protocol
