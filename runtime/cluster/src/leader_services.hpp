#pragma once

#include <troupe/actors/budget_manager.hpp>
#include <troupe/actors/state_store.hpp>

#include <functional>
#include <memory>
#include <string_view>
#include <type_traits>

namespace troupe::cluster {

/// What only the node that leads has; a null one is not there.
struct leader_services {
  actors::state_store_actor state;
  actors::budget_actor ledger;
  /// Whether the node leads at this moment; called by any thread.
  std::function<bool()> may_serve = [] {
    return true;
  };
};
using services_ptr = std::shared_ptr<const leader_services>;

/// `head.to` of what is for the leader's services, wherever they are.
inline constexpr std::string_view to_shared_state = "shared-state";
inline constexpr std::string_view to_shared_ledger = "shared-ledger";

/// Whether a request names one of these.
template <class Message>
[[nodiscard]] bool is_for_leader(const Message& it) {
  return it.head.to == to_shared_state || it.head.to == to_shared_ledger;
}

namespace detail {

template <class T, class... Others>
constexpr bool is_any_of = (std::is_same_v<T, Others> || ...);

template <class Body>
struct answer_of {
  using type = void;
};
#define TROUPE_LEADER_ANSWER(Question, Answer)                                 \
  template <>                                                                  \
  struct answer_of<protocol::Question> {                                       \
    using type = protocol::Answer;                                             \
  };
TROUPE_LEADER_ANSWER(write_state, state_written)
TROUPE_LEADER_ANSWER(read_state, state_value)
TROUPE_LEADER_ANSWER(list_state, state_listed)
TROUPE_LEADER_ANSWER(read_state_history, state_history)
TROUPE_LEADER_ANSWER(open_account, account_state)
TROUPE_LEADER_ANSWER(reserve_budget, budget_reserved)
TROUPE_LEADER_ANSWER(settle_budget, account_state)
TROUPE_LEADER_ANSWER(describe_account, account_state)
TROUPE_LEADER_ANSWER(close_account, account_state)
TROUPE_LEADER_ANSWER(list_accounts, accounts_listed)
TROUPE_LEADER_ANSWER(forecast_budget, budget_forecast)
#undef TROUPE_LEADER_ANSWER

template <class Body>
constexpr bool is_of_state =
    is_any_of<Body, protocol::write_state, protocol::read_state,
              protocol::list_state, protocol::read_state_history>;

} // namespace detail

/// Calls `ask.template operator()<Answer>(service, request)` for a request that
/// one of the services takes. False: none does.
template <class Body, class Ask>
bool ask_service(const leader_services& at, protocol::request<Body>& what,
                 Ask ask) {
  using answer = typename detail::answer_of<Body>::type;
  if constexpr (std::is_void_v<answer>) {
    return false;
  } else {
    if constexpr (detail::is_of_state<Body>)
      ask.template operator()<answer>(at.state, what);
    else
      ask.template operator()<answer>(at.ledger, what);
    return true;
  }
}

} // namespace troupe::cluster
