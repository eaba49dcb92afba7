#pragma once

#include <caf/all.hpp>

#include <functional>

namespace troupe::test {

/// Code to be run inside an actor: promises work nowhere else.
struct job {
  std::function<void()> code;
};

/// Sends a job to an actor, if it still lives.
inline void run_inside(const caf::actor_addr& who, std::function<void()> code) {
  if (auto handle = caf::actor_cast<caf::actor>(who))
    caf::anon_send(handle, job{std::move(code)});
}

} // namespace troupe::test

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::test::job)
