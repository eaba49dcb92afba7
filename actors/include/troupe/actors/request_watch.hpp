#pragma once

#include <caf/fwd.hpp>
#include <caf/message_id.hpp>

#include <memory>

namespace troupe::actors {

class receiver_watch;

/// Watches the receiver of a thread's request, for as long as it lives. When
/// the receiver ends without an answer, the thread gets in its place what CAF
/// tells it as `sec::unexpected_response`. CAF itself would let it wait.
/// Thread safety: the thread that asks.
class request_watch {
public:
  /// The request has been sent; `response` is the id of its answer.
  request_watch(caf::actor_control_block* asker, caf::message_id response,
                caf::actor_control_block* receiver);
  ~request_watch();
  request_watch(const request_watch&) = delete;
  request_watch& operator=(const request_watch&) = delete;

private:
  std::unique_ptr<receiver_watch> watch_;
};

} // namespace troupe::actors
