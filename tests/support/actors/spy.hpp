#pragma once

#include "support/actors/job.hpp"
#include "support/virtual_time.hpp"
#include "troupe/actors/caf_types.hpp"

#include <troupe/protocol/catalogue.hpp>

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
  using handle =
      caf::typed_actor<typename caf::replies_to<ask>::template with<answer>,
                       caf::reacts_to<cancel>, caf::reacts_to<delta>,
                       caf::reacts_to<announcement>, caf::reacts_to<job>>;
  struct held_ask {
    protocol::header head;
    caf::typed_response_promise<answer> promise;
  };

  std::vector<ask> asked;
  std::vector<protocol::id> cancelled; ///< Scopes.
  std::vector<held_ask> held;
  std::vector<std::string> deltas; ///< Told before each answer.
  std::vector<announcement> announced;
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
            [](const job& it) { it.code(); },
        };
      }));
}

/// A reply of one text, with usage as a provider reports it.
inline protocol::model_reply
reply_of(std::string text, std::uint64_t input = 10, std::uint64_t output = 5) {
  protocol::model_reply reply;
  reply.content = {protocol::text_part{std::move(text)}};
  reply.used.input = input;
  reply.used.output = output;
  return reply;
}

/// A model with one price band: dollars per million tokens in and out.
inline protocol::model_spec model_of(std::string id, protocol::tier level,
                                     std::int64_t usd_in,
                                     std::int64_t usd_out) {
  protocol::model_spec model;
  model.id = std::move(id);
  model.provider = model.id.substr(0, model.id.find('/'));
  model.wire_name = "wire-" + model.id;
  model.level = level;
  model.context_tokens = 100'000;
  model.output_tokens = 8'000;
  protocol::price_band band;
  band.input.nano_usd = usd_in * 1'000'000'000;
  band.output.nano_usd = usd_out * 1'000'000'000;
  band.cache_read.nano_usd = usd_in * 100'000'000;
  band.cache_write.nano_usd = usd_in * 1'250'000'000;
  band.cache_write_1h.nano_usd = usd_in * 2'000'000'000;
  model.prices = {band};
  return model;
}

} // namespace troupe::test
