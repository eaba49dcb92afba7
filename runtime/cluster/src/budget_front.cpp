#include "budget_front.hpp"

#include "deadline_table.hpp"
#include "requests.hpp"

#include <troupe/actors/actor_base.hpp>
#include <troupe/actors/log.hpp>

#include <algorithm>

namespace troupe::cluster {

using namespace protocol;

namespace {

using state = protocol::response<account_state>;
using reserved = protocol::response<budget_reserved>;
using opening = protocol::request<open_account>;
using reserving = protocol::request<reserve_budget>;
using settling = protocol::request<settle_budget>;
using describing = protocol::request<describe_account>;
using closing = protocol::request<close_account>;
using listing = protocol::request<list_accounts>;
using forecasting = protocol::request<forecast_budget>;
using front_base =
    budget_front_actor::extend<caf::reacts_to<actors::deadline_tick>>;

constexpr std::chrono::seconds patience{10};
constexpr std::chrono::milliseconds pause{500};
/// Of reservations without a lease.
constexpr std::chrono::minutes lease_default{10};
constexpr std::size_t held_max = 100'000;

class budget_front final : public actors::actor_base<front_base> {
public:
  budget_front(caf::actor_config& cfg, const actors::wall_clock& clock,
               actors::budget_actor ledger, std::shared_ptr<home_book> homes)
      : actor_base(cfg, clock), wall_(clock), ledger_(std::move(ledger)),
        homes_(std::move(homes)) {
    monitor(ledger_);
    set_down_handler([this](const caf::down_msg& it) { quit(it.reason); });
  }

  const char* name() const override { return "budget-front"; }

  behavior_type make_behavior() override {
    return {
        [this](const opening& it) {
          homes_->begin_own(it.body.path);
          return delegate(ledger_, it);
        },
        [this](const reserving& it) { return reserve(it); },
        [this](const settling& it) { return settle(it); },
        [this](const describing& it) { return delegate(ledger_, it); },
        [this](const closing& it) {
          homes_->end_own(it.body.path);
          return delegate(ledger_, it);
        },
        [this](const listing& it) { return delegate(ledger_, it); },
        [this](const forecasting& it) { return delegate(ledger_, it); },
        [this](const settle_up& it) { return settle_all(it); },
        [this](const actors::deadline_tick& it) { table_.on_tick(this, it); },
    };
  }

  void on_exit() override {
    for (auto& [id, it] : std::exchange(held_, {}))
      for (auto& promise : it.waiting)
        promise.deliver(actors::to_caf(
            fail(errc::unreachable, "the budget front has ended")));
    for (auto& it : std::exchange(waiting_, {}))
      it.promise.deliver(settled_up{});
    homes_->clear();
    table_.close();
    send_exit(ledger_, caf::exit_reason::user_shutdown);
    ledger_ = nullptr;
  }

private:
  /// What another node has set aside for a call here.
  struct held {
    link_actor home;
    std::string run; ///< Of the account, as `run_of_account`.
    caf::actor_clock::time_point until{};
    std::shared_ptr<const any_message> settlement; ///< Null: not ended yet.
    std::vector<caf::typed_response_promise<state>> waiting; // one a repetition
  };

  caf::result<reserved> reserve(const protocol::request<reserve_budget>& it) {
    const auto home = homes_->find(it.body.account);
    if (!home)
      return delegate(ledger_, it);
    if (held_.size() >= held_max)
      return actors::to_caf(fail(errc::overloaded, "too many calls are paid by "
                                                   "other nodes"));
    auto promise = make_response_promise<reserved>();
    const auto lease =
        it.body.lease > duration{} ? it.body.lease : duration{lease_default};
    actors::request_until<told_there>(
        this, table_, clock().now() + patience, home,
        [this, promise, home, lease, run = run_of_account(it.body.account)](
            result<told_there> told) mutable {
          const auto* yes =
              told ? std::get_if<reserved>(told->what.get()) : nullptr;
          if (yes == nullptr) {
            promise.deliver(actors::to_caf(
                told ? fail(errc::malformed_message, "not a reservation")
                     : told.error()));
            return;
          }
          held_.emplace(yes->body.reservation,
                        held{home, run, clock().now() + lease, nullptr, {}});
          promise.deliver(*yes);
        },
        ask_there{std::make_shared<const any_message>(it)});
    return promise;
  }

  caf::result<state> settle(const protocol::request<settle_budget>& it) {
    const auto found = held_.find(it.body.reservation);
    if (found == held_.end())
      return delegate(ledger_, it);
    auto promise = make_response_promise<state>();
    found->second.waiting.push_back(promise);
    if (found->second.settlement)
      return promise; // it is on its way
    found->second.settlement = std::make_shared<const any_message>(it);
    say(it.body.reservation);
    return promise;
  }

  /// Settlements that are on their way, of one run.
  [[nodiscard]] bool is_settled(const std::string& run) const {
    return std::none_of(held_.begin(), held_.end(), [&](const auto& it) {
      return it.second.settlement && it.second.run == run;
    });
  }

  caf::result<settled_up> settle_all(const settle_up& it) {
    auto run = run_of_account(it.account);
    if (held_.empty() || is_settled(run))
      return settled_up{};
    auto promise = make_response_promise<settled_up>();
    waiting_.push_back({std::move(run), promise});
    return promise;
  }

  void tell_settled() {
    std::erase_if(waiting_, [this](auto& it) {
      if (!is_settled(it.run))
        return false;
      it.promise.deliver(settled_up{});
      return true;
    });
  }

  void say(const protocol::id& reservation) {
    const auto& it = held_.at(reservation);
    actors::request_until<told_there>(
        this, table_, clock().now() + patience, it.home,
        [this, reservation](result<told_there> told) {
          const auto* settled =
              told ? std::get_if<state>(told->what.get()) : nullptr;
          if (settled != nullptr)
            return end(reservation, *settled);
          const auto why =
              told ? fail(errc::malformed_message, "no account") : told.error();
          say_again(reservation, why);
        },
        ask_there{it.settlement});
  }

  void say_again(const protocol::id& reservation, const error& why) {
    const auto found = held_.find(reservation);
    if (found == held_.end())
      return;
    if (retry_of(why.code) == retry::never
        || clock().now() >= found->second.until) {
      actors::log(actors::log_level::error, "cluster", "settlement.lost",
                  "reservation=" + to_string(reservation)
                      + " why=" + why.detail);
      return end(reservation, why);
    }
    table_.add(clock().now() + pause, [this, reservation] {
      if (held_.count(reservation) != 0)
        say(reservation);
    });
    table_.arm(this);
  }

  void end(const protocol::id& reservation, const result<state>& outcome) {
    const auto found = held_.find(reservation);
    if (found == held_.end())
      return;
    auto it = std::move(found->second);
    held_.erase(found);
    for (auto& promise : it.waiting) {
      if (outcome)
        promise.deliver(*outcome);
      else
        promise.deliver(actors::to_caf(outcome.error()));
    }
    if (!waiting_.empty())
      tell_settled();
  }

  actors::wall_clock wall_;
  actors::budget_actor ledger_;
  std::shared_ptr<home_book> homes_;
  actors::deadline_table table_;
  struct waiter {
    std::string run;
    caf::typed_response_promise<settled_up> promise;
  };
  std::unordered_map<protocol::id, held> held_; // bounded by held_max
  std::vector<waiter> waiting_; // bounded by the tasks of all links
};

} // namespace

budget_front_actor spawn_budget_front(caf::actor_system& system,
                                      const actors::wall_clock& clock,
                                      const actors::budget_actor& ledger,
                                      std::shared_ptr<home_book> homes) {
  const auto made = system.spawn<budget_front>(clock, ledger, std::move(homes));
  return caf::actor_cast<budget_front_actor>(
      caf::actor_cast<caf::strong_actor_ptr>(made));
}

} // namespace troupe::cluster
