#include "journal/wish_file.hpp"
#include "support/catch.hpp"
#include "support/scratch_folder.hpp"

#include <fstream>

using namespace troupe;
using namespace std::chrono_literals;
using protocol::errc;
using protocol::instant;

namespace {

std::unique_ptr<wish_file> open_in(const test::scratch_folder& folder) {
  auto it = wish_file::open((folder.path() / "runs.db").string(), true);
  REQUIRE(it.has_value());
  return std::move(*it);
}

run_wish wish_for(std::uint64_t run, instant until = instant{100s}) {
  return {0, {1, run}, wish_kind::cancel, "cancelled by ada", until};
}

} // namespace

TEST_CASE("a wish is taken up once, by another handle on the file, and tells "
          "what came of it",
          "[wish_file]") {
  const test::scratch_folder folder{"wishes"};
  const auto command = open_in(folder);
  const auto process = open_in(folder);
  const auto number = command->add(wish_for(1));
  REQUIRE(number.has_value());
  CHECK_FALSE(command->answer(*number).value()->is_taken);
  const auto open = process->open_wishes(instant{1s});
  REQUIRE(open.has_value());
  REQUIRE(open->size() == 1);
  CHECK(open->front().run == protocol::id{1, 1});
  CHECK(open->front().kind == wish_kind::cancel);
  CHECK(open->front().why == "cancelled by ada");
  CHECK(process->take(*number).value());
  CHECK_FALSE(process->take(*number).value());
  CHECK(process->open_wishes(instant{1s})->empty());
  CHECK_FALSE(command->withdraw(*number).value()); // too late
  CHECK(command->answer(*number).value()->is_taken);
  CHECK(command->answer(*number).value()->state.empty());
  REQUIRE(process->tell(*number, "cancelled").has_value());
  CHECK(command->answer(*number).value()->state == "cancelled");
}

TEST_CASE("a wish that was withdrawn or is too old is not taken up",
          "[wish_file]") {
  const test::scratch_folder folder{"wishes"};
  const auto file = open_in(folder);
  const auto one = file->add(wish_for(1));
  REQUIRE(one.has_value());
  CHECK(file->withdraw(*one).value());
  CHECK_FALSE(file->withdraw(*one).value());
  CHECK_FALSE(file->take(*one).value());
  CHECK_FALSE(file->answer(*one).value().has_value());
  REQUIRE(file->add(wish_for(2, instant{50s})).has_value());
  CHECK(file->open_wishes(instant{50s})->empty());
  CHECK(file->open_wishes(instant{49s})->size() == 1);
}

TEST_CASE("who has the journal says which runs are live, and begins without "
          "those of the process before",
          "[wish_file]") {
  const test::scratch_folder folder{"wishes"};
  const auto file = open_in(folder);
  REQUIRE(file->add_live({{1, 1}, instant{1s}, 17}).has_value());
  REQUIRE(file->add_live({{1, 2}, instant{2s}, 17}).has_value());
  const auto other = open_in(folder);
  const auto live = other->live();
  REQUIRE(live.has_value());
  REQUIRE(live->size() == 2);
  CHECK(live->front().run == protocol::id{1, 2}); // the latest
  CHECK(live->front().process == 17);
  REQUIRE(file->drop_live({1, 2}).has_value());
  CHECK(other->live()->size() == 1);
  REQUIRE(file->add(wish_for(1)).has_value());
  REQUIRE(file->clear().has_value());
  CHECK(other->live()->empty());
  CHECK(other->open_wishes(instant{1s})->empty());
}

TEST_CASE("a reason of any length and content is kept, cut to 1 KiB",
          "[wish_file]") {
  const test::scratch_folder folder{"wishes"};
  const auto file = open_in(folder);
  auto wish = wish_for(1);
  wish.why = "'; DROP TABLE wishes; --" + std::string(100'000, 'x');
  REQUIRE(file->add(wish).has_value());
  const auto open = file->open_wishes(instant{1s});
  REQUIRE(open.has_value());
  CHECK(open->at(0).why == wish.why.substr(0, 1'024));
}

TEST_CASE("a file of wishes that is none is refused, and one that is not "
          "there is not made by looking",
          "[wish_file]") {
  const test::scratch_folder folder{"wishes"};
  const auto journal = (folder.path() / "runs.db").string();
  const auto none = wish_file::open(journal, false);
  REQUIRE_FALSE(none.has_value());
  CHECK(none.error().code == errc::file_unreadable);
  CHECK_FALSE(std::filesystem::exists(journal + "-wishes"));
  std::ofstream{journal + "-wishes"} << "this is no file of wishes at all";
  const auto bad = wish_file::open(journal, true);
  REQUIRE_FALSE(bad.has_value());
  CHECK(bad.error().code == errc::config_invalid);
}
