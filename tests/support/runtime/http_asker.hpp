#pragma once

#include "http/client.hpp"
#include "support/runtime/fake_upstream.hpp"

#include <condition_variable>
#include <mutex>

namespace troupe::test {

/// Collects what a call is told, and lets a test wait for its end.
class spy_sink : public http::call_sink {
public:
  void on_head(const http::response_head& head) override;
  protocol::result<http::appetite> on_piece(std::string_view piece) override;
  void on_done(const std::optional<protocol::error>& failure) override;

  /// The failure, if any; `internal` when nothing came within 20 seconds.
  [[nodiscard]] std::optional<protocol::error> wait();

  unsigned status = 0;
  std::string body;
  int done_count = 0;
  std::size_t enough_after = SIZE_MAX; ///< Bytes after which it has enough.

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<protocol::error> failure_;
};

/// A POST to the upstream with a deadline 20 seconds away.
[[nodiscard]] http::call_request request_to(const fake_upstream& upstream);

/// Makes one call and waits for its end.
[[nodiscard]] std::optional<protocol::error>
run(http::client& client, http::call_request request, spy_sink& told);

} // namespace troupe::test
