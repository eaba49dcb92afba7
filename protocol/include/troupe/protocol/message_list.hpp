#pragma once

#include "troupe/protocol/account.hpp"
#include "troupe/protocol/agent.hpp"
#include "troupe/protocol/budget.hpp"
#include "troupe/protocol/coordination.hpp"
#include "troupe/protocol/delivery.hpp"
#include "troupe/protocol/envelope.hpp"
#include "troupe/protocol/event.hpp"
#include "troupe/protocol/forecast.hpp"
#include "troupe/protocol/history.hpp"
#include "troupe/protocol/state.hpp"
#include "troupe/protocol/state_subscription.hpp"
#include "troupe/protocol/subscription.hpp"
#include "troupe/protocol/task.hpp"
#include "troupe/protocol/topic.hpp"

/// Every message of troupe, once: X(kind, body). Codecs, the CAF type table,
/// the schemas and the round-trip tests are made from this list. Append-only.
#define TROUPE_MESSAGES(X)                                                     \
  X(request, perform_task)                                                     \
  X(response, task_result)                                                     \
  X(request, register_agent)                                                   \
  X(response, agent_registered)                                                \
  X(request, discover_agents)                                                  \
  X(response, agents_found)                                                    \
  X(request, model_call)                                                       \
  X(response, model_reply)                                                     \
  X(notification, model_delta)                                                 \
  X(request, open_account)                                                     \
  X(request, reserve_budget)                                                   \
  X(response, budget_reserved)                                                 \
  X(request, settle_budget)                                                    \
  X(request, describe_account)                                                 \
  X(response, account_state)                                                   \
  X(notification, run_event)                                                   \
  X(coordination, cancel)                                                      \
  X(coordination, grant_credit)                                                \
  X(request, unsubscribe)                                                      \
  X(response, unsubscribed)                                                    \
  X(notification, subscription_gap)                                            \
  X(coordination, delivered)                                                   \
  X(coordination, undelivered)                                                 \
  X(request, write_state)                                                      \
  X(response, state_written)                                                   \
  X(request, read_state)                                                       \
  X(response, state_value)                                                     \
  X(request, list_state)                                                       \
  X(response, state_listed)                                                    \
  X(request, read_state_history)                                               \
  X(response, state_history)                                                   \
  X(request, subscribe_state)                                                  \
  X(response, state_subscribed)                                                \
  X(notification, state_resync)                                                \
  X(request, publish)                                                          \
  X(response, published)                                                       \
  X(request, subscribe_topic)                                                  \
  X(response, topic_subscribed)                                                \
  X(notification, topic_message)                                               \
  X(notification, subscription_ended)                                          \
  X(request, broadcast)                                                        \
  X(response, broadcast_sent)                                                  \
  X(notification, announcement)                                                \
  X(coordination, task_accepted)                                               \
  X(coordination, task_refused)                                                \
  X(coordination, task_started)                                                \
  X(coordination, task_progress)                                               \
  X(coordination, task_finished)                                               \
  X(coordination, call_vote)                                                   \
  X(coordination, cast_vote)                                                   \
  X(coordination, vote_result)                                                 \
  X(coordination, heartbeat)                                                   \
  X(request, find_messages)                                                    \
  X(response, messages_found)                                                  \
  X(request, close_account)                                                    \
  X(request, list_accounts)                                                    \
  X(response, accounts_listed)                                                 \
  X(request, forecast_budget)                                                  \
  X(response, budget_forecast)                                                 \
  X(request, judge_answer)                                                     \
  X(response, answer_judged)

namespace troupe::protocol {

/// The body's name in text forms, as in `"type": "perform_task"`.
template <class Body>
inline constexpr std::string_view body_name = {};

#define TROUPE_BODY_NAME(kind, body)                                           \
  template <>                                                                  \
  inline constexpr std::string_view body_name<body> = #body;
TROUPE_MESSAGES(TROUPE_BODY_NAME)
#undef TROUPE_BODY_NAME
template <>
inline constexpr std::string_view body_name<state_commit> = "state_commit";

} // namespace troupe::protocol
