#include "simulated_provider_timetable.hpp"
#include "support/catch.hpp"

using namespace std::chrono_literals;
using namespace troupe::actors;
using troupe::protocol::id;
using type = call_event::type;

namespace {

using events = std::vector<call_event>;

} // namespace

TEST_CASE("pieces and answers come due in order of time", "[timetable]") {
  call_timetable table;
  CHECK_FALSE(table.next());
  table.add(1, {{}, {10ms, 30ms}, 30ms, {}});
  table.add(2, {{}, {}, 20ms, {}});
  CHECK(table.size() == 2);
  CHECK(table.next() == 10ms);
  CHECK(table.take_due(9ms).empty());
  CHECK(table.take_due(10ms) == events{{1, type::piece, 0}});
  CHECK(table.next() == 20ms);
  CHECK(table.take_due(1s)
        == events{
            {2, type::answer, 0}, {1, type::piece, 1}, {1, type::answer, 0}});
  CHECK(table.size() == 0);
  CHECK_FALSE(table.next());
}

TEST_CASE("a deadline ends a call before its answer, not with it",
          "[timetable]") {
  call_timetable table;
  table.add(1, {{}, {10ms}, 20ms, 15ms});
  table.add(2, {{}, {}, 20ms, 20ms});
  table.add(3, {{}, {}, 20ms, 0ms});
  CHECK(table.take_due(1s)
        == events{{3, type::deadline, 0},
                  {1, type::piece, 0},
                  {1, type::deadline, 0},
                  {2, type::answer, 0}});
}

TEST_CASE("a cancel ends the calls of its scope alone", "[timetable]") {
  call_timetable table;
  table.add(1, {id{1, 1}, {}, 20ms, {}});
  table.add(2, {id{1, 2}, {}, 20ms, {}});
  table.add(3, {id{1, 1}, {}, 25ms, {}});
  table.add(4, {id{}, {}, 25ms, {}});
  CHECK(table.cancel(id{}).empty());
  CHECK(table.cancel(id{7, 7}).empty());
  CHECK(table.cancel(id{1, 1}) == std::vector<std::uint64_t>{1, 3});
  CHECK(table.cancel(id{1, 1}).empty());
  CHECK(table.take_due(1s)
        == events{{2, type::answer, 0}, {4, type::answer, 0}});
}
