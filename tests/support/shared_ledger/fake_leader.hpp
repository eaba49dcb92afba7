#pragma once

#include "leader_front.hpp"
#include "ledger_rules.hpp"

#include <caf/all.hpp>

namespace troupe::test {

/// The shared ledger, and what tests do to the way there.
struct fake_ledger {
  actors::ledger_rules rules;
  bool is_away = false;
  std::map<std::string, int> asked; ///< By type of the request.

  int asked_of(const std::string& type) { return asked[type]; }
  protocol::account_state account(const std::string& path,
                                  protocol::instant now) {
    return rules.describe(path, now).value();
  }

  protocol::result<protocol::any_message>
  answer(const protocol::any_message& what, protocol::instant now) {
    if (is_away)
      return protocol::fail(protocol::errc::unreachable, "no node leads");
    const auto tell = [](const protocol::header& head,
                         auto done) -> protocol::result<protocol::any_message> {
      if (!done)
        return done.error();
      protocol::response<std::decay_t<decltype(*done)>> it{{}, *done};
      it.head.correlation = head.message;
      return protocol::any_message{std::move(it)};
    };
    if (const auto* it =
            std::get_if<protocol::request<protocol::open_account>>(&what)) {
      ++asked["open"];
      return tell(it->head, rules.open(it->body, now));
    }
    if (const auto* it =
            std::get_if<protocol::request<protocol::describe_account>>(&what)) {
      ++asked["describe"];
      return tell(it->head, rules.describe(it->body.path, now));
    }
    if (const auto* it =
            std::get_if<protocol::request<protocol::reserve_budget>>(&what)) {
      ++asked["reserve"];
      if (auto known = rules.granted(it->head.message))
        return tell(it->head,
                    protocol::result<protocol::budget_reserved>{*known});
      return tell(it->head, rules.reserve(it->body, it->head.message, now));
    }
    if (const auto* it =
            std::get_if<protocol::request<protocol::settle_budget>>(&what)) {
      ++asked["settle"];
      auto done = rules.settle(it->body, now);
      if (!done)
        return done.error();
      return tell(it->head,
                  protocol::result<protocol::account_state>{done->account});
    }
    return protocol::fail(protocol::errc::invalid_request, "not of the ledger");
  }
};

/// Has all that it is asked answered by that ledger.
inline cluster::leader_front_actor
spawn_fake_leader(caf::actor_system& system, const actors::wall_clock& clock,
                  std::shared_ptr<fake_ledger> ledger) {
  using type = cluster::leader_front_actor;
  return system.spawn([clock,
                       ledger](type::pointer self) -> type::behavior_type {
    return {
        [=](const cluster::ask_there& it) -> caf::result<cluster::told_there> {
          auto told = ledger->answer(*it.what, clock.at(self->clock().now()));
          if (!told)
            return actors::to_caf(told.error());
          return cluster::told_there{
              std::make_shared<const protocol::any_message>(std::move(*told))};
        },
        [](const cluster::leader_is&) {},
    };
  });
}

} // namespace troupe::test
