#include "mailbox_guard_parts.hpp"
#include "troupe/actors/status.hpp"

#include <caf/all.hpp>

namespace troupe::actors {

using protocol::errc;
using protocol::error;
using protocol::fail;
using protocol::message_kind;

namespace {

/// Here, and not in a function of the class, to be compiled into the two that
/// each message passes.
inline const message_type* type_in(std::span<const message_type> types,
                                   const caf::type_erased_tuple& content) {
  if (content.size() == 0)
    return nullptr;
  const auto* type = content.type(0).second;
  for (const auto& it : types)
    if (it.type == type)
      return &it;
  return nullptr;
}

/// Overloaded: so much of the mailbox is taken.
constexpr std::uint64_t full_permille = 900;

status_told status_of(const caf::local_actor& self,
                      const mailbox_gate::depth& depth,
                      const mailbox_limits& limits) {
  status_told told;
  auto& it = told.status;
  it.is_live = true;
  it.is_ready = true;
  it.waiting = depth.messages;
  it.waiting_max = limits.messages_max;
  if (it.waiting * 1'000 >= it.waiting_max * full_permille)
    not_ready(it, "overloaded: " + std::to_string(it.waiting) + " of "
                      + std::to_string(it.waiting_max) + " messages wait");
  if (const auto* more = dynamic_cast<const tells_status*>(&self))
    more->tell_status(it);
  return told;
}

/// False for most messages that are no requests.
inline bool may_be_stopped(const message_type& type,
                           const protocol::header& head) {
  return type.kind == message_kind::request || head.confirm
         || !head.idempotency_key.empty();
}

} // namespace

mailbox_guard::mailbox_guard(caf::local_actor& self, const wall_clock& clock,
                             const mailbox_limits& limits,
                             std::span<const message_type> types)
    : self_(&self), statistics_(&statistics_of(self.home_system())),
      tap_(&tap_of(self.home_system())), clock_(clock), limits_(limits),
      types_(types) {
  if (limits_.when_full != overflow::reject)
    outside_ = std::make_unique<outside>();
}

mailbox_guard::~mailbox_guard() = default;

protocol::instant mailbox_guard::now() const {
  return clock_.at(self_->clock().now());
}

const message_type*
mailbox_guard::find(const caf::type_erased_tuple& content) const noexcept {
  return type_in(types_, content);
}

bool mailbox_guard::admit(caf::mailbox_element_ptr& what,
                          caf::execution_unit* host) {
  if (what->mid.is_response())
    return true;
  const auto& content = what->content();
  const auto* type = type_in(types_, content);
  if (type == nullptr)
    return true;
  if (type->is_control) {
    if (what->mid.is_async())
      what->mid = what->mid.with_high_priority();
    return true;
  }
  if (!is_counted(*what, type))
    return true;
  const auto bytes = type->bytes(content.get(0));
  if (limits_.when_full == overflow::reject && bytes <= limits_.bytes_max
      && !is_closed_.load(std::memory_order_acquire)
      && gate_.enter(bytes, limits_)) [[likely]] {
    statistics_->add(message_count::accepted);
    return true;
  }
  return keep(what, bytes, *type, host);
}

bool mailbox_guard::keep(caf::mailbox_element_ptr& what, std::uint64_t bytes,
                         const message_type& type, caf::execution_unit* host) {
  if (is_closed_.load(std::memory_order_acquire)) {
    turn_away(*what, type, host);
  } else if (bytes > limits_.bytes_max) {
    refuse(*what, type,
           fail(errc::limit_exceeded, "the message is larger than the mailbox"),
           host);
  } else if (limits_.when_full == overflow::drop_oldest) {
    what = keep_newest(std::move(what), bytes, type, host);
    return what != nullptr;
  } else if (limits_.when_full == overflow::wait) {
    what = keep_waiting(std::move(what), bytes, type, host);
    return what != nullptr;
  } else {
    refuse(*what, type, fail(errc::overloaded, "the mailbox is full"), host);
  }
  return false;
}

bool mailbox_guard::begin(caf::mailbox_element& what) {
  const auto& content = what.content();
  const auto* type = type_in(types_, content);
  if (type == nullptr && content.match_elements<get_status>()) {
    if (what.sender && what.mid.is_request())
      what.sender->enqueue(
          self_->ctrl(), what.mid.response_id(),
          caf::make_message(status_of(*self_, gate_.now(), limits_)),
          self_->context());
    return false;
  }
  if (type == nullptr)
    return keyed_ == nullptr || !keyed_->take_answer(*this, what);
  // With `drop_oldest` data is counted where it waits, outside the gate.
  const auto* message = content.get(0);
  if (is_counted(what, type) && limits_.when_full != overflow::drop_oldest)
    gate_.leave(type->bytes(message));
  if (type->head == nullptr)
    return true;
  if (tap_->is_on())
    tap_->record(content, now());
  const auto& head = type->head(message);
  if (type->is_cancel) {
    if (scopes_ == nullptr)
      scopes_ = std::make_unique<cancelled_scopes>();
    scopes_->add(
        content.get_as<protocol::coordination<protocol::cancel>>(0).body);
  }
  return !may_be_stopped(*type, head) || may_start(what, *type, head);
}

bool mailbox_guard::may_start(caf::mailbox_element& what,
                              const message_type& type,
                              const protocol::header& head) {
  if (type.kind == message_kind::request && head.deadline != protocol::instant{}
      && protocol::has_passed(head.deadline, now())) {
    statistics_->add(message_count::expired);
    answer(what,
           fail(errc::deadline_exceeded,
                "it had passed before the work was started"),
           self_->context());
    return false;
  }
  if (scopes_ != nullptr && type.kind == message_kind::request
      && head.cancel_scope) {
    const auto found = scopes_->reasons.find(head.cancel_scope);
    if (found != scopes_->reasons.end()) {
      answer(what, fail(errc::cancelled, found->second), self_->context());
      return false;
    }
  }
  if (head.confirm)
    confirm(what, head);
  if (head.idempotency_key.empty() || !what.mid.is_request()
      || !what.stages.empty())
    return true;
  if (keyed_ == nullptr)
    keyed_ = std::make_unique<keyed_requests>();
  return keyed_->begin(*this, what, type, head);
}

void mailbox_guard::confirm(const caf::mailbox_element& what,
                            const protocol::header& head) {
  if (!what.sender)
    return;
  protocol::coordination<protocol::delivered> note;
  note.head.correlation = head.message;
  note.head.conversation = head.conversation;
  note.head.trace = head.trace;
  note.head.from = head.to;
  note.head.to = head.from;
  note.body = {head.message, now()};
  what.sender->enqueue(self_->ctrl(),
                       caf::make_message_id(caf::message_priority::high),
                       caf::make_message(std::move(note)), self_->context());
}

void mailbox_guard::answer(const caf::mailbox_element& what, const error& why,
                           caf::execution_unit* host) {
  if (what.sender && what.mid.is_request())
    what.sender->enqueue(self_->ctrl(), what.mid.response_id(),
                         caf::make_message(to_caf(why)), host);
}

void mailbox_guard::refuse(const caf::mailbox_element& what,
                           const message_type& type, const error& why,
                           caf::execution_unit* host) {
  statistics_->add(message_count::refused);
  turn_away(what, type, why, host);
}

void mailbox_guard::turn_away(const caf::mailbox_element& what,
                              const message_type& type,
                              caf::execution_unit* host) {
  if (!what.mid.is_request())
    statistics_->add(message_count::undelivered);
  turn_away(what, type, fail(errc::unreachable, "the receiver has ended"),
            host);
}

bool mailbox_guard::give_back(caf::mailbox_element& what) {
  const auto* type = type_in(types_, what.content());
  if (type == nullptr && keyed_ != nullptr && keyed_->take_answer(*this, what))
    return true;
  if (!is_counted(what, type))
    return false;
  turn_away(what, *type, self_->context());
  return true;
}

void mailbox_guard::turn_away(const caf::mailbox_element& what,
                              const message_type& type, const error& why,
                              caf::execution_unit* host) {
  protocol::dead_letter letter;
  letter.at = now();
  letter.kind = type.kind;
  letter.type = type.body;
  letter.receiver = self_->name();
  letter.why = why;
  protocol::coordination<protocol::undelivered> note;
  if (type.head != nullptr) {
    const auto& head = type.head(what.content().get(0));
    letter.from = head.from;
    letter.message = head.message;
    note.head.correlation = head.message;
    note.head.conversation = head.conversation;
    note.head.from = head.to;
    note.head.to = head.from;
  }
  note.body = {letter.message, letter.type, why};
  statistics_->add(std::move(letter));
  if (what.mid.is_request())
    answer(what, why, host);
  else if (what.sender)
    what.sender->enqueue(self_->ctrl(),
                         caf::make_message_id(caf::message_priority::high),
                         caf::make_message(std::move(note)), host);
}

void mailbox_guard::count_unexpected(const caf::message_view& what) {
  const auto& content = what.content();
  const bool is_note =
      content.size() == 1
      && (content.match_element<protocol::coordination<protocol::delivered>>(0)
          || content
                 .match_element<protocol::coordination<protocol::undelivered>>(
                     0));
  if (!is_note) // whoever does not listen to these may ignore them
    statistics_->add(message_count::unexpected);
}

} // namespace troupe::actors
