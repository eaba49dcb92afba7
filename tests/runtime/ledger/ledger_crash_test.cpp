// A process that is killed while it spends, and what its ledger says then.
#include "ledger/sqlite_ledger.hpp"
#include "support/actors/show_result.hpp"
#include "support/scratch_folder.hpp"

#include <troupe/actors/budget_manager.hpp>
#include <troupe/actors/system_config.hpp>

#include <caf/all.hpp>

#include <csignal>
#include <fcntl.h>
#include <map>
#include <random>
#include <sys/wait.h>

using namespace troupe;
using protocol::settlement;

namespace {

constexpr std::int64_t limit = 5'000;
constexpr std::int64_t worst = 100; // of one call
constexpr int exhausted = 7;
constexpr int broken = 8;

/// Where in its last call a process is killed.
enum class moment { reserve, send, bill, answer, settle };

/// A process that spends, until it is killed in call `last` at `end` or has no
/// money. Each bill is a byte in `bills`: what the provider knows, whatever
/// becomes of us.
class life {
  using state = protocol::response<protocol::account_state>;
  using held = protocol::response<protocol::budget_reserved>;

  template <class Body>
  auto ask(Body body) {
    return self_->request(manager_, caf::infinite,
                          protocol::request<Body>{{}, std::move(body)});
  }

public:
  life(const std::string& file, const std::string& bills, int last, moment end,
       unsigned seed)
      : last_(last), end_(end), random_(seed),
        provider_(open(bills.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC,
                       0600)) {
    auto log = open_sqlite_ledger(file);
    if (!log)
      _exit(broken);
    auto ledger =
        actors::open_ledger(std::move(*log), clock_.at(system_.clock().now()));
    if (!ledger)
      _exit(broken);
    manager_ = actors::spawn_budget_manager(system_,
                                            {clock_, seed, std::move(*ledger)});
    ask(protocol::open_account{"t", {limit}})
        .receive([](const state&) {}, fail);
  }

  [[noreturn]] void live() {
    for (int call = 1;; ++call)
      spend(call == last_);
  }

private:
  static void fail(const caf::error& why) {
    const bool is_spent =
        actors::from_caf(why).code == protocol::errc::budget_exhausted;
    _exit(is_spent ? exhausted : broken);
  }

  void spend(bool is_last) {
    const auto die_at = [&](moment here) {
      if (is_last && here == end_)
        std::raise(SIGKILL);
    };
    die_at(moment::reserve);
    protocol::id reservation;
    ask(protocol::reserve_budget{"t/m/a", {worst}})
        .receive([&](const held& it) { reservation = it.body.reservation; },
                 fail);
    die_at(moment::send);
    const auto bill = static_cast<unsigned char>(1 + random_() % worst);
    if (write(provider_, &bill, 1) != 1)
      _exit(broken);
    die_at(moment::bill);
    auto done =
        ask(protocol::settle_budget{reservation, settlement::billed, {bill}});
    die_at(moment::answer);
    done.receive([](const state&) {}, fail);
    die_at(moment::settle);
  }

  int last_;
  moment end_;
  std::mt19937 random_;
  int provider_;
  actors::system_config config_{1};
  caf::actor_system system_{config_};
  actors::wall_clock clock_ = actors::make_wall_clock(system_);
  caf::scoped_actor self_{system_};
  actors::budget_actor manager_;
};

/// How it ended: its exit code, or -1 when it was killed.
int run_life(const std::string& file, const std::string& bills, int last,
             moment end, unsigned seed) {
  const auto child = fork();
  if (child == 0)
    life{file, bills, last, end, seed}.live();
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  if (WIFSIGNALED(status)) {
    REQUIRE(WTERMSIG(status) == SIGKILL);
    return -1;
  }
  return WEXITSTATUS(status);
}

std::int64_t billed(const std::string& bills) {
  std::ifstream in{bills, std::ios::binary};
  std::int64_t sum = 0;
  for (char c = 0; in.get(c);)
    sum += static_cast<unsigned char>(c);
  return sum;
}

/// What an account of its own makes of the entries.
std::int64_t spent_or_reserved(const std::string& file) {
  auto log = open_sqlite_ledger(file);
  REQUIRE(log);
  std::map<protocol::id, std::int64_t> all;
  REQUIRE((*log)->read([&](const actors::ledger_entry& it) {
    if (const auto* held = std::get_if<actors::held_budget>(&it.what)) {
      CHECK(all.emplace(held->reservation, held->what.amount.nano_usd).second);
    } else if (const auto* end =
                   std::get_if<protocol::settle_budget>(&it.what)) {
      CHECK(all.count(end->reservation) == 1);
      if (end->outcome == settlement::billed)
        all[end->reservation] = end->actual.nano_usd;
    }
    return protocol::result<void>{};
  }));
  std::int64_t sum = 0;
  for (const auto& [reservation, amount] : all)
    sum += amount;
  return sum;
}

} // namespace

TEST_CASE("B10: kill -9 at any point of a call never lets more be billed than "
          "the limit",
          "[ledger]") {
  const test::scratch_folder folder{"ledger-crash"};
  const auto file = (folder.path() / "troupe.ledger").string();
  const auto bills = (folder.path() / "bills").string();
  std::mt19937 random{11};
  int killed = 0;
  for (unsigned lives = 1;; ++lives) {
    REQUIRE(lives < 500);
    const auto end = static_cast<moment>(lives % 5);
    const int last = 1 + static_cast<int>(random() % 4);
    CAPTURE(lives, last, static_cast<int>(end));
    const auto code = run_life(file, bills, last, end, lives);
    const auto known = spent_or_reserved(file);
    REQUIRE(billed(bills) <= known);
    REQUIRE(known <= limit);
    if (code == exhausted)
      break;
    REQUIRE(code == -1);
    ++killed;
  }
  CHECK(killed >= 20);
  CHECK(spent_or_reserved(file) > limit - worst);
}
