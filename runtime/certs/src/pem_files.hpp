#pragma once

#include "troupe/certs/handles.hpp"

#include <troupe/protocol/result.hpp>

#include <cstddef>
#include <string>
#include <string_view>

/// Certificates, keys and lists in PEM files. Files are plain and bounded in
/// size. Blocking: one small file each. Errors name the file, never what it
/// holds. Thread safety: any thread.
namespace troupe::certs {

inline constexpr std::size_t cert_bytes_max = 64U << 10U;
inline constexpr std::size_t list_bytes_max = 4U << 20U;
inline constexpr std::size_t index_bytes_max = 32U << 20U;

/// Errors: `file_unreadable`.
[[nodiscard]] protocol::result<std::string> read_bytes(const std::string& file,
                                                       std::size_t bytes_max);

/// Errors: `file_unreadable`, `config_invalid` (none, or several).
[[nodiscard]] protocol::result<certificate>
read_certificate(const std::string& file);

/// A key without a passphrase in a file that is ours alone.
/// Errors: `file_unreadable`, `key_file_open`, `config_invalid`.
[[nodiscard]] protocol::result<private_key> read_key(const std::string& file);

/// Errors: `file_unreadable`, `config_invalid`.
[[nodiscard]] protocol::result<revocation_list>
read_revocations(const std::string& file);

/// Text that is overwritten when it is not needed any more.
class secret_text {
public:
  secret_text() = default;
  explicit secret_text(std::string text) : text_(std::move(text)) {}
  secret_text(const secret_text&) = delete;
  secret_text& operator=(const secret_text&) = delete;
  ~secret_text();
  [[nodiscard]] const std::string& reveal() const noexcept { return text_; }

private:
  std::string text_;
};

/// The PEM text; empty when there is no memory.
[[nodiscard]] std::string pem_of(X509* cert);
[[nodiscard]] std::string pem_of(X509_CRL* list);
[[nodiscard]] secret_text pem_of(EVP_PKEY* key);

/// Writes a file as a whole or not at all, and syncs it and its folder.
/// `mode` as of chmod. Errors: `file_unreadable`, `config_invalid` (there is
/// one and `replaces` is false).
[[nodiscard]] protocol::result<void> write_whole(const std::string& file,
                                                 std::string_view text,
                                                 unsigned mode, bool replaces);

} // namespace troupe::certs
