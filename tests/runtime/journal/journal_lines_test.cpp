#include "journal/journal_lines.hpp"
#include "support/catch.hpp"
#include "support/runtime/shared_store.hpp"

#include <troupe/actors/memory_store.hpp>

using namespace std::chrono_literals;
using namespace troupe;
using protocol::errc;

namespace {

constexpr protocol::id run{7, 1};
const protocol::instant start{1'000h};

struct book {
  std::unique_ptr<actors::durable_store> store = actors::make_memory_store();

  store_journal journal() {
    return {std::make_unique<test::shared_store>(*store), [] {
              return start;
            }};
  }
};

std::vector<protocol::journal_entry> entries() {
  protocol::run_planned plan;
  plan.what.name = "m";
  plan.what.budget = protocol::money{1'000};
  auto& task = plan.what.tasks.emplace_back();
  task.id = "t";
  task.agent = "ann";
  task.prompt = "Do it.";
  plan.estimates.resize(1);
  protocol::attempt_started begun;
  begun.task = "t";
  begun.agent = "ann";
  return {{1, start, plan}, {2, start, begun}};
}

actors::kept_call call(std::uint32_t number) {
  actors::kept_call it;
  it.task = "t";
  it.agent = "ann";
  it.number = number;
  it.call = {5, number};
  it.asked = {{protocol::chat_role::user,
               {protocol::text_part{std::string(500, 'a')}}}};
  it.reply.model = "p/a";
  it.reply.content = {protocol::tool_call{"id", "look", "{}"}};
  return it;
}

/// A run with entries, a hundred calls of its model and three of its tools, of
/// which one has not answered.
void fill(store_journal& it) {
  const actors::run_entries batch{run, entries()};
  REQUIRE(it.append({&batch, 1}).front().has_value());
  for (std::uint32_t i = 1; i <= 100; ++i) {
    const actors::keep_call kept{run, call(i)};
    REQUIRE(it.keep({}, {&kept, 1}).calls.front().has_value());
  }
  for (std::uint32_t i = 1; i <= 3; ++i) {
    const auto begun = it.begin({run, "t/ann", "look", "{}", i, true});
    REQUIRE(begun.has_value());
    if (i < 3)
      REQUIRE(it.end({run, begun->key, {"id", "seen", false}}).has_value());
  }
}

std::vector<std::string> lines_of(store_journal& it) {
  std::vector<std::string> lines;
  const auto done = write_lines(
      it, run, [&](const std::string& line) { lines.push_back(line); });
  REQUIRE(done.has_value());
  return lines;
}

protocol::result<std::size_t> read_into(store_journal& it,
                                        const std::vector<std::string>& lines) {
  line_reader reader;
  for (const auto& line : lines)
    if (const auto good = reader.add(line); !good)
      return good.error();
  return reader.add_to(it);
}

} // namespace

TEST_CASE("a run goes from one journal to another with all that it has done",
          "[journal_lines]") {
  book one;
  auto from = one.journal();
  fill(from);
  const auto lines = lines_of(from);
  CHECK(lines.size() == 2 + 100 + 3);
  book two;
  auto to = two.journal();
  const auto added = read_into(to, lines);
  REQUIRE(added.has_value());
  CHECK(*added == 1);
  CHECK(*to.read(run) == *from.read(run));
  CHECK(*to.calls(run) == *from.calls(run));
  CHECK(*to.effects(run) == *from.effects(run));
  CHECK(to.verify()->problems.empty());
  CHECK(lines_of(to) == lines);
  // What a tool has done is not done again there.
  CHECK(to.begin({run, "t/ann", "look", "{}", 1, true})->done.has_value());
  CHECK(to.begin({run, "t/ann", "look", "{}", 3, false}).error().code
        == errc::effect_unknown);
}

TEST_CASE("a run that is there already is not added a second time",
          "[journal_lines]") {
  book one;
  auto it = one.journal();
  fill(it);
  CHECK(read_into(it, lines_of(it)).error().code == errc::journal_damaged);
  CHECK(it.calls(run)->size() == 100);
  CHECK(it.verify()->problems.empty());
}

TEST_CASE("an addition that was broken off can be done again",
          "[journal_lines]") {
  book one;
  auto from = one.journal();
  fill(from);
  book two;
  auto to = two.journal();
  const actors::keep_call early{run, call(1)};
  REQUIRE(to.keep({}, {&early, 1}).calls.front().has_value());
  REQUIRE(read_into(to, lines_of(from)).has_value());
  CHECK(*to.calls(run) == *from.calls(run));
  CHECK(to.verify()->problems.empty());
}

TEST_CASE("lines that do not fit a run are not added", "[journal_lines]") {
  book one;
  auto from = one.journal();
  fill(from);
  auto lines = lines_of(from);
  const auto change = GENERATE(range(0, 5));
  CAPTURE(change);
  if (change == 0) { // calls without the run
    lines.erase(lines.begin(), lines.begin() + 2);
  } else if (change == 1) { // of a task that it has not
    auto other = call(1);
    other.task = "u";
    lines.push_back(line_of(run, other));
  } else if (change == 2) { // of an attempt that was not begun
    auto other = call(1);
    other.attempt = 2;
    lines.push_back(line_of(run, other));
  } else if (change == 3) { // an entry is missing
    lines.erase(lines.begin());
  } else {
    auto& last = lines.back();
    last.replace(last.find("t/ann"), 5, "u/ann");
  }
  book two;
  auto to = two.journal();
  CHECK(read_into(to, lines).error().code == errc::journal_damaged);
  CHECK(to.read(run).error().code == errc::unknown_run);
}

TEST_CASE("what is no line of a run is refused", "[journal_lines]") {
  line_reader reader;
  for (const auto* line :
       {"", "{", "[]", "{}", R"({"run":"x","entry":{}})",
        R"({"run":"00000000-0000-0007-0000-000000000001"})",
        R"({"run":"00000000-0000-0007-0000-000000000001","entry":1})",
        R"({"run":"00000000-0000-0007-0000-000000000001","call":[]})",
        R"({"run":"00000000-0000-0007-0000-000000000001","other":{}})",
        R"({"run":"00000000-0000-0007-0000-000000000001",)"
        R"("effect":{"key":"../x","state":{"step":"t/a","tool":"x",)"
        R"("begun":"2026-01-01T00:00:00Z","times":1}}})"})
    CHECK(reader.add(line).has_error());
  book one;
  auto it = one.journal();
  CHECK(*reader.add_to(it) == 0);
}
