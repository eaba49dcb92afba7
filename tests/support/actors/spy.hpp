#pragma once

#include "support/actors/job.hpp"
#include "support/actors/priced_model.hpp"
#include "support/virtual_time.hpp"
#include "troupe/actors/caf_types.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// Actors that note what they are asked and answer as a test tells them. They
/// are plain actors of CAF, as a user may write them: one that ends leaves what
/// it holds unanswered.
namespace troupe::test {

template <class Body, class Answer>
struct spy {
  using ask = protocol::request<Body>;
  using answer = protocol::response<Answer>;
  using delta = protocol::notification<protocol::model_delta>;
  using cancel = protocol::coordination<protocol::cancel>;
  using announcement = protocol::notification<protocol::announcement>;
  using judgement = protocol::request<protocol::judge_answer>;
  using judged_answer = protocol::response<protocol::answer_judged>;
  using handle =
      caf::typed_actor<typename caf::replies_to<ask>::template with<answer>,
                       caf::reacts_to<cancel>, caf::reacts_to<delta>,
                       caf::reacts_to<announcement>,
                       caf::replies_to<judgement>::with<judged_answer>,
                       caf::reacts_to<job>>;
  struct held_ask {
    protocol::header head;
    caf::typed_response_promise<answer> promise;
  };

  std::vector<ask> asked;
  std::vector<protocol::id> cancelled; ///< Scopes.
  std::vector<held_ask> held;
  std::vector<std::string> deltas; ///< Told before each answer.
  std::vector<announcement> announced;
  std::vector<protocol::judge_answer> judged; ///< As a router is told.
  /// None, or no script: the request is held open.
  std::function<std::optional<protocol::result<Answer>>(const ask&)> script;
  bool confirms_cancel = true;
  caf::actor_addr self;

  /// Answers an open request, as soon as the actor runs.
  void release(std::size_t at, protocol::result<Answer> outcome) {
    run_inside(self, [this, at, outcome = std::move(outcome)] {
      end(held.at(at), outcome);
    });
  }

  static void end(held_ask& it, protocol::result<Answer> outcome) {
    if (outcome)
      it.promise.deliver(
          answer{answer_to(it.head, it.head.message), std::move(*outcome)});
    else
      it.promise.deliver(actors::to_caf(outcome.error()));
  }

  void hear_cancel(const cancel& msg) {
    cancelled.push_back(msg.body.scope);
    if (!confirms_cancel)
      return;
    for (auto& it : held)
      if (it.head.cancel_scope == msg.body.scope)
        end(it, protocol::fail(protocol::errc::cancelled, "as told"));
  }
};

using provider_spy = spy<protocol::model_call, protocol::model_reply>;
using agent_spy = spy<protocol::perform_task, protocol::task_result>;

template <class Spy>
typename Spy::handle spawn_spy(virtual_time& world,
                               std::shared_ptr<Spy> notes) {
  using handle = typename Spy::handle;
  using answer = typename Spy::answer;
  return world.keep(world.system().spawn(
      [notes](typename handle::pointer self) -> typename handle::behavior_type {
        notes->self = self->address();
        return {
            [notes, self](const typename Spy::ask& msg) -> caf::result<answer> {
              notes->asked.push_back(msg);
              const auto sender =
                  caf::actor_cast<caf::actor>(self->current_sender());
              for (const auto& text : notes->deltas) {
                auto head = answer_to(msg.head, msg.head.message);
                caf::anon_send(sender, typename Spy::delta{head, {text}});
              }
              if (notes->script)
                if (auto outcome = notes->script(msg)) {
                  if (!*outcome)
                    return actors::to_caf(outcome->error());
                  return answer{answer_to(msg.head, msg.head.message),
                                std::move(**outcome)};
                }
              auto promise = self->template make_response_promise<answer>();
              notes->held.push_back({msg.head, promise});
              return promise;
            },
            [notes](const typename Spy::cancel& msg) {
              notes->hear_cancel(msg);
            },
            [](const typename Spy::delta&) {},
            [notes](const typename Spy::announcement& msg) {
              notes->announced.push_back(msg);
            },
            [notes](const typename Spy::judgement& msg) {
              notes->judged.push_back(msg.body);
              return typename Spy::judged_answer{
                  answer_to(msg.head, msg.head.message), {"judged/model"}};
            },
            [](const job& it) { it.code(); },
        };
      }));
}

} // namespace troupe::test
