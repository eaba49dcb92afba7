#include "engine/state_access.hpp"

#include "engine/ask_actor.hpp"

#include <caf/all.hpp>

namespace troupe {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

constexpr std::string_view store_gone = "the state store is gone";

protocol::error closed() {
  return fail(errc::unreachable, "the runtime has ended");
}

/// The one version that a write of one key has given.
result<std::uint64_t> version_of(const result<protocol::state_written>& it) {
  if (!it)
    return it.error();
  return it->versions.front();
}

} // namespace

void shared_state::access::close() {
  const std::unique_lock whole{open_};
  system_ = nullptr;
  const std::lock_guard lock{mutex_};
  for (const auto& weak : streams_)
    if (const auto stream = weak.lock()) {
      stream->end(closed());
      stream->detach();
    }
  streams_.clear();
}

template <class Answer, class Body>
result<Answer> shared_state::access::ask(Body body,
                                         std::string idempotency_key) {
  const std::shared_lock call{open_};
  if (system_ == nullptr)
    return closed();
  protocol::header head = head_();
  head.idempotency_key = std::move(idempotency_key);
  return ask_actor<Answer>(
      *system_, store_(), store_gone,
      protocol::request<Body>{std::move(head), std::move(body)});
}

result<state_stream>
shared_state::access::follow(protocol::subscribe_state ask) {
  const std::shared_lock call{open_};
  if (system_ == nullptr)
    return closed();
  const auto store = store_();
  const auto stream =
      std::make_shared<state_stream::channel>(ask.window, waiting{*system_});
  const auto tap = spawn_state_tap(*system_, stream, store, clock_);
  const auto answer = ask_actor<protocol::state_subscribed>(
      *system_, store, store_gone,
      protocol::request<protocol::subscribe_state>{head_(), std::move(ask)},
      tap);
  if (!answer) {
    caf::anon_send_exit(tap, caf::exit_reason::user_shutdown);
    return answer.error();
  }
  stream->bind(store, caf::actor_cast<caf::actor>(tap), answer->subscription);
  const std::lock_guard lock{mutex_};
  std::erase_if(streams_, [](const auto& it) { return it.expired(); });
  streams_.push_back(stream);
  return state_stream{stream};
}

shared_state::shared_state(std::shared_ptr<access> it)
    : access_(std::move(it)) {}

shared_state shared_state::as(std::string writer,
                              std::uint64_t incarnation) const {
  auto mine = *this;
  mine.writer_ = std::move(writer);
  mine.incarnation_ = incarnation;
  return mine;
}

result<protocol::state_written>
shared_state::write(std::vector<protocol::state_write> changes,
                    std::string idempotency_key) {
  return access_->ask<protocol::state_written>(
      protocol::write_state{std::move(changes), writer_, incarnation_},
      std::move(idempotency_key));
}

result<std::uint64_t> shared_state::put(std::string key, std::string json,
                                        std::optional<std::uint64_t> expected,
                                        protocol::duration ttl) {
  return version_of(write({{std::move(key), protocol::state_operation::put,
                            expected, std::move(json), ttl}}));
}

result<std::uint64_t>
shared_state::remove(std::string key, std::optional<std::uint64_t> expected) {
  return version_of(write(
      {{std::move(key), protocol::state_operation::remove, expected, {}, {}}}));
}

result<protocol::state_value> shared_state::read(std::string key) const {
  return access_->ask<protocol::state_value>(
      protocol::read_state{std::move(key)});
}

result<protocol::state_listed>
shared_state::list(protocol::list_state ask) const {
  return access_->ask<protocol::state_listed>(std::move(ask));
}

result<protocol::state_history>
shared_state::history(protocol::read_state_history ask) const {
  return access_->ask<protocol::state_history>(std::move(ask));
}

result<state_stream> shared_state::follow(protocol::subscribe_state ask) const {
  return access_->follow(std::move(ask));
}

} // namespace troupe
