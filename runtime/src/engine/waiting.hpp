#pragma once

#include <troupe/actors/driving.hpp>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>

namespace troupe {

/// How threads of the host program wait for what actors do: asleep, or, where
/// the system is driven, by letting the actors run.
class waiting {
public:
  waiting() = default; ///< Asleep.
  explicit waiting(caf::actor_system& system)
      : driven_(actors::is_driven(system) ? &system : nullptr) {}

  [[nodiscard]] bool is_driven() const noexcept { return driven_ != nullptr; }

  /// As `changed.wait_for(lock, patience, is_done)`.
  template <class Done>
  bool wait(std::condition_variable& changed,
            std::unique_lock<std::mutex>& lock,
            std::chrono::milliseconds patience, Done is_done) const {
    if (driven_ == nullptr)
      return changed.wait_for(lock, patience, is_done);
    if (is_done())
      return true; // the system may be gone
    lock.unlock();
    constexpr std::chrono::milliseconds longest = std::chrono::hours{24 * 366};
    actors::drive(*driven_, std::min(patience, longest), [&] {
      const std::lock_guard look{*lock.mutex()};
      return is_done();
    });
    lock.lock();
    return is_done();
  }

private:
  caf::actor_system* driven_ = nullptr;
};

} // namespace troupe
