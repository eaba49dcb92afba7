#include "troupe/actors/message_tap.hpp"

#include "troupe/actors/record_message.hpp"
#include "troupe/actors/system_config.hpp"

#include <troupe/protocol/fingerprint.hpp>

#include <caf/all.hpp>

#include <mutex>
#include <utility>

namespace troupe::actors {

void message_tap::open(caf::actor receiver, std::uint32_t sample_permille) {
  const std::lock_guard lock{mutex_};
  std::swap(receiver_, receiver); // the old one is dropped without the lock
  permille_.store(sample_permille, std::memory_order_relaxed);
  on_.store(receiver_ && sample_permille > 0, std::memory_order_relaxed);
}

void message_tap::close(const caf::actor_addr& receiver) {
  caf::actor gone; // dropped without the lock: its end comes back here
  const std::lock_guard lock{mutex_};
  if (!receiver_ || receiver_.address() != receiver)
    return;
  on_.store(false, std::memory_order_relaxed);
  gone = std::exchange(receiver_, nullptr);
}

void message_tap::record(const caf::type_erased_tuple& content,
                         protocol::instant at) {
  if (content.size() == 0)
    return;
  const auto* type = find_tapped_type(content.type(0).second);
  if (type == nullptr)
    return;
  const auto* message = content.get(0);
  if (!is_sampled(type->head(message),
                  permille_.load(std::memory_order_relaxed)))
    return;
  caf::actor receiver;
  {
    const std::shared_lock lock{mutex_};
    receiver = receiver_;
  }
  if (!receiver)
    return;
  auto copy = type->copy(message);
  copy.at = at;
  caf::anon_send(receiver, std::move(copy));
}

message_tap& tap_of(caf::actor_system& system) {
  static message_tap of_all_others;
  const auto* config = dynamic_cast<const system_config*>(&system.config());
  return config == nullptr ? of_all_others : *config->tap;
}

bool is_sampled(const protocol::header& head, std::uint32_t permille) noexcept {
  const auto& name = head.conversation  ? head.conversation
                     : head.trace       ? head.trace
                     : head.correlation ? head.correlation
                                        : head.message;
  protocol::fingerprint_builder hash;
  hash.add_value(name);
  return hash.finish().low % 1'000 < permille;
}

} // namespace troupe::actors
