#pragma once

#include "troupe/certs/authority.hpp"
#include "troupe/certs/certificate_facts.hpp"

#include <troupe/protocol/describe.hpp>

#include <optional>
#include <string>
#include <vector>

/// A folder that keeps a cluster's authority and what it has issued:
/// `ca.crt`, `ca.key`, `ca.crl`, `NAME.crt`, `NAME.key`, and `issued.txt`, a
/// line for each certificate. Keys have mode 0600. A file is written beside its
/// place, synced and renamed, so a crash leaves the old one or the new one; the
/// line in `issued.txt` comes first, so whatever exists can be revoked. One
/// process at a time changes the folder; others are refused (`overloaded`).
/// Blocking: some small files each. Thread safety: any thread.
namespace troupe::certs {

/// Where, when, and whether files that are there may be replaced.
struct folder_access {
  std::string folder;
  protocol::instant now;
  bool force = false;
};

/// One line of `issued.txt`.
struct issued_certificate {
  std::string serial;
  peer_role role = peer_role::node;
  std::string name;
  protocol::instant valid_from;
  protocol::instant valid_until;
  std::optional<protocol::instant> revoked;

  bool operator==(const issued_certificate&) const = default;
};
BOOST_DESCRIBE_STRUCT(issued_certificate, (),
                      (serial, role, name, valid_from, valid_until, revoked))

/// Makes the folder, when there is none, and the authority in it, with a list
/// of revocations that is empty. With `force` an authority that is there is
/// replaced: all that it has issued is worthless then.
/// Errors: `invalid_request`, `config_invalid` (there is one),
/// `file_unreadable`.
[[nodiscard]] protocol::result<certificate_facts>
start_authority(const folder_access& at, const std::string& cluster,
                std::chrono::days valid);

/// Writes `NAME.crt` and `NAME.key`. With `force` they are replaced; what was
/// issued before stays good until its end, or until it is revoked. A name
/// belongs to one role for good, and `ca` is nobody's. Errors: those of
/// `issue`, `config_invalid`, `file_unreadable`, `limit_exceeded` (100,000
/// certificates).
[[nodiscard]] protocol::result<certificate_facts>
issue_certificate(const folder_access& at, const issue_request& what);

/// Revokes all certificates of that name and writes the list anew, which has to
/// be carried to the nodes. Answers those that this call has revoked; the list
/// is written also when there are none. Errors: `invalid_request` (nobody has
/// that name), `config_invalid`, `file_unreadable`.
[[nodiscard]] protocol::result<std::vector<issued_certificate>>
revoke_certificates(const folder_access& at, const std::string& name);

enum class certificate_state : std::uint8_t {
  good,
  replaced, ///< The same name has a newer one.
  expired,
  revoked,
};
BOOST_DESCRIBE_ENUM(certificate_state, good, replaced, expired, revoked)

/// What has become of each, in the same order.
[[nodiscard]] std::vector<certificate_state>
states_of(const std::vector<issued_certificate>& all, protocol::instant now);

/// All that a folder keeps.
struct folder_contents {
  certificate_facts authority;
  std::vector<issued_certificate> issued; ///< In the order of issue.
};

/// Errors: `file_unreadable`, `config_invalid` (with the line).
[[nodiscard]] protocol::result<folder_contents>
list_certificates(const std::string& folder);

} // namespace troupe::certs
