#include "troupe/certs/cert_folder.hpp"

#include "descriptor.hpp"
#include "issued_list.hpp"
#include "pem_files.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>

namespace troupe::certs {

using protocol::errc;
using protocol::fail;
using protocol::instant;
using protocol::result;

namespace {

constexpr unsigned for_all = 0644;
constexpr unsigned for_owner = 0600;

/// So long a list names what has expired, for clocks that are behind.
constexpr std::chrono::days past_end{30};

std::string in(const std::string& folder, const std::string& name) {
  return (std::filesystem::path{folder} / name).string();
}

/// Held while a folder is changed: two that issue at once would lose a line.
result<descriptor> lock(const std::string& folder) {
  descriptor held{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (held.get() < 0)
    return fail(errc::file_unreadable,
                folder
                    + ": there is no such folder; 'troupe cert init' makes "
                      "it");
  if (::flock(held.get(), LOCK_EX | LOCK_NB) != 0)
    return fail(errc::overloaded, folder + ": another process is changing it");
  return held;
}

result<credential> read_authority(const std::string& folder) {
  auto cert = read_certificate(in(folder, "ca.crt"));
  if (!cert)
    return cert.error();
  auto key = read_key(in(folder, "ca.key"));
  if (!key)
    return key.error();
  return credential{std::move(*cert), std::move(*key)};
}

result<std::vector<issued_certificate>> read_index(const std::string& folder) {
  const auto text = read_bytes(in(folder, "issued.txt"), index_bytes_max);
  if (!text)
    return text.error();
  return read_issued(*text);
}

result<void> write_index(const std::string& folder,
                         const std::vector<issued_certificate>& all) {
  return write_whole(in(folder, "issued.txt"), write_issued(all), for_all,
                     true);
}

/// The key first: a certificate without one is of no use, and is not there.
result<void> write_pair(const folder_access& at, const std::string& name,
                        const credential& made) {
  const auto key = pem_of(made.key.get());
  const auto cert = pem_of(made.cert.get());
  if (key.reveal().empty() || cert.empty())
    return fail(errc::internal, "OpenSSL has written nothing");
  if (auto written = write_whole(in(at.folder, name + ".key"), key.reveal(),
                                 for_owner, at.force);
      !written)
    return written;
  return write_whole(in(at.folder, name + ".crt"), cert, for_all, at.force);
}

result<void> write_revocations(const folder_access& at,
                               const credential& authority,
                               const std::vector<issued_certificate>& all) {
  std::vector<revoked_serial> revoked; // bounded by issued_max
  for (const auto& one : all)
    if (one.revoked && at.now < one.valid_until + past_end)
      revoked.push_back({one.serial, *one.revoked});
  const auto since = std::chrono::floor<std::chrono::seconds>(at.now);
  const auto list = make_revocations(
      authority, revoked,
      static_cast<std::uint64_t>(since.time_since_epoch().count()), at.now);
  if (!list)
    return list.error();
  return write_whole(in(at.folder, "ca.crl"), pem_of(list->get()), for_all,
                     true);
}

bool exists(const std::string& folder, const std::string& name) {
  struct stat about {};
  return ::lstat(in(folder, name).c_str(), &about) == 0;
}

/// A second authority by mistake would make all that was issued worthless.
result<void> refuse_replacing(const folder_access& at, const std::string& name,
                              const std::string& what) {
  if (at.force)
    return {};
  for (const auto* ending : {".crt", ".key"})
    if (exists(at.folder, name + ending)) {
      auto problem = in(at.folder, name + ending);
      problem += ": is there already; --force ";
      problem += what;
      return fail(errc::config_invalid, std::move(problem));
    }
  return {};
}

result<void> check_owner(const std::vector<issued_certificate>& all,
                         const issue_request& what) {
  if (what.name == "ca")
    return fail(errc::invalid_request,
                "name: 'ca' is the authority's; choose another one");
  for (const auto& one : all)
    if (one.name == what.name && one.role != what.role)
      return fail(errc::invalid_request,
                  "name: '" + what.name + "' is a "
                      + std::string{protocol::enum_name(one.role)}
                      + "'s; choose another one");
  if (all.size() >= issued_max)
    return fail(errc::limit_exceeded,
                "100000 certificates were issued; start a new folder");
  return {};
}

} // namespace

result<certificate_facts> start_authority(const folder_access& at,
                                          const std::string& cluster,
                                          std::chrono::days valid) {
  const auto made = make_authority(cluster, {at.now, valid});
  if (!made)
    return made.error();
  std::error_code problem;
  if (std::filesystem::create_directories(at.folder, problem))
    ::chmod(at.folder.c_str(), 0700);
  const auto held = lock(at.folder);
  if (!held)
    return held.error();
  if (auto good = refuse_replacing(at, "ca",
                                   "makes a new authority, and all that this "
                                   "one has issued worthless");
      !good)
    return good.error();
  if (auto written = write_pair(at, "ca", *made); !written)
    return written.error();
  if (auto written = write_index(at.folder, {}); !written)
    return written.error();
  if (auto written = write_revocations(at, *made, {}); !written)
    return written.error();
  return read_facts(made->cert.get());
}

result<certificate_facts> issue_certificate(const folder_access& at,
                                            const issue_request& what) {
  const auto held = lock(at.folder);
  if (!held)
    return held.error();
  const auto authority = read_authority(at.folder);
  if (!authority)
    return authority.error();
  auto all = read_index(at.folder);
  if (!all)
    return all.error();
  const auto made = issue(*authority, what);
  if (!made)
    return made.error();
  if (auto good = check_owner(*all, what); !good)
    return good.error();
  if (auto good = refuse_replacing(at, what.name, "replaces it"); !good)
    return good.error();
  auto facts = read_facts(made->cert.get());
  if (!facts)
    return facts;
  all->push_back({facts->serial, what.role, what.name, facts->valid_from,
                  facts->valid_until, std::nullopt});
  if (auto written = write_index(at.folder, *all); !written)
    return written.error();
  if (auto written = write_pair(at, what.name, *made); !written)
    return written.error();
  return facts;
}

result<std::vector<issued_certificate>>
revoke_certificates(const folder_access& at, const std::string& name) {
  const auto held = lock(at.folder);
  if (!held)
    return held.error();
  const auto authority = read_authority(at.folder);
  if (!authority)
    return authority.error();
  auto all = read_index(at.folder);
  if (!all)
    return all.error();
  std::vector<issued_certificate> revoked; // bounded by issued_max
  bool known = false;
  for (auto& one : *all) {
    if (one.name != name)
      continue;
    known = true;
    if (one.revoked)
      continue;
    one.revoked = std::chrono::floor<std::chrono::seconds>(at.now);
    revoked.push_back(one);
  }
  if (!known)
    return fail(errc::invalid_request,
                "name: no certificate was issued to it; see 'troupe cert "
                "list'");
  if (auto written = write_index(at.folder, *all); !written)
    return written.error();
  if (auto written = write_revocations(at, *authority, *all); !written)
    return written.error();
  return revoked;
}

result<folder_contents> list_certificates(const std::string& folder) {
  auto authority = read_facts(in(folder, "ca.crt"));
  if (!authority)
    return authority.error();
  auto all = read_index(folder);
  if (!all)
    return all.error();
  return folder_contents{std::move(*authority), std::move(*all)};
}

} // namespace troupe::certs
