// When those who are refused for want of room may come again.
#include "engine/run_pace.hpp"
#include "support/catch.hpp"

using namespace troupe;
using namespace std::chrono_literals;
using protocol::instant;

namespace {

constexpr instant noon{1'800'000'000s};

/// Of so many ends, each so long behind the one before.
void end_some(run_pace& pace, int count, protocol::duration gap) {
  for (int i = 0; i < count; ++i)
    pace.ended(noon + i * gap);
}

} // namespace

TEST_CASE("where no run has ended yet, those who are refused wait by seconds",
          "[run_pace]") {
  run_pace pace;
  CHECK(pace.refuse() == 1s);
  CHECK(pace.refuse() == 2s);
}

TEST_CASE("who is refused waits as long as one run more takes to end",
          "[run_pace]") {
  run_pace pace;
  end_some(pace, 5, 200ms);
  CHECK(pace.refuse() == 200ms);
  CHECK(pace.refuse() == 400ms);
  pace.ended(noon + 1s);
  CHECK(pace.refuse() == 400ms); // the first has its place
}

TEST_CASE("only the last ends tell the pace", "[run_pace]") {
  run_pace pace;
  end_some(pace, 3, 20s);
  for (std::size_t i = 0; i < run_pace::ends_max; ++i)
    pace.ended(noon + 10min + i * 100ms);
  CHECK(pace.refuse() == 100ms);
}

TEST_CASE("nobody is told to wait for ever, or for no time", "[run_pace]") {
  run_pace fast;
  end_some(fast, 10, 0s);
  CHECK(fast.refuse() == run_pace::wait_min);
  run_pace slow;
  end_some(slow, 2, 10min);
  CHECK(slow.refuse() == run_pace::wait_max);
  for (int i = 0; i < 10'000; ++i)
    CHECK(fast.refuse() <= run_pace::wait_max);
  end_some(fast, 4'000, 0s); // those who were refused too often have gone
  CHECK(fast.refuse() == run_pace::wait_min);
}

TEST_CASE("a clock that steps back makes no wait negative", "[run_pace]") {
  run_pace pace;
  pace.ended(noon);
  pace.ended(noon - 1h);
  CHECK(pace.refuse() == run_pace::wait_min);
}
