#pragma once

#include <troupe/protocol/result.hpp>

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>

#include <functional>
#include <optional>
#include <type_traits>
#include <utility>

namespace troupe::actors {

/// What a start function has come to: the child; none, when it does not want
/// to live now; or why it could not be started.
using child_birth = protocol::result<std::optional<caf::actor>>;

/// Starts a child; called on the supervisor. Must not block. Made of a function
/// that takes the actor system and, if it likes, the child's incarnation: a
/// number that is higher with each life, so that stores can tell the writes of
/// an earlier one. It returns a `caf::actor`, a result of one, or a
/// `child_birth`. An invalid handle or an exception counts as a failure.
class child_start {
public:
  child_start() = default;

  template <class F>
  requires(!std::is_same_v<std::decay_t<F>, child_start>)
      child_start(F code) // NOLINT: stands where a function stood
      : code_([code = std::move(code)](
                  caf::actor_system& system,
                  std::uint64_t incarnation) mutable -> child_birth {
          if constexpr (std::is_invocable_v<F&, caf::actor_system&,
                                            std::uint64_t>)
            return to_birth(code(system, incarnation));
          else
            return to_birth(code(system));
        }) {}

  [[nodiscard]] child_birth operator()(caf::actor_system& system,
                                       std::uint64_t incarnation) const {
    return code_(system, incarnation);
  }

  explicit operator bool() const noexcept { return static_cast<bool>(code_); }

private:
  static child_birth to_birth(caf::actor handle) {
    if (!handle)
      return protocol::fail(protocol::errc::internal, "there is no actor");
    return std::optional<caf::actor>{std::move(handle)};
  }
  static child_birth to_birth(protocol::result<caf::actor> from) {
    if (!from)
      return from.error();
    return to_birth(std::move(*from));
  }
  static child_birth to_birth(child_birth from) {
    if (from && *from && !**from)
      return to_birth(caf::actor{});
    return from;
  }

  std::function<child_birth(caf::actor_system&, std::uint64_t)> code_;
};

} // namespace troupe::actors
