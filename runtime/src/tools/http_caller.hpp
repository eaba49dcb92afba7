#pragma once

#include "http/client.hpp"
#include "tools/name_resolver.hpp"
#include "tools/url_template.hpp"

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace troupe::tools {

/// What a caller may do, and whom it may call.
struct http_caller_config {
  std::vector<std::string> allow; ///< Hosts, in lower case.
  bool allow_private = false;
  std::uint32_t redirects_max = 3;
  std::size_t response_max = 256U << 10U;
  std::string ca_file;
  std::uint32_t calls_max = 4; ///< At one time.
};

/// One call; what is set aside for the first host stays with it.
struct http_wish {
  std::string method;
  place to;
  http::header_list headers;
  http::header_list secret_headers; ///< For the first host only.
  std::string body;
  std::chrono::steady_clock::time_point due;
};

struct http_answer {
  unsigned status = 0;
  std::string body;
};

/// Makes calls that stay where they may go: each name is resolved once, all its
/// addresses are looked at, and one of these is connected to; so is each
/// redirect's. Thread safety: any thread. Lifetime: `io` outlives it.
class http_caller {
public:
  /// Errors: `config_invalid` (CA file).
  [[nodiscard]] static protocol::result<std::shared_ptr<http_caller>>
  make(http::io_thread& io, http_caller_config config, name_resolver resolve);

  /// Errors: `url_forbidden`, `tool_failed`, `deadline_exceeded`, `cancelled`.
  /// Blocking: until `due`.
  [[nodiscard]] protocol::result<http_answer> call(http_wish wish,
                                                   const std::stop_token& stop);

private:
  struct heard;
  class ear;

  http_caller(std::unique_ptr<http::client> client, http_caller_config config,
              name_resolver resolve);

  protocol::result<std::vector<boost::asio::ip::address>>
  addresses_of(const http::origin& at, const http_wish& wish,
               const std::stop_token& stop) const;
  protocol::result<void> may_go_to(const http::origin& at) const;
  protocol::result<heard> ask(const http_wish& wish,
                              const std::stop_token& stop);
  protocol::result<void> redirect(http_wish& wish, const heard& answer) const;

  http_caller_config config_;
  name_resolver resolve_;
  std::unique_ptr<http::client> client_;
};

} // namespace troupe::tools
