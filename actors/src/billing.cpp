#include "troupe/actors/billing.hpp"

namespace troupe::actors {

bool may_have_been_billed(protocol::errc code) noexcept {
  using protocol::errc;
  switch (code) {
  case errc::provider_rejected:
  case errc::provider_unauthorized:
  case errc::provider_throttled:
  case errc::provider_unfunded:
  case errc::provider_unavailable:
  case errc::tls_untrusted:
  case errc::context_too_long:
  case errc::overloaded:
  case errc::invalid_request:
  case errc::malformed_message:
  case errc::config_invalid:
  case errc::file_unreadable:
  case errc::key_file_open:
  case errc::no_model_fits:
  case errc::budget_exhausted:
    return false;
  default:
    return true;
  }
}

} // namespace troupe::actors
