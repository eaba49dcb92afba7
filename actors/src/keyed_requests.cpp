// The part of the mailbox guard that knows requests by their idempotency key.
#include "mailbox_guard_parts.hpp"

#include <caf/all.hpp>

#include <typeindex>

namespace troupe::actors {

using protocol::errc;
using protocol::fail;

namespace {

/// What a remembered answer weighs.
std::size_t weight_of(const caf::message& answer) {
#define TROUPE_WEIGHT(kind, body)                                              \
  {typeid(protocol::kind<protocol::body>),                                     \
   describe_message<protocol::kind<protocol::body>>().bytes},
  static const std::unordered_map<std::type_index, std::size_t (*)(const void*)>
      weights{TROUPE_MESSAGES(TROUPE_WEIGHT)};
#undef TROUPE_WEIGHT
  constexpr std::size_t of_others = 256;
  if (answer.size() == 0 || answer.type(0).second == nullptr)
    return of_others;
  const auto found = weights.find(*answer.type(0).second);
  return found == weights.end() ? of_others : found->second(answer.at(0));
}

/// Whether the same request may be tried again after this answer.
bool may_be_tried_again(const caf::message& answer) {
  if (answer.size() != 1 || !answer.match_element<caf::error>(0))
    return false;
  const auto why = from_caf(answer.get_as<caf::error>(0));
  return protocol::retry_of(why.code) != protocol::retry::never;
}

/// A request's key among those of all senders. A sender's name outlives its
/// restart; one that gives no name is known by its address.
std::string key_among_all(const caf::mailbox_element& what,
                          const protocol::header& head,
                          const caf::node_id& here) {
  std::string key;
  if (!head.from.empty()) {
    key = std::to_string(head.from.size()) + ':' + head.from;
  } else {
    key = '@' + std::to_string(what.sender->id());
    if (what.sender->node() != here)
      key += to_string(what.sender->node());
    key += ' ';
  }
  return key += head.idempotency_key;
}

} // namespace

bool mailbox_guard::keyed_requests::begin(mailbox_guard& guard,
                                          caf::mailbox_element& what,
                                          const message_type& type,
                                          const protocol::header& head) {
  const auto key = key_among_all(what, head, guard.self_->node());
  const number mine{what.sender.get(), what.mid.request_id().integer_value()};
  const auto body = type.fingerprint(what.content().get(0));
  using step = idempotency_table<caf::message, requester>::step;
  switch (known.begin(key, body, {what.sender, what.mid}, guard.now())) {
  case step::start:
    open.emplace(mine, key);
    what.stages.push_back(guard.self_->ctrl());
    return true;
  case step::wait:
    guard.statistics_->add(message_count::repeated);
    return false;
  case step::repeat:
    guard.statistics_->add(message_count::repeated);
    what.sender->enqueue(guard.self_->ctrl(), what.mid.response_id(),
                         known.answer_of(key), guard.self_->context());
    return false;
  case step::conflict:
    guard.statistics_->add(message_count::conflicting);
    guard.answer(what,
                 fail(errc::key_conflict,
                      "its idempotency key was used for another body"),
                 guard.self_->context());
    return false;
  case step::full:
    break;
  }
  guard.statistics_->add(message_count::refused);
  guard.answer(what,
               fail(errc::overloaded, "too many requests with keys are open"),
               guard.self_->context());
  return false;
}

bool mailbox_guard::keyed_requests::take_answer(mailbox_guard& guard,
                                                caf::mailbox_element& what) {
  const auto found =
      open.find({what.sender.get(), what.mid.request_id().integer_value()});
  if (found == open.end())
    return false;
  const auto key = std::move(found->second);
  open.erase(found);
  const auto answer = what.move_content_to_message();
  const auto waiters =
      may_be_tried_again(answer)
          ? known.abandon(key)
          : known.finish(key, answer, weight_of(answer), guard.now());
  for (const auto& it : waiters)
    it.who->enqueue(guard.self_->ctrl(), it.mid.response_id(), answer,
                    guard.self_->context());
  return true;
}

void mailbox_guard::keyed_requests::close(mailbox_guard& guard) {
  const auto answer = caf::make_message(
      to_caf(fail(errc::unreachable, "the receiver has ended")));
  for (const auto& it : known.abandon_all())
    it.who->enqueue(guard.self_->ctrl(), it.mid.response_id(), answer,
                    guard.self_->context());
  open.clear();
}

} // namespace troupe::actors
