#include "leader_keeper.hpp"
#include "support/actors/show_result.hpp"
#include "support/node/memory_url.hpp"
#include "support/node/nodes.hpp"

#include <atomic>
#include <thread>

namespace troupe::cluster {

using namespace std::chrono_literals;
using namespace test;
using protocol::errc;

namespace {

/// One who would lead, with a lease that is short.
struct candidate {
  using beginning = std::function<protocol::result<void>(candidate&)>;

  explicit candidate(const memory_url& at, beginning begin = {})
      : keeper{"leader",
               [url = at.url()] { return store::open_url(url); },
               [this] {
                 ++asked;
                 return std::chrono::time_point_cast<protocol::duration>(
                     std::chrono::system_clock::now());
               },
               {500ms, 100ms, 100ms, 150ms},
               {[this, begin](const leader_fence& it) {
                  ++begun;
                  auto done = begin ? begin(*this) : protocol::result<void>{};
                  if (done)
                    token = it.token;
                  return done;
                },
                [this] {
                  token = 0;
                }},
               is_draining} {}
  bool serves() { return keeper.may_serve(token); }

  std::shared_ptr<std::atomic<bool>> is_draining =
      std::make_shared<std::atomic<bool>>(false);
  std::atomic<int> asked{0}; ///< The store, about.
  std::atomic<int> begun{0};
  std::atomic<std::uint64_t> token{0}; ///< While it leads.
  leader_keeper keeper;
};

} // namespace

TEST_CASE("N4: of those who would lead one does, and another when it ends",
          "[node][leader]") {
  const memory_url at;
  auto first = std::make_unique<candidate>(at);
  REQUIRE(becomes([&] { return first->serves(); }));
  candidate second{at};
  REQUIRE(becomes([&] { return second.asked > 5; }));
  CHECK(second.begun == 0);
  CHECK(first->serves());
  const std::uint64_t before = first->token;
  SECTION("it ends") {
    first.reset();
  }
  SECTION("it drains") {
    *first->is_draining = true;
  }
  CHECK(becomes([&] { return second.serves(); }));
  CHECK(second.token > before);
}

TEST_CASE("who takes longer to begin than a lease lasts still leads",
          "[node][leader]") {
  const memory_url at;
  candidate it{at, [](candidate& self) {
                 const int from = self.asked;
                 while (self.asked < from + 12) // more than two leases
                   std::this_thread::yield();
                 return protocol::result<void>{};
               }};
  CHECK(becomes([&] { return it.serves(); }));
  CHECK(it.begun == 1);
}

TEST_CASE("who cannot begin leaves it to another", "[node][leader]") {
  const memory_url at;
  candidate first{at, [](candidate&) {
                    return protocol::result<void>{
                        protocol::fail(errc::internal, "it cannot")};
                  }};
  REQUIRE(becomes([&] { return first.begun > 0; }));
  candidate second{at};
  CHECK(becomes([&] { return second.serves(); }));
  CHECK_FALSE(first.serves());
}

TEST_CASE("N2: who cannot extend its lease stops in time", "[node][leader]") {
  memory_url at;
  candidate it{at};
  REQUIRE(becomes([&] { return it.serves(); }));
  at.set_away(true);
  CHECK(becomes([&] { return it.token == 0; }));
  CHECK_FALSE(it.serves());
  at.set_away(false);
  CHECK(becomes([&] { return it.serves(); }));
}

} // namespace troupe::cluster
