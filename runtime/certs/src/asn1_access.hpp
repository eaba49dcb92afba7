#pragma once

#include <troupe/protocol/time.hpp>

#include <openssl/x509v3.h>

#include <memory>
#include <optional>
#include <string_view>
#include <type_traits>

/// OpenSSL's structures as values of ours.
namespace troupe::certs {

template <class T, auto Free>
using owned = std::unique_ptr<T, std::integral_constant<decltype(Free), Free>>;

using owned_names = owned<GENERAL_NAMES, &GENERAL_NAMES_free>;
using owned_usages = owned<EXTENDED_KEY_USAGE, &EXTENDED_KEY_USAGE_free>;
using owned_limits = owned<BASIC_CONSTRAINTS, &BASIC_CONSTRAINTS_free>;
using owned_time = owned<ASN1_TIME, &ASN1_TIME_free>;

/// Of all of a certificate's alternative names.
inline constexpr int names_max = 64;

/// Forgets what OpenSSL noted of failures here, so that nobody takes it for a
/// failure of theirs.
struct error_queue_guard {
  error_queue_guard() = default;
  error_queue_guard(const error_queue_guard&) = delete;
  error_queue_guard& operator=(const error_queue_guard&) = delete;
  ~error_queue_guard();
};

/// A certificate's alternative names; null when it has none, several lists, or
/// more than `names_max`.
[[nodiscard]] owned_names names_of(const X509* cert);

/// The bytes of a string, which may hold any.
[[nodiscard]] std::string_view bytes_of(const ASN1_STRING* text);

/// The only URI of a certificate; none when there is none, or a second one. It
/// lives as long as `names`.
[[nodiscard]] std::optional<std::string_view>
only_uri(const GENERAL_NAMES* names);

/// True for a certificate that may sign others.
[[nodiscard]] bool is_authority(const X509* cert);

/// Times beyond what an instant can say are its first and last.
[[nodiscard]] protocol::instant instant_of(const ASN1_TIME* time);

/// Whole seconds; null when there is no memory.
[[nodiscard]] owned_time asn1_time(protocol::instant when);

} // namespace troupe::certs
