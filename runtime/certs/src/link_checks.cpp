#include "link_checks.hpp"

#include "pem_files.hpp"
#include "troupe/certs/authority.hpp"
#include "troupe/certs/peer_identity.hpp"

#include <openssl/x509_vfy.h>

namespace troupe::certs {

using protocol::errc;
using protocol::error;
using protocol::fail;
using protocol::instant;

namespace {

using problem = std::optional<error>;
using owned_store = owned<X509_STORE, &X509_STORE_free>;
using owned_check = owned<X509_STORE_CTX, &X509_STORE_CTX_free>;

std::string day_of(const ASN1_TIME* time) {
  return protocol::to_text(instant_of(time)).substr(0, 10);
}

problem wrong(const std::string& file, const std::string& what) {
  return fail(errc::config_invalid, file + ": " + what);
}

/// Puts what was read into its place.
template <class T>
problem taken(protocol::result<T> read, T& into) {
  if (!read)
    return std::move(read.error());
  into = std::move(*read);
  return {};
}

problem check_dates(const X509* cert, const std::string& file, instant now,
                    const std::string& next_step) {
  const auto* from = X509_get0_notBefore(cert);
  const auto* until = X509_get0_notAfter(cert);
  if (now < instant_of(from))
    return wrong(file, "is not valid before " + day_of(from)
                           + "; check this machine's clock");
  if (instant_of(until) < now)
    return wrong(file, "has expired on " + day_of(until) + "; " + next_step);
  return {};
}

problem check_authority(const link_files& files, instant now,
                        link_parts& parts) {
  if (auto bad = taken(read_certificate(files.ca_file), parts.authority))
    return bad;
  if (const auto cluster = cluster_of(parts.authority.get()); !cluster)
    return wrong(files.ca_file, cluster.error().detail);
  return check_dates(parts.authority.get(), files.ca_file, now,
                     "make a new authority with 'troupe cert init --force'");
}

problem check_certificate(const link_files& files, link_parts& parts) {
  if (auto bad = taken(read_certificate(files.cert_file), parts.own))
    return bad;
  const auto who = read_identity(parts.own.get());
  if (!who)
    return fail(who.error().code, files.cert_file + ": " + who.error().detail);
  if (who->cluster != *cluster_of(parts.authority.get()))
    return wrong(files.cert_file, "is for another cluster than " + files.ca_file
                                      + "; put files of one cluster together");
  return {};
}

/// What OpenSSL finds when it builds the chain at that time; X509_V_OK:
/// nothing.
int verify(const link_parts& parts, instant now) {
  const owned_store store{X509_STORE_new()};
  const owned_check check{X509_STORE_CTX_new()};
  if (!store || !check || !trust_only(store.get(), parts)
      || X509_STORE_CTX_init(check.get(), store.get(), parts.own.get(), nullptr)
             != 1)
    return X509_V_ERR_OUT_OF_MEM;
  const auto since =
      std::chrono::floor<std::chrono::seconds>(now.time_since_epoch());
  X509_STORE_CTX_set_time(check.get(), 0, since.count());
  return X509_verify_cert(check.get()) == 1
             ? X509_V_OK
             : X509_STORE_CTX_get_error(check.get());
}

problem check_chain(const link_files& files, const link_parts& parts) {
  auto* key = X509_get0_pubkey(parts.authority.get());
  if (key == nullptr || X509_verify(parts.own.get(), key) != 1)
    return wrong(files.cert_file,
                 "was not issued by the authority in " + files.ca_file
                     + "; issue it again with 'troupe cert node'");
  return {};
}

problem check_own_dates(const link_files& files, const link_parts& parts,
                        instant now) {
  return check_dates(parts.own.get(), files.cert_file, now,
                     "issue another one with 'troupe cert node NAME --force'");
}

problem check_key(const link_files& files, link_parts& parts) {
  if (auto bad = taken(read_key(files.key_file), parts.key))
    return bad;
  if (X509_check_private_key(parts.own.get(), parts.key.get()) != 1)
    return wrong(files.key_file, "is not the key of " + files.cert_file
                                     + "; put back the two files that were "
                                       "made together");
  return {};
}

problem check_revocations(const link_files& files, instant now,
                          link_parts& parts) {
  if (auto bad = taken(read_revocations(files.crl_file), parts.revoked))
    return bad;
  auto* key = X509_get0_pubkey(parts.authority.get());
  if (key == nullptr || X509_CRL_verify(parts.revoked.get(), key) != 1) {
    parts.revoked.reset();
    return wrong(files.crl_file, "was not written by the authority in "
                                     + files.ca_file
                                     + "; take the list that lies beside it");
  }
  if (now < instant_of(X509_CRL_get0_lastUpdate(parts.revoked.get())))
    return wrong(files.crl_file,
                 "is of a later time; check this machine's clock");
  return {};
}

/// All together, as a peer will look at it; says what no check above has found.
problem check_whole(const link_files& files, const link_parts& parts,
                    instant now) {
  const auto code = verify(parts, now);
  if (code == X509_V_OK)
    return {};
  if (code == X509_V_ERR_CERT_REVOKED)
    return wrong(files.cert_file,
                 "is revoked; issue another one with 'troupe cert node NAME "
                 "--force'");
  return wrong(files.cert_file, X509_verify_cert_error_string(code));
}

} // namespace

bool trust_only(X509_STORE* store, const link_parts& parts) {
  if (X509_STORE_add_cert(store, parts.authority.get()) != 1)
    return false;
  unsigned long flags = X509_V_FLAG_X509_STRICT;
  if (parts.revoked) {
    if (X509_STORE_add_crl(store, parts.revoked.get()) != 1)
      return false;
    flags |= X509_V_FLAG_CRL_CHECK;
  }
  return X509_STORE_set_flags(store, flags) == 1;
}

std::vector<link_check> run_checks(const link_files& files, instant now,
                                   link_parts& parts) {
  const error_queue_guard guard;
  std::vector<link_check> checks; // bounded by the checks below
  const auto note = [&](const char* what, problem found) {
    checks.push_back({what, std::move(found)});
    return !checks.back().problem;
  };
  const bool trusts = note("authority", check_authority(files, now, parts));
  if (!parts.authority || !cluster_of(parts.authority.get())
      || !note("certificate", check_certificate(files, parts)))
    return checks;
  const bool chained = note("chain", check_chain(files, parts));
  const bool timely = note("dates", check_own_dates(files, parts, now));
  const bool fits = note("key", check_key(files, parts));
  if (!files.crl_file.empty()
      && !note("revocations", check_revocations(files, now, parts)))
    return checks;
  if (trusts && chained && timely && fits)
    note("whole", check_whole(files, parts, now));
  return checks;
}

} // namespace troupe::certs
