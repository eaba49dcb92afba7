#include "asn1_access.hpp"

#include <openssl/err.h>

#include <algorithm>
#include <ctime>

namespace troupe::certs {

using protocol::instant;

error_queue_guard::~error_queue_guard() {
  ERR_clear_error();
}

owned_names names_of(const X509* cert) {
  int found = 0; // not null: two lists are then an error, not the first one
  owned_names names{static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(cert, NID_subject_alt_name, &found, nullptr))};
  if (names && sk_GENERAL_NAME_num(names.get()) > names_max)
    names.reset();
  return names;
}

std::string_view bytes_of(const ASN1_STRING* text) {
  const auto size = ASN1_STRING_length(text);
  if (size <= 0)
    return {};
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
          static_cast<std::size_t>(size)};
}

std::optional<std::string_view> only_uri(const GENERAL_NAMES* names) {
  std::optional<std::string_view> found;
  for (int i = 0; i < sk_GENERAL_NAME_num(names); ++i) {
    const auto* name = sk_GENERAL_NAME_value(names, i);
    if (name->type != GEN_URI)
      continue;
    if (found)
      return std::nullopt;
    found = bytes_of(name->d.uniformResourceIdentifier);
  }
  return found;
}

bool is_authority(const X509* cert) {
  int found = 0;
  const owned_limits limits{static_cast<BASIC_CONSTRAINTS*>(
      X509_get_ext_d2i(cert, NID_basic_constraints, &found, nullptr))};
  return found != -1 && (!limits || limits->ca != 0); // unreadable: the worst
}

instant instant_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1)
    return {};
  const std::chrono::seconds since{::timegm(&parts)};
  constexpr auto last = std::chrono::floor<std::chrono::seconds>(
      instant::max().time_since_epoch());
  return instant{std::clamp(since, -last, last)};
}

owned_time asn1_time(instant when) {
  const auto since =
      std::chrono::floor<std::chrono::seconds>(when.time_since_epoch());
  return owned_time{ASN1_TIME_set(nullptr, since.count())};
}

} // namespace troupe::certs
