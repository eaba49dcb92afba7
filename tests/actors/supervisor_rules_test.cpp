#include "supervisor_rules.hpp"
#include "support/catch.hpp"

using namespace std::chrono_literals;
using namespace troupe::actors;

namespace {

using time_point = supervisor_rules::time_point;
using list = std::vector<std::size_t>;

const time_point start{std::chrono::hours{1}};

const std::vector<restart_type> three(3, restart_type::permanent);

} // namespace

TEST_CASE("one_for_one starts only the dead child again",
          "[supervisor_rules]") {
  supervisor_rules rules{restart_strategy::one_for_one, 3, 5s};
  const auto it = rules.child_ended(three, 1, true, start);
  CHECK_FALSE(it.gives_up);
  CHECK(it.stop.empty());
  CHECK(it.start == list{1});
}

TEST_CASE("one_for_all stops the others in reverse and starts all in order",
          "[supervisor_rules]") {
  supervisor_rules rules{restart_strategy::one_for_all, 3, 5s};
  const auto it = rules.child_ended(three, 1, true, start);
  CHECK(it.stop == list{2, 0});
  CHECK(it.start == list{0, 1, 2});
}

TEST_CASE("rest_for_one leaves those that were started before alone",
          "[supervisor_rules]") {
  supervisor_rules rules{restart_strategy::rest_for_one, 9, 5s};
  auto it = rules.child_ended(three, 1, true, start);
  CHECK(it.stop == list{2});
  CHECK(it.start == list{1, 2});
  it = rules.child_ended(three, 2, true, start);
  CHECK(it.stop.empty());
  CHECK(it.start == list{2});
  it = rules.child_ended(three, 0, true, start);
  CHECK(it.stop == list{2, 1});
  CHECK(it.start == list{0, 1, 2});
}

TEST_CASE("exactly as many restarts as the intensity are allowed",
          "[supervisor_rules]") {
  for (const std::uint32_t intensity : {0U, 1U, 3U, 10U}) {
    supervisor_rules rules{restart_strategy::one_for_one, intensity, 5s};
    for (std::uint32_t i = 0; i < intensity; ++i)
      CHECK_FALSE(rules.child_ended(three, 0, true, start + i * 1ms).gives_up);
    const auto last = rules.child_ended(three, 0, true, start + 1s);
    CHECK(last.gives_up);
    CHECK(last.start.empty());
  }
}

TEST_CASE("the window of the intensity slides", "[supervisor_rules]") {
  supervisor_rules rules{restart_strategy::one_for_one, 2, 5s};
  CHECK_FALSE(rules.child_ended(three, 0, true, start).gives_up);
  CHECK_FALSE(rules.child_ended(three, 0, true, start + 3s).gives_up);
  CHECK_FALSE(rules.child_ended(three, 0, true, start + 5s + 1ms).gives_up);
  CHECK_FALSE(rules.child_ended(three, 0, true, start + 8s + 1ms).gives_up);
  CHECK(rules.child_ended(three, 0, true, start + 8s + 2ms).gives_up);
}

TEST_CASE("a restart at the very end of the period still counts",
          "[supervisor_rules]") {
  supervisor_rules rules{restart_strategy::one_for_one, 1, 5s};
  CHECK_FALSE(rules.child_ended(three, 0, true, start).gives_up);
  CHECK(rules.child_ended(three, 0, true, start + 5s).gives_up);
}

TEST_CASE("transient children are started again after abnormal ends only",
          "[supervisor_rules]") {
  supervisor_rules rules{restart_strategy::one_for_all, 1, 5s};
  const std::vector<restart_type> types{restart_type::permanent,
                                        restart_type::transient};
  for (int i = 0; i < 5; ++i) { // and normal ends do not count
    const auto normal = rules.child_ended(types, 1, false, start);
    CHECK_FALSE(normal.gives_up);
    CHECK(normal.start.empty());
    CHECK(normal.stop.empty());
  }
  CHECK(rules.child_ended(types, 1, true, start).start == list{0, 1});
}

TEST_CASE("temporary children are never started again", "[supervisor_rules]") {
  supervisor_rules rules{restart_strategy::one_for_all, 1, 5s};
  const std::vector<restart_type> types{restart_type::temporary,
                                        restart_type::permanent,
                                        restart_type::temporary};
  const auto own = rules.child_ended(types, 0, true, start);
  CHECK(own.start.empty());
  CHECK(own.stop.empty());
  const auto sibling = rules.child_ended(types, 1, false, start);
  CHECK(sibling.stop == list{2, 0});
  CHECK(sibling.start == list{1});
}
