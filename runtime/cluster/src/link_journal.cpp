// The part of a link for journals: an agent's node asks, a run's home keeps.
#include "link_impl.hpp"

namespace troupe::cluster {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

/// As an agent waits for a journal.
constexpr std::chrono::minutes journal_patience{1};

} // namespace

caf::result<kept_there> link::ask_journal(const keep_there& it) {
  if (watch_.state() == peer_state::down)
    return actors::to_caf(out_of_reach());
  if (asked_.size() >= parts().limits.asked_max)
    return actors::to_caf(fail(errc::overloaded, "too much is asked of node '"
                                                     + config_.peer + "'"));
  const auto id = ids_.next(now());
  const auto text = text_of(journal_question{id, *it.what});
  if (text.size() > parts().limits.inbound.message_bytes)
    return actors::to_caf(
        fail(errc::limit_exceeded, "it is more than a link carries at once"));
  if (const auto sent = send_frame(frame_kind::ask, text, false); !sent)
    return actors::to_caf(sent.error());
  auto promise = make_response_promise<kept_there>();
  asked_.emplace(id, asked{promise, nullptr, now() + journal_patience});
  flush();
  return promise;
}

void link::take_answer(const std::string& text) {
  auto told = read_answer(text);
  if (!told)
    return cut("an answer that nobody can read");
  auto it = take_asked(told->request);
  if (!it)
    return;
  if (auto* promise = std::get_if<kept_promise>(&it->promise))
    promise->deliver(kept_there{
        std::make_shared<const journal_told>(std::move(told->what))});
  else
    refuse(*it, fail(errc::malformed_message,
                     "node '" + config_.peer
                         + "' has answered what it was not asked"));
}

void link::answer_kept(const protocol::id& request,
                       const result<journal_told>& what) {
  if (!what) {
    fail_request(request, what.error());
    return flush();
  }
  const auto text = text_of(journal_answer{request, *what});
  if (text.size() > parts().limits.inbound.message_bytes)
    fail_request(request, fail(errc::limit_exceeded,
                               "it is more than a link carries at once"));
  else
    (void)send_frame(frame_kind::answer, text, true);
  flush();
}

template <class Answer, class Message>
void link::keep_here(const protocol::id& request, const Message& what) {
  actors::request_until<Answer>(
      this, table_, clock().now() + journal_patience, parts().journal(),
      [this, request](result<Answer> kept) {
        answer_kept(request, kept ? result<journal_told>{std::move(*kept)}
                                  : result<journal_told>{kept.error()});
      },
      what);
}

void link::take_question(const std::string& text) {
  const auto asked_for = read_question(text);
  if (!asked_for)
    return cut("a question that nobody can read");
  const auto& id = asked_for->request;
  if (!parts().journal())
    return answer_kept(id, unkept(asked_for->what));
  const auto& what = asked_for->what;
  if (const auto* begins = std::get_if<actors::begin_effect>(&what))
    keep_here<actors::effect_begun>(id, *begins);
  else if (const auto* ends = std::get_if<actors::end_effect>(&what))
    keep_here<actors::effect_ended>(id, *ends);
  else if (const auto* call = std::get_if<actors::keep_call>(&what))
    keep_here<actors::call_kept>(id, *call);
  else
    keep_here<actors::calls_read>(id, std::get<actors::read_calls>(what));
}

} // namespace troupe::cluster
