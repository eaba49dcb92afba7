#include "support/catch.hpp"
#include "troupe/actors/billing.hpp"

using troupe::actors::may_have_been_billed;
using troupe::protocol::errc;

TEST_CASE("only what surely reached no model cannot have been billed",
          "[billing]") {
  for (auto code :
       {errc::stream_truncated, errc::provider_timeout, errc::deadline_exceeded,
        errc::cancelled, errc::provider_malformed, errc::content_refused,
        errc::unreachable, errc::internal})
    CHECK(may_have_been_billed(code));
  for (auto code : {errc::provider_rejected, errc::provider_unauthorized,
                    errc::provider_throttled, errc::provider_unavailable,
                    errc::provider_unfunded, errc::tls_untrusted,
                    errc::context_too_long, errc::overloaded})
    CHECK_FALSE(may_have_been_billed(code));
}
