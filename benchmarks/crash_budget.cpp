// What is billed at most when a process is killed while it spends?
//
// A process makes calls, 16 at one time, with its ledger in a file; kill -9 at
// each of five points of a call, again and again, until the money is gone. The
// provider counts its bills in a file of its own: never above the limit.
#include "ledger/sqlite_ledger.hpp"
#include "measure.hpp"

#include <troupe/actors/budget_manager.hpp>
#include <troupe/actors/router.hpp>
#include <troupe/actors/system_config.hpp>
#include <troupe/protocol/token_counter.hpp>

#include <caf/all.hpp>

#include <array>
#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <random>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using namespace troupe::benchmarks;
namespace protocol = troupe::protocol;
namespace actors = troupe::actors;

using call_request = protocol::request<protocol::model_call>;
using call_response = protocol::response<protocol::model_reply>;
using held = protocol::response<protocol::budget_reserved>;
using state = protocol::response<protocol::account_state>;
constexpr std::int64_t token_price = 1'000; // nano-dollars
constexpr std::uint64_t at_once = 16;
constexpr int exhausted = 7;

enum class moment { reserve, reserved, sent, answered, settle };
constexpr std::array<const char*, 5> names{
    "before the reservation", "after the reservation", "after the request",
    "after the answer", "before the settlement"};

/// When and where a process dies: at the `left`-th time.
struct fate {
  moment at = moment::reserve;
  std::int64_t left = 1;

  void pass(moment here) {
    if (here == at && --left == 0)
      std::raise(SIGKILL);
  }
};

protocol::model_spec priced_model() {
  protocol::model_spec model;
  model.id = "till/one";
  model.provider = "till";
  model.wire_name = "one";
  model.context_tokens = 100'000;
  model.output_tokens = 8'000;
  const protocol::money each{token_price * 1'000'000};
  model.prices = {{0, each, each, each, each, each}};
  return model;
}

/// Stands before the budget manager.
class gate : public actors::budget_actor::base {
  template <class Body>
  auto passed_on() {
    return [this](const protocol::request<Body>& it) {
      return delegate(to_, it);
    };
  }

public:
  gate(caf::actor_config& cfg, actors::budget_actor to, fate& end)
      : actors::budget_actor::base(cfg), to_(std::move(to)), end_(end) {}

  behavior_type make_behavior() override {
    return {passed_on<protocol::open_account>(),
            passed_on<protocol::describe_account>(),
            [this](const protocol::request<protocol::reserve_budget>& it) {
              return reserve(it);
            },
            [this](const protocol::request<protocol::settle_budget>& it) {
              end_.pass(moment::settle);
              return delegate(to_, it);
            },
            passed_on<protocol::close_account>(),
            passed_on<protocol::list_accounts>(),
            passed_on<protocol::forecast_budget>()};
  }

private:
  caf::result<held>
  reserve(const protocol::request<protocol::reserve_budget>& it) {
    end_.pass(moment::reserve);
    auto promise = make_response_promise<held>();
    request(to_, caf::infinite, it)
        .then(
            [this, promise](const held& granted) mutable {
              end_.pass(moment::reserved);
              promise.deliver(granted);
            },
            [promise](caf::error& why) mutable {
              promise.deliver(std::move(why));
            });
    return promise;
  }

  actors::budget_actor to_;
  fate& end_;
};

/// A provider that writes each bill down before it answers.
class till : public actors::provider_actor::base {
public:
  till(caf::actor_config& cfg, const std::string& bills, fate& end,
       std::uint64_t seed)
      : actors::provider_actor::base(cfg), end_(end), random_(seed),
        bills_(open(bills.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC,
                    0600)) {}

  behavior_type make_behavior() override {
    return {[this](const call_request& it) { return answer_to(it); },
            [](const protocol::coordination<protocol::cancel>&) {
            }};
  }

private:
  caf::result<call_response> answer_to(const call_request& it) {
    call_response answer;
    answer.body.content = {protocol::text_part{"yes"}};
    answer.body.used.input = 1 + random_() % 20;
    answer.body.used.output = 1 + random_() % it.body.output_tokens_max;
    const auto bill = static_cast<std::int64_t>(answer.body.used.input
                                                + answer.body.used.output)
                      * token_price;
    if (write(bills_, &bill, sizeof bill) != sizeof bill)
      wrong("a bill was not written");
    end_.pass(moment::sent);
    auto promise = make_response_promise<call_response>();
    promise.deliver(std::move(answer));
    end_.pass(moment::answered);
    return promise;
  }

  fate& end_;
  std::minstd_rand random_;
  int bills_;
};

/// A process that spends until it is killed or has no money.
[[noreturn]] void live(const std::string& file, const std::string& bills,
                       protocol::money limit, fate end, std::uint64_t seed) {
  actors::system_config settings{1}; // one thread: `fate` is not shared
  caf::actor_system system{settings};
  const auto clock = actors::make_wall_clock(system);
  auto log = troupe::open_sqlite_ledger(file);
  auto ledger =
      log ? actors::open_ledger(std::move(*log), clock.at(system.clock().now()))
          : protocol::result<std::shared_ptr<actors::kept_ledger>>{log.error()};
  if (!ledger)
    wrong("the ledger's file could not be used");
  const auto budget =
      actors::spawn_budget_manager(system, {clock, seed, std::move(*ledger)});
  caf::scoped_actor self{system};
  self->request(budget, caf::infinite,
                protocol::request<protocol::open_account>{{}, {"t", limit}})
      .receive([](const state&) {},
               [](const caf::error&) { wrong("no account"); });
  actors::router_config routing;
  routing.models = {priced_model()};
  routing.providers = {
      {"till", system.spawn<till>(bills, std::ref(end), seed)}};
  routing.budget = system.spawn<gate>(budget, std::ref(end));
  routing.counter = std::make_shared<protocol::token_estimator>();
  routing.attempts_max = 1;
  routing.clock = clock;
  const auto router = actors::spawn_router(system, std::move(routing));
  call_request ask;
  ask.body.account = "t/run/task";
  ask.body.output_tokens_max = 200;
  ask.body.messages = {
      {protocol::chat_role::user, {protocol::text_part{"Is it so?"}}}};
  for (std::uint64_t number = 1;; ++number) {
    ask.head.message = {1, number};
    self->send(router, ask);
    if (number < at_once)
      continue;
    self->receive([](const call_response&) {},
                  [](const caf::error& why) {
                    const auto code = actors::from_caf(why).code;
                    _exit(code == protocol::errc::budget_exhausted ? exhausted
                                                                   : 1);
                  });
  }
}

std::int64_t billed(const std::string& bills) {
  std::ifstream in{bills, std::ios::binary};
  std::int64_t sum = 0;
  std::int64_t one = 0;
  while (in.read(reinterpret_cast<char*>(&one), sizeof one))
    sum += one;
  return sum;
}

/// What the ledger says, after a new start.
protocol::account_state account_in(const std::string& file) {
  actors::system_config settings{1};
  caf::actor_system system{settings};
  auto log = troupe::open_sqlite_ledger(file);
  if (!log)
    wrong("the ledger's file could not be read");
  auto ledger = actors::open_ledger(std::move(*log), {});
  if (!ledger)
    wrong("the ledger contradicts itself");
  const auto clock = actors::make_wall_clock(system);
  const auto budget =
      actors::spawn_budget_manager(system, {clock, 1, std::move(*ledger)});
  caf::scoped_actor self{system};
  protocol::account_state out;
  protocol::request<protocol::describe_account> ask;
  ask.body.path = "t";
  self->request(budget, caf::infinite, ask)
      .receive([&](const state& it) { out = it.body; },
               [](const caf::error&) { wrong("no account"); });
  self->send_exit(budget, caf::exit_reason::user_shutdown);
  return out;
}

/// True when it was killed; false when it had no money.
bool live_once(const std::string& file, const std::string& bills,
               protocol::money limit, const fate& end, std::uint64_t seed) {
  const auto child = fork();
  int status = 0;
  if (child == 0)
    live(file, bills, limit, end, seed);
  if (child < 0 || waitpid(child, &status, 0) != child)
    wrong("no process");
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
    return true;
  if (!WIFEXITED(status) || WEXITSTATUS(status) != exhausted)
    wrong("a process ended by itself");
  return false;
}

void print_usd(const char* what, std::int64_t nano) {
  std::printf("  %-40s %.6f USD\n", what, static_cast<double>(nano) * 1e-9);
}

} // namespace

int main(int argc, char** argv) {
  const options option{
      argc,
      argv,
      "What is billed at most when a process is killed while it spends? Some "
      "seconds; writes files in the current folder.",
      {{"calls", 2'000, "that the limit can pay at their worst"},
       {"seed", 1, "of all chances"}}};
  print_machine();
  const protocol::money limit{option["calls"] * 300 * token_price};
  const auto folder = std::filesystem::current_path()
                      / ("troupe-crash-" + std::to_string(getpid()));
  std::filesystem::create_directory(folder);
  const auto file = folder.string() + "/ledger";
  const auto bills = folder.string() + "/bills";
  std::minstd_rand random{static_cast<unsigned>(option["seed"])};
  std::array<int, names.size()> kills{};
  std::int64_t over = 0;
  for (std::uint64_t lives = 0;; ++lives) {
    const auto at = lives % names.size();
    const fate end{static_cast<moment>(at),
                   1 + static_cast<std::int64_t>(random() % 40)};
    const bool was_killed = live_once(file, bills, limit, end, lives + 1);
    over = std::max(over, billed(bills) - limit.nano_usd);
    if (billed(bills) > account_in(file).spent.nano_usd)
      wrong("more was billed than the ledger knows of");
    if (!was_killed)
      break;
    ++kills[at];
  }
  std::printf("kill -9, with %llu calls at one time\n",
              static_cast<unsigned long long>(at_once));
  for (std::size_t i = 0; i < names.size(); ++i)
    std::printf("  %-40s %d times\n", names[i], kills[i]);
  const auto known = account_in(file);
  print_usd("limit", limit.nano_usd);
  print_usd("billed, by the provider's own count", billed(bills));
  print_usd("spent, by the ledger", known.spent.nano_usd);
  print_usd("of it, what nobody knows", known.unknown.nano_usd);
  print_goal("billed above the limit", static_cast<double>(over) * 1e-9, 0,
             "USD");
  std::filesystem::remove_all(folder);
  return 0;
}
