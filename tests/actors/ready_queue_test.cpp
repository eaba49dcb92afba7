#include "ready_queue.hpp"
#include "support/catch.hpp"

using namespace std::chrono_literals;
using troupe::actors::ready_queue;
using troupe::protocol::instant;

namespace {

const instant start{std::chrono::hours{1}};

std::vector<std::uint32_t> drain(ready_queue& queue, instant now) {
  std::vector<std::uint32_t> out;
  while (const auto* best = queue.top(now)) {
    out.push_back(best->task);
    queue.pop();
  }
  return out;
}

using list = std::vector<std::uint32_t>;

} // namespace

TEST_CASE("the lower level goes first, then urgency, path and position",
          "[ready_queue]") {
  ready_queue queue;
  queue.push({1, 3, 99, 0});
  queue.push({0, 1, 50, 1});
  queue.push({0, 2, 10, 2});
  queue.push({0, 2, 20, 3});
  queue.push({0, 2, 20, 4});
  CHECK(drain(queue, start) == list{3, 4, 2, 1, 0});
}

TEST_CASE("a later entry may start when its time has come", "[ready_queue]") {
  ready_queue queue;
  CHECK(queue.next_at() == instant{});
  queue.push_at(start + 2s, {0, 0, 0, 1});
  queue.push_at(start + 1s, {0, 0, 0, 2});
  queue.push({0, 0, 0, 3});
  CHECK(queue.next_at() == start + 1s);
  CHECK(drain(queue, start) == list{3});
  CHECK(drain(queue, start + 1s) == list{2});
  CHECK(queue.next_at() == start + 2s);
  CHECK(drain(queue, start + 2s) == list{1});
  CHECK(queue.next_at() == instant{});
}

TEST_CASE("a cleared queue holds nothing, now or later", "[ready_queue]") {
  ready_queue queue;
  queue.push({0, 0, 0, 1});
  queue.push_at(start, {0, 0, 0, 2});
  queue.clear();
  CHECK(queue.top(start + 1h) == nullptr);
  CHECK(queue.next_at() == instant{});
}
