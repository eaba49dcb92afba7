#include "poison_watch.hpp"
#include "support/catch.hpp"

#include <stdexcept>

using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using protocol::fail;
using protocol::result;
using protocol::task_result;

namespace {

/// A link that leads nowhere.
class no_link final : public task_link {
public:
  result<task_result> ask(const protocol::question&) override {
    return fail(errc::unreachable, "");
  }
  void progress(std::uint32_t, std::string_view) override {}
  result<std::string> effect(const effect_wish&, const effect_code&) override {
    return fail(errc::unreachable, "");
  }
  void give_up_code() override {}
  result<std::string> use_tool(const std::string&,
                               const std::string&) override {
    return fail(errc::unreachable, "");
  }
};

/// A message, and what is done about it.
struct desk {
  desk() { asked.body.prompt = "it"; }

  result<task_result> call(const task_code& code) {
    return call_watched(code, {asked, {}, link}, &book, "a", {}, {});
  }
  result<task_result> lose(errc with) {
    return note_lost_code(fail(with, "it crashed"), {asked, {}, link}, book,
                          "a", {});
  }

  protocol::request<protocol::perform_task> asked;
  no_link link;
  quarantine_book book{{2}, {}};
};

} // namespace

TEST_CASE("what code throws counts against its message, errors do not",
          "[poison_watch]") {
  desk it;
  int calls = 0;
  const auto fails = [&](const task_work&) -> result<task_result> {
    ++calls;
    return fail(errc::agent_failed, "no");
  };
  const auto throws = [&](const task_work&) -> result<task_result> {
    ++calls;
    throw std::runtime_error{"boom"};
  };
  for (int i = 0; i < 5; ++i)
    CHECK(it.call(fails).error().code == errc::agent_failed);
  CHECK(it.call(throws).error().detail == "exception: boom");
  CHECK(it.call(throws).error().code == errc::quarantined);
  CHECK(calls == 7);
  CHECK(it.call(throws).error().code == errc::quarantined);
  CHECK(calls == 7);
}

TEST_CASE("code that answers makes up for what others have thrown",
          "[poison_watch]") {
  desk it;
  for (int i = 0; i < 5; ++i) {
    CHECK(it.call([](const task_work&) -> result<task_result> {
              throw std::runtime_error{"boom"};
            })
              .error()
              .code
          == errc::agent_failed);
    CHECK(it.call([](const task_work&) {
              return result<task_result>{task_result{}};
            }).has_value());
  }
}

TEST_CASE("code that was lost over a message counts, unless it was stopped",
          "[poison_watch]") {
  desk it;
  for (int i = 0; i < 3; ++i) {
    CHECK(it.lose(errc::cancelled).error().code == errc::cancelled);
    CHECK(it.lose(errc::deadline_exceeded).error().code
          == errc::deadline_exceeded);
  }
  CHECK(it.lose(errc::agent_failed).error().code == errc::agent_failed);
  CHECK(it.lose(errc::agent_failed).error().code == errc::quarantined);
  CHECK(it.book.held().at(0).crashes[0].why == "it crashed");
}
