#include "support/node/nodes.hpp"
#include "support/scratch_folder.hpp"

#include <thread>

namespace troupe::cluster {

using namespace test;

namespace {

std::unique_ptr<node> start_kept(const std::string& name,
                                 const std::string& journal,
                                 const std::vector<std::string>& seeds = {}) {
  runtime_config host;
  host.threads = 2;
  host.simulated.latency_scale_permille = 0;
  host.journal = journal;
  auto it = node::start(node_named(name, seeds), host);
  REQUIRE(it.has_value());
  return std::move(*it);
}

} // namespace

TEST_CASE("an effect on another node is kept where its run was begun",
          "[node][effects]") {
  const scratch_folder folder{"troupe-node-effects"};
  const auto a = start_kept("a", (folder.path() / "runs.db").string());
  auto b = start_kept("b", {}, {a->address()}); // it keeps nothing itself
  std::atomic<int> done{0};
  std::atomic<bool> may_end{false};
  const auto pay = [&](const task_view& task) {
    const auto paid =
        task.effect("pay", R"({"amount": 5})", [&](const std::string& key) {
          ++done;
          return protocol::result<std::string>{"paid under " + key};
        });
    while (!may_end && !task.stop.stop_requested())
      std::this_thread::yield();
    return paid;
  };
  REQUIRE(b->host()
              .add_agent({.name = "payer"}, pay, execution::blocking)
              .has_value());
  REQUIRE(has_agent(*a, "payer"));
  auto run = a->host().start(mission_for("payer"));
  REQUIRE(run.has_value());
  REQUIRE(becomes([&] { return done == 1; }));
  // b is lost behind the effect; another node goes on with the task.
  b.reset();
  may_end = true;
  const auto c = start_kept("c", {}, {a->address()});
  REQUIRE(c->host()
              .add_agent({.name = "payer"}, pay, execution::blocking)
              .has_value());
  const auto report = run->wait();
  CHECK(done == 1); // it is not done again
  if (report.state == protocol::run_state::done)
    CHECK(report.tasks[0].output.starts_with("paid under "));
}

TEST_CASE("an effect whose end nobody knows is told so on the next node",
          "[node][effects]") {
  const scratch_folder folder{"troupe-node-effects"};
  const auto a = start_kept("a", (folder.path() / "runs.db").string());
  auto b = start_kept("b", {}, {a->address()});
  std::atomic<int> begun{0};
  std::atomic<bool> may_end{false};
  const auto pay = [&](const task_view& task) {
    return task.effect("pay", R"({"amount": 5})", [&](const std::string&) {
      ++begun;
      while (!may_end && !task.stop.stop_requested())
        std::this_thread::yield();
      return protocol::result<std::string>{"paid"};
    });
  };
  REQUIRE(b->host()
              .add_agent({.name = "payer"}, pay, execution::blocking)
              .has_value());
  REQUIRE(has_agent(*a, "payer"));
  const auto c = start_kept("c", {}, {a->address()});
  auto run = a->host().start(mission_for("payer"));
  REQUIRE(run.has_value());
  REQUIRE(becomes([&] { return begun == 1; }));
  REQUIRE(c->host()
              .add_agent({.name = "payer"}, pay, execution::blocking)
              .has_value());
  REQUIRE(becomes([&] { return view_of(*a, "c").agents == 1; }));
  b.reset();
  may_end = true;
  const auto report = run->wait();
  CHECK(begun == 1);
  CHECK(report.state == protocol::run_state::failed);
  REQUIRE(report.tasks[0].failure.has_value());
}

} // namespace troupe::cluster
