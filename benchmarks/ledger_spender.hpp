#pragma once

#include "measure.hpp"

#include <troupe/actors/budget_manager.hpp>

#include <caf/all.hpp>

#include <functional>
#include <string>
#include <vector>

namespace troupe::benchmarks {

/// Reserves a thousandth of a dollar and settles it `count` times, `at_once`
/// calls at one time. Then tells `boss` how long each that was granted took,
/// in milliseconds.
class ledger_spender : public caf::event_based_actor {
public:
  ledger_spender(caf::actor_config& cfg, actors::budget_actor bank,
                 std::function<std::string(std::int64_t)> leaf,
                 std::int64_t count, std::int64_t at_once, caf::actor boss)
      : caf::event_based_actor(cfg), bank_(std::move(bank)),
        leaf_(std::move(leaf)), left_(count), at_once_(at_once),
        boss_(std::move(boss)) {}

  caf::behavior make_behavior() override {
    return {[this](caf::ok_atom) {
      for (std::int64_t i = 0; i < at_once_; ++i)
        next();
    }};
  }

private:
  using held = protocol::response<protocol::budget_reserved>;
  using state = protocol::response<protocol::account_state>;

  void next() {
    if (left_ == 0) {
      if (open_ == 0) {
        send(boss_, std::move(took_));
        quit();
      }
      return;
    }
    ++open_;
    protocol::request<protocol::reserve_budget> ask;
    ask.head.message = {id(), static_cast<std::uint64_t>(left_)};
    ask.body = {leaf_(--left_), {1'000'000}, 500};
    request(bank_, caf::infinite, std::move(ask))
        .then(
            [this, begin = seconds_now()](const held& it) {
              took_.push_back((seconds_now() - begin) * 1e3);
              settle(it.body.reservation);
            },
            [this](const caf::error&) { end_one(); });
  }

  void settle(protocol::id reservation) {
    protocol::request<protocol::settle_budget> ask;
    ask.body = {reservation, protocol::settlement::billed, {1'000'000}, 400};
    request(bank_, caf::infinite, std::move(ask))
        .then([this](const state&) { end_one(); },
              [](const caf::error&) { wrong("a settlement was refused"); });
  }

  void end_one() {
    --open_;
    next();
  }

  actors::budget_actor bank_;
  std::function<std::string(std::int64_t)> leaf_;
  std::int64_t left_;
  std::int64_t open_ = 0;
  std::int64_t at_once_;
  std::vector<double> took_; // one a call
  caf::actor boss_;
};

} // namespace troupe::benchmarks
