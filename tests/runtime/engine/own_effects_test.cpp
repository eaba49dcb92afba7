#include "support/actors/show_result.hpp"
#include "support/catch.hpp"
#include "support/scratch_folder.hpp"
#include "troupe/runtime/runtime.hpp"

#include <mutex>
#include <semaphore>
#include <set>
#include <stdexcept>

using namespace troupe;
using protocol::errc;
using protocol::fail;
using protocol::run_state;

namespace {

using text = protocol::result<std::string>;

runtime start(const std::string& journal) {
  runtime_config config;
  config.threads = 2;
  config.journal = journal;
  config.log.level = log_level::off;
  config.simulated.latency_scale_permille = 0;
  auto made = runtime::create(config);
  REQUIRE(made.has_value());
  return std::move(*made);
}

void add(runtime& to, agent_function code, const std::string& name = "ann",
         execution where = execution::blocking) {
  REQUIRE(to.add_agent({.name = name}, std::move(code), where).has_value());
}

protocol::mission mail(std::uint32_t attempts = 1) {
  protocol::mission it;
  it.name = "mail";
  it.tasks.resize(1);
  it.tasks[0].id = "mail";
  it.tasks[0].agent = "ann";
  it.tasks[0].prompt = "Write.";
  it.tasks[0].attempts_max = attempts;
  return it;
}

/// Waits until the task is stopped.
void wait(const std::stop_token& stop) {
  std::binary_semaphore stopped{0};
  const std::stop_callback wake{stop, [&] {
                                  stopped.release();
                                }};
  stopped.acquire();
}

/// Sends, and notes each call with its key.
struct mailbox {
  effect_function code() {
    return [this](const std::string& key) -> text {
      const std::lock_guard lock{mutex};
      keys.push_back(key);
      return "sent " + std::to_string(keys.size());
    };
  }

  std::mutex mutex;
  std::vector<std::string> keys;
};

/// A run whose process ended as kill -9 would end it, when `first` says so, and
/// which is gone on with by `second`.
using waiting_code =
    std::function<text(const task_view&, std::binary_semaphore& now)>;
protocol::run_report killed_in(const waiting_code& first,
                               agent_function second) {
  const test::scratch_folder folder{"own-effects"};
  const test::scratch_folder left{"own-effects-left"};
  protocol::id id;
  {
    std::binary_semaphore now{0};
    auto one = start((folder.path() / "runs.db").string());
    add(one, [&](const task_view& it) { return first(it, now); });
    const auto run = one.start(mail());
    REQUIRE(run.has_value());
    id = run->id();
    now.acquire();
    std::filesystem::copy(folder.path(), left.path());
  }
  auto two = start((left.path() / "runs.db").string());
  add(two, std::move(second));
  auto run = two.resume(id);
  REQUIRE(run.has_value());
  return run->wait();
}

/// What comes of an effect that was at work when its process ended.
protocol::run_report killed_at_work(bool is_idempotent,
                                    std::vector<std::string>& keys) {
  const auto first = [&](const task_view& it, std::binary_semaphore& now) {
    return it.effect("send", R"({"to":"bob"})",
                     [&](const std::string& key) -> text {
                       keys.push_back(key);
                       now.release();
                       wait(it.stop);
                       return fail(errc::cancelled, "");
                     },
                     {is_idempotent});
  };
  return killed_in(first, [&](const task_view& it) {
    return it.effect("send", R"({"to":"bob"})",
                     [&](const std::string& key) -> text {
                       keys.push_back(key);
                       return "sent";
                     },
                     {is_idempotent});
  });
}

} // namespace

TEST_CASE("an effect of a C++ agent that was at work when its process ended "
          "is not begun again",
          "[runtime][own_effects]") {
  std::vector<std::string> keys;
  const auto report = killed_at_work(false, keys);
  CHECK(report.state == run_state::failed);
  REQUIRE(report.tasks[0].failure.has_value());
  CHECK(report.tasks[0].failure->code == errc::effect_unknown);
  CHECK(keys.size() == 1);
}

TEST_CASE("an idempotent effect of a C++ agent is begun again with its key",
          "[runtime][own_effects]") {
  std::vector<std::string> keys;
  const auto report = killed_at_work(true, keys);
  CHECK(report.state == run_state::done);
  CHECK(report.tasks[0].output == "sent");
  REQUIRE(keys.size() == 2);
  CHECK(keys[0] == keys[1]);
  CHECK(keys[0].size() == 64);
}

TEST_CASE("an effect of a C++ agent that had ended is not begun again by the "
          "process that goes on",
          "[runtime][own_effects]") {
  mailbox post;
  const auto report = killed_in(
      [&](const task_view& it, std::binary_semaphore& now) -> text {
        const auto sent = it.effect("send", R"({"a":1,"b":2})", post.code());
        now.release();
        wait(it.stop);
        return sent;
      },
      [&](const task_view& it) {
        return it.effect("send", R"({ "b": 2, "a": 1 })", post.code());
      });
  CHECK(report.state == run_state::done);
  CHECK(report.tasks[0].output == "sent 1");
  CHECK(post.keys.size() == 1);
}

TEST_CASE("another attempt has the effects of the one before",
          "[runtime][own_effects]") {
  const test::scratch_folder folder{"own-effects"};
  auto host = start((folder.path() / "runs.db").string());
  mailbox post;
  int attempts = 0;
  add(host, [&](const task_view& it) -> text {
    const auto one = it.effect("send", "", post.code());
    const auto two = it.effect("send", "{}", post.code());
    const auto refused = it.effect("pay", "", [&](const std::string&) -> text {
      ++attempts;
      return fail(errc::limit_exceeded, "no money");
    });
    if (it.task.attempt == 1)
      return fail(errc::agent_failed, "not yet");
    return *one + ", " + *two + ", " + refused.error().detail;
  });
  const auto report = host.run(mail(2));
  REQUIRE(report.has_value());
  CHECK(report->tasks[0].output == "sent 1, sent 2, no money");
  REQUIRE(post.keys.size() == 2);
  CHECK(post.keys[0] != post.keys[1]);
  CHECK(attempts == 1);
}

TEST_CASE("an exception leaves an effect behind of which nobody knows",
          "[runtime][own_effects]") {
  const test::scratch_folder folder{"own-effects"};
  auto host = start((folder.path() / "runs.db").string());
  int begun = 0;
  add(host, [&](const task_view& it) -> text {
    return it.effect("send", "", [&](const std::string&) -> text {
      ++begun;
      throw std::runtime_error{"boom"};
    });
  });
  const auto report = host.run(mail(3));
  REQUIRE(report.has_value());
  REQUIRE(report->tasks[0].failure.has_value());
  CHECK(report->tasks[0].failure->code == errc::effect_unknown);
  CHECK(begun == 1);
}

TEST_CASE("an effect of a run that is not kept simply happens",
          "[runtime][own_effects]") {
  auto host = start({});
  mailbox post;
  add(host,
      [&](const task_view& it) { return it.effect("send", "", post.code()); });
  const auto report = host.run(mail());
  REQUIRE(report.has_value());
  CHECK(report->tasks[0].output == "sent 1");
  CHECK(post.keys == std::vector<std::string>{""});
  const protocol::perform_task alone;
  const task_view view{alone, {}, {}};
  CHECK(view.effect("send", "", post.code()) == text{"sent 2"});
  CHECK_FALSE(view.use_tool("send", "").has_value());
}

TEST_CASE("an effect that says nothing of itself, and one of an agent that "
          "cannot wait, do not happen",
          "[runtime][own_effects]") {
  const test::scratch_folder folder{"own-effects"};
  auto host = start((folder.path() / "runs.db").string());
  mailbox post;
  std::vector<errc> codes;
  const auto code = [&](const task_view& it) -> text {
    codes.push_back(it.effect("a b", "", post.code()).error().code);
    codes.push_back(it.effect("send", "{", post.code()).error().code);
    codes.push_back(it.effect("send", "", {}).error().code);
    codes.push_back(it.use_tool("send", "{}").error().code);
    return "done";
  };
  add(host, code);
  REQUIRE(host.run(mail()).has_value());
  add(
      host,
      [&](const task_view& it) -> text {
        codes.push_back(it.effect("send", "", post.code()).error().code);
        codes.push_back(it.use_tool("send", "").error().code);
        return "done";
      },
      "bob", execution::inline_);
  auto other = mail();
  other.tasks[0].agent = "bob";
  REQUIRE(host.run(other).has_value());
  CHECK(codes == std::vector<errc>(6, errc::invalid_request));
  CHECK(post.keys.empty());
}

TEST_CASE("equal effects of many agents at one time each happen once",
          "[runtime][own_effects]") {
  const test::scratch_folder folder{"own-effects"};
  auto host = start((folder.path() / "runs.db").string());
  mailbox post;
  auto mission = mail(2);
  mission.tasks.clear();
  constexpr int agents = 8;
  constexpr int each = 10;
  for (int i = 0; i < agents; ++i) {
    const auto name = "ann" + std::to_string(i);
    add(
        host,
        [&](const task_view& it) -> text {
          for (int n = 0; n < each; ++n)
            if (const auto sent = it.effect("send", "", post.code()); !sent)
              return sent;
          if (it.task.attempt == 1)
            return fail(errc::agent_failed, "once more");
          return "done";
        },
        name);
    mission.tasks.push_back(
        {.id = name, .agent = name, .prompt = "Write.", .attempts_max = 2});
  }
  const auto report = host.run(mission);
  REQUIRE(report.has_value());
  CHECK(report->state == run_state::done);
  CHECK(post.keys.size() == agents * each);
  CHECK(std::set(post.keys.begin(), post.keys.end()).size() == agents * each);
}

TEST_CASE("a C++ agent calls a tool once, and is told again what it said",
          "[runtime][own_effects]") {
  const test::scratch_folder folder{"own-effects"};
  auto host = start((folder.path() / "runs.db").string());
  std::vector<std::string> keys; // of one tool: by one thread at a time
  const auto tool = [&](const tool_view& it) -> text {
    keys.emplace_back(it.key);
    if (it.arguments == R"({"to":"nobody"})")
      return fail(errc::invalid_request, "nobody is not there");
    return "sent";
  };
  REQUIRE(host.add_tool({"send", "Sends", R"({"type":"object"})"}, tool)
              .has_value());
  std::vector<text> said;
  add(host, [&](const task_view& it) -> text {
    said.push_back(it.use_tool("send", ""));
    said.push_back(it.use_tool("send", R"({"to":"nobody"})"));
    said.push_back(it.use_tool("send", "[]"));
    return fail(errc::agent_failed, "once more");
  });
  REQUIRE(host.run(mail(2)).has_value());
  REQUIRE(said.size() == 6);
  for (const int at : {0, 3})
    CHECK(said.at(at) == text{"sent"});
  for (const int at : {1, 4})
    CHECK(said.at(at) == text{fail(errc::tool_failed, "nobody is not there")});
  for (const int at : {2, 5})
    CHECK(said.at(at).error().code == errc::invalid_request);
  CHECK(keys.size() == 2);
}
