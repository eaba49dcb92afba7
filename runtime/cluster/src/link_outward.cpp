// The part of a link that asks its peer.
#include "failure_form.hpp"
#include "link_impl.hpp"

namespace troupe::cluster {

using protocol::errc;
using protocol::fail;
using protocol::result;
using performed = protocol::response<protocol::task_result>;

namespace {

/// A caller knows its deadline best; this is for those who have forgotten it.
constexpr std::chrono::seconds overdue{2};

} // namespace

std::uint64_t link::left_us(protocol::instant deadline) const {
  if (deadline == protocol::instant{})
    return 0;
  const auto left = std::chrono::duration_cast<std::chrono::microseconds>(
      deadline - parts().clock.at(clock().now()));
  return static_cast<std::uint64_t>(std::max<std::int64_t>(left.count(), 1));
}

/// With no promise: nobody answers.
result<void> link::send_request(const protocol::any_message& what, asked how) {
  const auto& head = protocol::header_of(what);
  const bool is_asked =
      std::visit([](const auto& it) { return it.pending(); }, how.promise);
  if (is_asked && asked_.size() >= parts().limits.asked_max)
    return fail(errc::overloaded,
                "too much is asked of node '" + config_.peer + "' at one time");
  const auto body =
      message_body(what, left_us(head.deadline), parts().limits.inbound);
  if (!body)
    return body.error();
  auto sent = send_frame(frame_kind::message, *body, !is_asked);
  if (sent && is_asked) {
    how.due = head.deadline;
    asked_.insert_or_assign(head.message, std::move(how));
  }
  flush();
  return sent;
}

caf::result<performed> link::ask_task(const perform_there& it) {
  if (watch_.state() == peer_state::down)
    return actors::to_caf(out_of_reach());
  if (asked_.count(it.what.head.message) != 0) // an agent moves to and fro
    return actors::to_caf(
        fail(errc::unknown_agent, "it is on its way there already"));
  auto ask = it.what;
  ask.head.to = it.agent;
  auto promise = make_response_promise<performed>();
  const auto sent =
      send_request(std::move(ask), {promise, current_sender(), {}});
  if (!sent)
    promise.deliver(actors::to_caf(sent.error()));
  else
    ++config_.status->open;
  return promise;
}

caf::result<told_there> link::ask_role(const ask_there& it) {
  if (watch_.state() == peer_state::down)
    return actors::to_caf(out_of_reach());
  auto promise = make_response_promise<told_there>();
  const auto sent = send_request(*it.what, {promise, nullptr, {}});
  if (!sent)
    promise.deliver(actors::to_caf(sent.error()));
  return promise;
}

protocol::error link::out_of_reach() const {
  return fail(errc::unreachable, "node '" + config_.peer + "' is out of reach");
}

/// Nothing: nobody waits for it any more.
std::optional<asked> link::take_asked(const protocol::id& request) {
  const auto found = asked_.find(request);
  if (found == asked_.end()) {
    ++config_.status->late;
    return {};
  }
  auto it = std::move(found->second);
  asked_.erase(found);
  if (std::holds_alternative<task_promise>(it.promise))
    --config_.status->open;
  return it;
}

void link::refuse(asked& it, const protocol::error& why) {
  std::visit([&](auto& promise) { promise.deliver(actors::to_caf(why)); },
             it.promise);
}

void link::take_response(protocol::any_message what) {
  auto it = take_asked(protocol::header_of(what).correlation);
  if (!it)
    return;
  auto* task = std::get_if<task_promise>(&it->promise);
  auto* outcome = std::get_if<performed>(&what);
  if (auto* role = std::get_if<role_promise>(&it->promise))
    role->deliver(told_there{
        std::make_shared<const protocol::any_message>(std::move(what))});
  else if (task != nullptr && outcome != nullptr)
    task->deliver(std::move(*outcome));
  else
    refuse(*it, fail(errc::malformed_message,
                     "node '" + config_.peer
                         + "' has answered what it was not asked"));
}

void link::take_failure(const std::string& text) {
  const auto failed =
      read_json_as<request_failed>(text, {64U << 10U, 8, 1'000});
  if (!failed)
    return cut("an error that nobody can read");
  if (feeds_.followed.request && failed->request == feeds_.followed.request)
    end_followed(failed->why);
  else if (auto it = take_asked(failed->request))
    refuse(*it, failed->why);
}

void link::end_asked(const protocol::error& why) {
  for (auto& [id, it] : std::exchange(asked_, {}))
    refuse(it, why);
  config_.status->open = 0;
}

void link::end_overdue() {
  const auto last = now() - overdue;
  std::vector<protocol::id> ended;
  for (const auto& [id, it] : asked_)
    if (it.due != protocol::instant{} && it.due < last)
      ended.push_back(id);
  for (const auto& id : ended)
    if (auto it = take_asked(id))
      refuse(*it, fail(errc::deadline_exceeded,
                       "node '" + config_.peer + "' has not answered"));
}

} // namespace troupe::cluster
