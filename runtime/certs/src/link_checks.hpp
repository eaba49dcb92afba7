#pragma once

#include "asn1_access.hpp"
#include "troupe/certs/handles.hpp"
#include "troupe/certs/link_context.hpp"

namespace troupe::certs {

/// What stands in the files of a link.
struct link_parts {
  certificate authority;
  certificate own;
  private_key key;
  revocation_list revoked; ///< Null: nothing is.
};

/// Makes a store trust this authority and no other, and refuse what it has
/// revoked. False when OpenSSL refuses.
[[nodiscard]] bool trust_only(X509_STORE* store, const link_parts& parts);

/// Reads the files into `parts`, which are complete when no check has a
/// problem.
[[nodiscard]] std::vector<link_check>
run_checks(const link_files& files, protocol::instant now, link_parts& parts);

} // namespace troupe::certs
