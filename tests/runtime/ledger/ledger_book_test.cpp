// A ledger's file, looked at while nobody uses it.
#include "ledger/sqlite_ledger.hpp"
#include "support/actors/show_result.hpp"
#include "support/scratch_folder.hpp"

#include <troupe/actors/ledger_book.hpp>

using namespace troupe;
using actors::held_budget;
using actors::ledger_book;
using actors::ledger_entry;
using protocol::errc;
using protocol::money;
using protocol::settlement;

namespace {

protocol::instant at(std::int64_t seconds) {
  return protocol::instant{std::chrono::seconds{seconds}};
}

constexpr protocol::id billed{1, 1};
constexpr protocol::id lost{1, 2};
constexpr protocol::id open{1, 3};

/// One call that was billed, one that nobody knows of, and one that was
/// reserved when the process was killed.
const std::vector<ledger_entry> some{
    {at(1), protocol::open_account{"t", {1'000}}},
    {at(2), held_budget{billed, {"t/m", {300}, 40}}},
    {at(3), held_budget{lost, {"t/m", {200}, 30}}},
    {at(4), protocol::settle_budget{billed, settlement::billed, {250}, 10}},
    {at(5), protocol::settle_budget{lost, settlement::unknown, {}, 0}},
    {at(6), held_budget{open, {"t/n", {100}, 20}}}};

struct scratch_book {
  scratch_book() {
    const auto log = open_sqlite_ledger(file);
    REQUIRE(log);
    REQUIRE((*log)->append(some));
  }

  [[nodiscard]] protocol::result<ledger_book> read() const {
    auto log = open_sqlite_ledger(file);
    REQUIRE(log);
    return ledger_book::read(std::move(*log), at(100));
  }

  [[nodiscard]] std::size_t entries() const {
    const auto log = open_sqlite_ledger(file);
    REQUIRE(log);
    std::size_t count = 0;
    REQUIRE((*log)->read([&](const auto&) {
      ++count;
      return protocol::result<void>{};
    }));
    return count;
  }

  test::scratch_folder folder{"book"};
  std::string file = (folder.path() / "troupe.ledger").string();
};

} // namespace

TEST_CASE("a book tells what a ledger holds and writes nothing",
          "[ledger_book]") {
  const scratch_book it;
  {
    const auto book = it.read();
    REQUIRE(book);
    const auto root = book->account("t");
    REQUIRE(root);
    CHECK(root->spent == money{550});
    CHECK(root->unknown == money{300});
    CHECK(root->reserved == money{});
    CHECK(root->left() == money{450});
    const auto all = book->accounts({});
    REQUIRE(all);
    REQUIRE(all->accounts.size() == 3);
    CHECK(all->accounts[1].path == "t/m");
    REQUIRE(book->forecast("t"));
    CHECK(book->forecast("t")->spent == money{550});
    CHECK(book->account("u").error().code == errc::invalid_request);
    REQUIRE(book->unknown().size() == 2);
    CHECK(book->unknown()[0].reservation == lost);
    CHECK(book->unknown()[0].what.account == "t/m");
    CHECK(book->unknown()[0].what.amount == money{200});
    CHECK(book->unknown()[0].at == at(5));
    CHECK(book->unknown()[1].reservation == open);
  }
  CHECK(it.entries() == some.size());
}

TEST_CASE("what nobody knew is put right for good", "[ledger_book]") {
  const scratch_book it;
  {
    auto book = it.read();
    REQUIRE(book);
    const auto state = book->put_right({lost, settlement::billed, {120}, 7});
    REQUIRE(state);
    CHECK(state->path == "t/m");
    CHECK(state->spent == money{370});
    CHECK(state->unknown == money{});
    REQUIRE(book->put_right({open, settlement::released, {}, 0}));
    CHECK(book->unknown().empty());
    CHECK(book->put_right({lost, settlement::billed, {120}, 7}).error().code
          == errc::invalid_request);
  }
  const auto again = it.read();
  REQUIRE(again);
  CHECK(again->unknown().empty());
  CHECK(again->account("t")->spent == money{370});
  CHECK(again->account("t")->unknown == money{});
}

TEST_CASE("what cannot be put right changes nothing", "[ledger_book]") {
  const scratch_book it;
  auto book = it.read();
  REQUIRE(book);
  const auto code = [&](const protocol::settle_budget& what) {
    const auto done = book->put_right(what);
    return done ? errc::internal : done.error().code;
  };
  CHECK(code({billed, settlement::billed, {1}, 0}) == errc::invalid_request);
  CHECK(code({{9, 9}, settlement::released, {}, 0}) == errc::invalid_request);
  CHECK(code({lost, settlement::unknown, {}, 0}) == errc::invalid_request);
  CHECK(code({lost, settlement::billed, {-1}, 0}) == errc::invalid_request);
  book = protocol::fail(errc::internal, "let go of the file");
  CHECK(it.entries() == some.size());
}

TEST_CASE("a ledger that contradicts itself is told", "[ledger_book]") {
  const scratch_book it;
  {
    const auto log = open_sqlite_ledger(it.file);
    REQUIRE(log);
    REQUIRE((*log)->read([](const auto&) { return protocol::result<void>{}; }));
    const ledger_entry stray{
        at(7), protocol::settle_budget{{8, 8}, settlement::released, {}, 0}};
    REQUIRE((*log)->append({&stray, 1}));
  }
  const auto book = it.read();
  REQUIRE_FALSE(book);
  CHECK(book.error().code == errc::malformed_message);
}
