// The part of a link that does what its peer asks.
#include "failure_form.hpp"
#include "link_impl.hpp"

#include <troupe/actors/log.hpp>

namespace troupe::cluster {

using protocol::errc;
using protocol::fail;
using protocol::result;
using performed = protocol::response<protocol::task_result>;

namespace {

constexpr std::chrono::seconds role_patience{10};
/// Whoever names a later one is not told so: nothing takes so long.
constexpr std::chrono::days longest_deadline{3'650};

template <class T, class... Others>
constexpr bool is_one_of = (std::is_same_v<T, Others> || ...);

/// Where a request comes from, and what was done for it.
template <class T>
constexpr bool is_followed =
    is_one_of<T, protocol::coordination<protocol::task_accepted>,
              protocol::coordination<protocol::task_refused>,
              protocol::coordination<protocol::task_started>,
              protocol::coordination<protocol::task_progress>,
              protocol::coordination<protocol::task_finished>,
              protocol::notification<protocol::model_delta>>;

template <class T>
constexpr bool is_answer =
    is_one_of<T, performed, protocol::response<protocol::budget_reserved>,
              protocol::response<protocol::account_state>,
              protocol::response<protocol::accounts_listed>,
              protocol::response<protocol::budget_forecast>,
              protocol::response<protocol::broadcast_sent>,
              protocol::response<protocol::state_written>,
              protocol::response<protocol::state_value>,
              protocol::response<protocol::state_listed>,
              protocol::response<protocol::state_history>>;

/// What a feed of the shared state consists of.
template <class T>
constexpr bool is_of_feed =
    is_one_of<T, protocol::state_update,
              protocol::response<protocol::state_subscribed>,
              protocol::notification<protocol::state_resync>,
              protocol::notification<protocol::subscription_gap>>;

} // namespace

void link::fail_request(const protocol::id& request,
                        const protocol::error& why) {
  auto told = why;
  if (told.detail.size() > 4'096)
    told.detail.resize(4'096);
  (void)send_frame(frame_kind::failure, text_of(request_failed{request, told}),
                   true);
}

template <class Body>
void link::reply(const protocol::id& request,
                 const result<protocol::response<Body>>& what) {
  if (!what)
    fail_request(request, what.error());
  else if (const auto body = message_body(*what, 0, parts().limits.inbound);
           !body)
    fail_request(request, body.error());
  else if (const auto sent = send_frame(frame_kind::message, *body, true);
           !sent)
    actors::log(actors::log_level::error, "cluster", "link.answer_lost",
                "peer=" + config_.peer);
  flush();
}

/// The answer of one of this node's roles.
template <class Answer, class Handle, class Request>
void link::ask_here(const Handle& role, Request what) {
  const auto id = what.head.message;
  actors::request_until<protocol::response<Answer>>(
      this, table_, clock().now() + role_patience, role,
      [this, id](const result<protocol::response<Answer>>& outcome) {
        this->reply(id, outcome);
      },
      std::move(what));
}

template <class Message>
void link::follow(const Message& what) {
  const auto found = asked_.find(what.head.correlation);
  if (found == asked_.end() || !found->second.follower)
    return;
  const auto follower = caf::actor_cast<caf::actor>(found->second.follower);
  caf::anon_send(follower, what);
}

void link::take_message(protocol::any_message what, std::uint64_t left) {
  const std::chrono::microseconds most = std::min<std::chrono::microseconds>(
      longest_deadline, std::chrono::microseconds{static_cast<std::int64_t>(
                            std::min<std::uint64_t>(left, INT64_MAX))});
  const auto due = left == 0 ? protocol::instant{} : now() + most;
  const auto visit = [&](auto& it) {
    using type = std::decay_t<decltype(it)>;
    if (left != 0)
      it.head.deadline = due; // clocks of nodes differ
    if constexpr (is_answer<type>)
      take_response(std::move(what));
    else if constexpr (is_of_feed<type>)
      take_fed(what);
    else if constexpr (std::is_same_v<
                           type, protocol::request<protocol::subscribe_state>>)
      feed_peer(std::move(it));
    else if constexpr (std::is_same_v<type, protocol::coordination<
                                                protocol::grant_credit>>)
      feed_more(it);
    else if (is_for_leader(it))
      serve_as_leader(it);
    else if constexpr (is_followed<type>)
      follow(it);
    else if constexpr (std::is_same_v<
                           type, protocol::request<protocol::perform_task>>)
      perform(std::move(it));
    else if constexpr (std::is_same_v<type,
                                      protocol::coordination<protocol::cancel>>)
      take_cancel(it);
    else if constexpr (std::is_same_v<
                           type, protocol::request<protocol::reserve_budget>>)
      ask_here<protocol::budget_reserved>(parts().budget(), std::move(it));
    else if constexpr (std::is_same_v<
                           type, protocol::request<protocol::settle_budget>>)
      ask_here<protocol::account_state>(parts().budget(), std::move(it));
    else if constexpr (std::is_same_v<type,
                                      protocol::request<protocol::broadcast>>)
      ask_here<protocol::broadcast_sent>(parts().registry(), std::move(it));
    else if constexpr (type::kind == protocol::message_kind::request)
      fail_request(
          it.head.message,
          fail(errc::invalid_request, "a link does not carry such requests"));
    else
      ++config_.status->late;
  };
  std::visit(visit, static_cast<protocol::any_message::variant&>(what));
}

/// What only the node that leads does.
template <class Message>
void link::serve_as_leader(Message& it) {
  if constexpr (Message::kind == protocol::message_kind::request) {
    const auto services = parts().services();
    const auto id = it.head.message;
    if (!services || !services->may_serve())
      return fail_request(
          id, fail(errc::unreachable, "node '" + parts().mine.name
                                          + "' does not lead; it did nothing"));
    const bool is_asked = ask_service(
        *services, it, [this]<class Answer>(const auto& role, auto& ask) {
          this->ask_here<Answer>(role, std::move(ask));
        });
    if (!is_asked)
      fail_request(
          id, fail(errc::invalid_request, "the leader has nobody for this"));
  } else {
    ++config_.status->late;
  }
}

void link::tell_peer(const protocol::any_message& what) {
  if (here_.count(protocol::header_of(what).correlation) == 0)
    return;
  // Whoever is behind with the connection does not need to see each piece.
  if (const auto body = message_body(what, 0, parts().limits.inbound))
    (void)send_frame(frame_kind::message, *body, false);
  flush();
}

void link::perform(protocol::request<protocol::perform_task> what) {
  const auto task = what.head.message;
  if (here_.size() >= parts().limits.tasks_max)
    return fail_request(
        task, fail(errc::overloaded, "node '" + parts().mine.name
                                         + "' does as much for '" + config_.peer
                                         + "' as it may"));
  if (!here_.try_emplace(task, performing{what.head.cancel_scope, {}}).second)
    return fail_request(
        task, fail(errc::invalid_request, "a task of that id is under way"));
  ++config_.status->under_way;
  ++parts().load->remote;
  if (parts().note_home && !what.body.account.empty())
    parts().note_home(what.body.account, this);
  auto wanted = actors::locate_here(what.head.to); // before it is moved from
  actors::request_until<actors::agents_located>(
      this, table_, clock().now() + actors::registry_patience,
      parts().registry(),
      [this, task,
       what = std::move(what)](result<actors::agents_located> found) mutable {
        const auto at = here_.find(task);
        if (at == here_.end())
          return;
        if (found
            && parts().is_stand_in(found->cards.front().name,
                                   found->handles.front()))
          found = fail(errc::unknown_agent,
                       "node '" + parts().mine.name + "' does not have it");
        if (!found || at->second.is_cancelled) {
          const auto why =
              found ? fail(errc::cancelled, "cancelled before it had begun")
                    : found.error();
          note_done(task);
          fail_request(task, why);
          return flush();
        }
        at->second.agent = found->handles.front();
        perform_by(task, std::move(what));
      },
      std::move(wanted));
}

void link::perform_by(const protocol::id& task,
                      protocol::request<protocol::perform_task> what) {
  const auto due = what.head.deadline == protocol::instant{}
                       ? actors::deadline_table::never
                       : parts().clock.steady_at(what.head.deadline);
  const auto agent = here_.at(task).agent;
  actors::request_until<performed>(
      this, table_, due, agent,
      [this, task, account = what.body.account](result<performed> outcome) {
        if (outcome && outcome->body.model_calls == 0)
          return end_task(task, outcome);
        // Whoever reads the result finds what it has cost.
        actors::request_until<settled_up>(
            this, table_, clock().now() + role_patience, parts().front(),
            [this, task, outcome](const result<settled_up>&) {
              end_task(task, outcome);
            },
            settle_up{account});
      },
      std::move(what));
}

void link::end_task(const protocol::id& task,
                    const result<performed>& outcome) {
  if (here_.count(task) == 0)
    return; // nobody waits for it any more
  note_done(task);
  reply(task, outcome);
}

void link::note_done(const protocol::id& task) {
  if (here_.erase(task) == 0)
    return;
  --config_.status->under_way;
  --parts().load->remote;
}

void link::take_cancel(const protocol::coordination<protocol::cancel>& what) {
  for (auto& [id, it] : here_) {
    if (it.scope != what.body.scope)
      continue;
    it.is_cancelled = true;
    if (it.agent)
      send(it.agent, what);
  }
}

void link::end_performing(const std::string& why) {
  for (auto& [id, it] : here_)
    if (it.agent && it.scope)
      send(it.agent, protocol::coordination<protocol::cancel>{
                         {}, {it.scope, why.substr(0, 300)}});
  while (!here_.empty())
    note_done(protocol::id{here_.begin()->first});
}

} // namespace troupe::cluster
