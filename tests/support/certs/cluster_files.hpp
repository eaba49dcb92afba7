#pragma once

#include "support/scratch_folder.hpp"

#include <troupe/certs/authority.hpp>
#include <troupe/certs/link_context.hpp>

#include <string>
#include <vector>

namespace troupe::test {

/// The system's clock, as handshakes see it.
[[nodiscard]] protocol::instant real_now();

/// An authority, valid since three years, and what it issues, in a folder that
/// is gone afterwards.
class cluster_files {
public:
  explicit cluster_files(const std::string& folder,
                         const std::string& cluster = "harbour");

  /// Files of a new certificate; the authority's list is named when there is
  /// one.
  [[nodiscard]] certs::link_files node(const std::string& name);
  [[nodiscard]] certs::link_files client(const std::string& name);
  [[nodiscard]] certs::link_files issue(const certs::issue_request& what);

  /// Writes a certificate and its key as they are.
  [[nodiscard]] certs::link_files put(const std::string& name,
                                      const certs::credential& made);

  /// Writes the list of what is revoked; the next files name it.
  void revoke(const std::vector<std::string>& serials);

  [[nodiscard]] const certs::credential& authority() const {
    return authority_;
  }
  [[nodiscard]] const scratch_folder& folder() const { return folder_; }

private:
  scratch_folder folder_;
  certs::credential authority_;
  std::string crl_file_;
};

/// The serial of the certificate in a file.
[[nodiscard]] std::string serial_in(const std::string& cert_file);

} // namespace troupe::test
