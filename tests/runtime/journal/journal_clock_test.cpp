// A journal whose next process finds the time to be as it was.
#include "journal/journal_file.hpp"
#include "power_disk.hpp"
#include "support/catch.hpp"

using namespace troupe;
using namespace std::chrono_literals;

TEST_CASE("a clock that has stepped back brings no id of a commit again",
          "[journal]") {
  testing::power_disk disk{1};
  for (int process = 1; process <= 3; ++process) {
    INFO("process " << process);
    const auto journal = open_journal_file(
        "journal", [] { return protocol::instant{1'000h}; }, disk.vfs());
    REQUIRE(journal.has_value());
    actors::begin_effect effect;
    effect.run = {1, 1};
    effect.step = "task/agent";
    effect.tool = "tool " + std::to_string(process);
    effect.arguments = "{}";
    const auto begun = (*journal)->begin(effect);
    if (!begun)
      FAIL(begun.error().detail);
    CHECK_FALSE(begun->done.has_value());
  }
}
