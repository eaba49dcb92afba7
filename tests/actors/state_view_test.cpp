#include "support/catch.hpp"
#include "troupe/actors/state_view.hpp"

using namespace troupe;
using namespace troupe::actors;
using protocol::state_change_kind;
using protocol::state_commit;
using protocol::state_resync;

namespace {

state_commit commit(std::uint64_t revision, std::uint64_t version,
                    state_change_kind kind) {
  return {revision, {}, {{"a", version, kind, "1"}}};
}

/// A view of key "a" at version 3, of revision 5.
state_view view_of_five() {
  state_view view;
  REQUIRE(view.apply(state_resync{{}, 5, 0, true, {{"a", 3, 5, "0"}}})
          == view_step::applied);
  return view;
}

} // namespace

TEST_CASE("a view shows nothing before its first state", "[state_view]") {
  state_view view;
  CHECK_FALSE(view.is_current());
  CHECK(view.apply(commit(1, 1, state_change_kind::created))
        == view_step::broken);
  CHECK(view.find("a") == nullptr);
}

TEST_CASE("a view follows the versions of a key", "[state_view]") {
  auto view = view_of_five();
  CHECK(view.apply(commit(6, 4, state_change_kind::changed))
        == view_step::applied);
  CHECK(view.find("a")->version == 4);
  CHECK(view.find("a")->revision == 6);
  CHECK(view.apply(commit(8, 5, state_change_kind::deleted))
        == view_step::applied);
  CHECK(view.find("a") == nullptr);
  // The store may have forgotten the deletion; versions then go on higher.
  CHECK(view.apply(commit(9, 40, state_change_kind::created))
        == view_step::applied);
  CHECK(view.revision() == 9);
}

TEST_CASE("P2: a view breaks on what is missing or comes twice",
          "[state_view]") {
  const auto breaks = [](const state_commit& it) {
    auto view = view_of_five();
    const auto step = view.apply(it);
    CHECK(view.find("a")->version == 3);
    CHECK(view.is_current() == (step != view_step::broken));
    return step == view_step::broken;
  };
  CHECK(breaks(commit(6, 5, state_change_kind::changed)));
  CHECK(breaks(commit(6, 3, state_change_kind::changed)));
  CHECK(breaks(commit(5, 4, state_change_kind::changed)));
  CHECK(breaks(commit(6, 4, state_change_kind::created)));
  CHECK(breaks({6, {}, {{"b", 2, state_change_kind::changed, "1"}}}));
  CHECK(breaks({6, {}, {{"b", 2, state_change_kind::deleted, ""}}}));
  // One bad change of many: none is applied.
  CHECK(breaks({6,
                {},
                {{"a", 4, state_change_kind::changed, "1"},
                 {"b", 2, state_change_kind::changed, "1"}}}));
}

TEST_CASE("P3: a view keeps its state until the next one is whole",
          "[state_view]") {
  auto view = view_of_five();
  CHECK(view.apply(protocol::subscription_gap{{}, 6, 9}) == view_step::waiting);
  CHECK_FALSE(view.is_current());
  CHECK(view.apply(state_resync{{}, 9, 0, false, {{"b", 1, 7, "1"}}})
        == view_step::waiting);
  CHECK(view.find("a") != nullptr);
  CHECK(view.find("b") == nullptr);
  CHECK(view.revision() == 5);
  CHECK(view.apply(state_resync{{}, 9, 1, true, {{"c", 1, 8, "1"}}})
        == view_step::applied);
  CHECK(view.find("a") == nullptr);
  CHECK(view.entries().size() == 2);
  CHECK(view.revision() == 9);
  CHECK(view.is_current());
}

TEST_CASE("P3: a first part voids the parts before it", "[state_view]") {
  state_view view;
  CHECK(view.apply(state_resync{{}, 3, 0, false, {{"b", 1, 3, "1"}}})
        == view_step::waiting);
  CHECK(view.apply(state_resync{{}, 4, 0, true, {{"a", 1, 4, "1"}}})
        == view_step::applied);
  CHECK(view.find("b") == nullptr);
}

TEST_CASE("P2: a view breaks on a part that does not follow", "[state_view]") {
  state_view view;
  CHECK(view.apply(state_resync{{}, 3, 1, true, {}}) == view_step::broken);
  CHECK(view.apply(state_resync{{}, 3, 0, false, {}}) == view_step::waiting);
  CHECK(view.apply(state_resync{{}, 4, 1, true, {}}) == view_step::broken);
  auto later = view_of_five();
  CHECK(later.apply(state_resync{{}, 4, 0, true, {}}) == view_step::broken);
}
