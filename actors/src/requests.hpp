#pragma once

#include "deadline_table.hpp"

#include <caf/response_type.hpp>

namespace troupe::actors {

/// The error in an answer that is not of the expected type.
[[nodiscard]] protocol::error failure_in(caf::type_erased_tuple& content);

/// Takes the answer to one request.
template <class Answer, class Done>
class answer_taker : public deadline_table::entry {
public:
  explicit answer_taker(Done done) : done_(std::move(done)) {}

  void answer(caf::type_erased_tuple& content) override {
    if (content.match_elements<Answer>())
      done_(protocol::result<Answer>{content.move_if_unshared<Answer>(0)});
    else
      done_(protocol::result<Answer>{failure_in(content)});
  }

  void give_up(protocol::error why) override {
    done_(protocol::result<Answer>{std::move(why)});
  }

private:
  Done done_;
};

/// Sends a request from `self`, an `actor_base`; `done` is called exactly once,
/// with the answer, an error, `deadline_exceeded` when `due` has come, or
/// `unreachable` when the receiver has ended without an answer, even if it has
/// passed the request on. A late answer is dropped and counted.
template <class Answer, class Self, class Handle, class Done, class... Ts>
void request_until(Self* self, deadline_table& table,
                   deadline_table::time_point due, const Handle& to, Done done,
                   Ts&&... message) {
  static_assert(
      caf::response_type_unbox<
          caf::signatures_of_t<Handle>,
          caf::detail::type_list<
              caf::detail::implicit_conversions_t<std::decay_t<Ts>>...>>::valid,
      "the receiver does not take this message");
  self->receive_responses(table);
  const auto mid = table.open_request(
      due, self->statistics(),
      std::make_unique<answer_taker<Answer, Done>>(std::move(done)));
  if (to) {
    auto* receiver = caf::actor_cast<caf::abstract_actor*>(to);
    receiver->enqueue(caf::make_mailbox_element(self->ctrl(), mid, {},
                                                std::forward<Ts>(message)...),
                      self->context());
    // Only now, so that what it answers if it has ended comes before.
    table.watch(mid, self->ctrl(), receiver->ctrl());
  } else
    self->enqueue(caf::make_mailbox_element(
                      self->ctrl(), mid.response_id(), {},
                      to_caf(protocol::fail(protocol::errc::unreachable,
                                            "there is no receiver"))),
                  self->context());
  table.arm(self);
}

/// The same for a request whose deadline the caller keeps by itself: it must
/// take no harm from an answer that comes late or never.
template <class Answer, class Self, class Handle, class Done, class... Ts>
void request_kept(Self* self, deadline_table& table, const Handle& to,
                  Done done, Ts&&... message) {
  request_until<Answer>(self, table, deadline_table::never, to, std::move(done),
                        std::forward<Ts>(message)...);
}

} // namespace troupe::actors
