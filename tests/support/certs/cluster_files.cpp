#include "support/certs/cluster_files.hpp"

#include "pem_files.hpp"

#include <troupe/certs/certificate_facts.hpp>

#include <chrono>
#include <sys/stat.h>

namespace troupe::test {

using certs::issue_request;
using certs::link_files;
using protocol::instant;

instant real_now() {
  return std::chrono::time_point_cast<protocol::duration>(
      std::chrono::system_clock::now());
}

cluster_files::cluster_files(const std::string& folder,
                             const std::string& cluster)
    : folder_{folder}, authority_{
                           certs::make_authority(
                               cluster, {real_now() - std::chrono::days{1'095}})
                               .value()} {
  folder_.write("ca.crt", certs::pem_of(authority_.cert.get()));
}

link_files cluster_files::node(const std::string& name) {
  return issue({certs::peer_role::node, name, {"localhost"}, real_now()});
}

link_files cluster_files::client(const std::string& name) {
  return issue({certs::peer_role::client, name, {}, real_now()});
}

link_files cluster_files::issue(const issue_request& what) {
  return put(what.name, certs::issue(authority_, what).value());
}

link_files cluster_files::put(const std::string& name,
                              const certs::credential& made) {
  const auto key =
      folder_.write(name + ".key", certs::pem_of(made.key.get()).reveal());
  ::chmod(key.c_str(), 0600);
  return {(folder_.path() / "ca.crt").string(),
          folder_.write(name + ".crt", certs::pem_of(made.cert.get())), key,
          crl_file_};
}

void cluster_files::revoke(const std::vector<std::string>& serials) {
  std::vector<certs::revoked_serial> all; // bounded by the test
  for (const auto& serial : serials)
    all.push_back({serial, real_now()});
  const auto list =
      certs::make_revocations(authority_, all, 1, real_now()).value();
  crl_file_ = folder_.write("ca.crl", certs::pem_of(list.get()));
}

std::string serial_in(const std::string& cert_file) {
  return certs::read_facts(cert_file).value().serial;
}

} // namespace troupe::test
