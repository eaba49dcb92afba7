// Bytes of a certificate -> whom it names: names as they are allowed, or
// refused with words of our own.
#include "fuzz_target.hpp"

#include <troupe/certs/certificate_facts.hpp>
#include <troupe/certs/peer_identity.hpp>

#include <openssl/err.h>
#include <openssl/x509.h>

#include <algorithm>

using namespace troupe;
using troupe::fuzz::expect;

namespace {

bool is_plain(const std::string& text) {
  return !text.empty() && text.size() < 200
         && std::all_of(text.begin(), text.end(),
                        [](char c) { return c >= ' ' && c <= '~'; });
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto* at = data;
  const certs::certificate cert{
      d2i_X509(nullptr, &at, static_cast<long>(size))};
  ERR_clear_error();
  if (!cert)
    return 0;
  const auto who = certs::read_identity(cert.get());
  if (!who) {
    expect(is_plain(who.error().detail), "a refusal is in our words");
  } else {
    expect(certs::is_peer_name(who->cluster), "a cluster has a name");
    expect(certs::is_peer_name(who->name), "a peer has a name");
    const auto again = certs::read_uri(certs::to_uri(*who));
    expect(again && *again == *who, "what is read can be written");
  }
  if (const auto facts = certs::read_facts(cert.get()))
    for (const auto& address : facts->addresses)
      expect(address.empty() || is_plain(address), "addresses can be shown");
  expect(ERR_peek_error() == 0, "no failure is left for others to find");
  return 0;
}
