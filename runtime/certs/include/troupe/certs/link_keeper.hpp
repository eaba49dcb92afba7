#pragma once

#include "troupe/certs/link_context.hpp"

#include <array>
#include <cstdint>
#include <mutex>

namespace troupe::certs {

/// Keeps the context of a node's links, and makes it anew when one of its files
/// was replaced: a renewed certificate and a new list of revocations need no
/// restart. Thread safety: any thread.
class link_keeper {
public:
  explicit link_keeper(link_files files) : files_{std::move(files)} {}

  /// The context of the files as they are now. While they are not good, as
  /// between the writing of a certificate and its key, the one before; they are
  /// looked at again with each call. Errors: those of `make_link_context`, as
  /// long as there was none. Blocking: asks for the state of four small files,
  /// and reads those of a new context.
  [[nodiscard]] protocol::result<std::shared_ptr<boost::asio::ssl::context>>
  current(protocol::instant now);

  /// Why the files that lie there were not taken with the last call.
  [[nodiscard]] std::optional<protocol::error> problem() const;

private:
  /// By which a file that was replaced is told from the one before.
  struct file_state {
    std::uint64_t device = 0;
    std::uint64_t number = 0;
    std::int64_t size = -1;
    std::int64_t changed_s = 0;
    std::int64_t changed_ns = 0;
    bool operator==(const file_state&) const = default;
  };
  using file_states = std::array<file_state, 4>;

  [[nodiscard]] static file_state state_of(const std::string& file);
  [[nodiscard]] file_states states() const;

  const link_files files_;
  mutable std::mutex mutex_;
  std::shared_ptr<boost::asio::ssl::context> made_;
  file_states made_of_;
  std::optional<protocol::error> problem_;
};

/// Looks once more at the certificate of a peer whose link is open: it may have
/// expired, or been revoked by a list that this context has read and that of
/// the handshake had not. Errors: `tls_untrusted`, with the reason; close the
/// link. Thread safety: that of the connection.
[[nodiscard]] protocol::result<void>
still_trusted(boost::asio::ssl::context& context, const SSL* connection,
              protocol::instant now);

} // namespace troupe::certs
