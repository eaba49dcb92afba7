#include "hello.hpp"

#include "frame.hpp"

#include <troupe/protocol/agent.hpp>
#include <troupe/protocol/mission_check.hpp>

#include <algorithm>

namespace troupe::cluster {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

result<void> check_certificate(const hello& theirs, const peer_name& by) {
  if (by.cluster != theirs.cluster)
    return fail(errc::invalid_request,
                "its certificate is of another cluster, '" + by.cluster + "'");
  if (by.name != theirs.name || by.is_client != theirs.is_client)
    return fail(
        errc::invalid_request,
        "it calls itself " + std::string{theirs.is_client ? "client" : "node"}
            + " '" + theirs.name + "', its certificate "
            + (by.is_client ? "client" : "node") + " '" + by.name + "'");
  return {};
}

} // namespace

result<std::optional<hello>> take_opening(std::string& bytes) {
  std::string_view left{bytes};
  const auto first = read_frame(left, opening_bytes_max);
  if (!first)
    return first.error();
  if (!*first)
    return std::optional<hello>{};
  const auto& it = **first;
  if (it.kind == frame_kind::bye) {
    const auto last = read_opening<bye>(it.body);
    return fail(errc::unreachable,
                "has refused: "
                    + (last ? last->why.substr(0, 300) : "no reason"));
  }
  if (it.kind != frame_kind::hello)
    return fail(errc::malformed_message, "does not say hello");
  auto theirs = read_opening<hello>(it.body);
  bytes.erase(0, bytes.size() - left.size());
  if (!theirs)
    return theirs.error();
  return std::optional{std::move(*theirs)};
}

result<std::uint32_t> check_hello(const hello& mine, const hello& theirs,
                                  const peer_name* certified) {
  if (theirs.protocol != mine.protocol)
    return fail(errc::invalid_request, "it does not speak troupe's links");
  // Whoever asks on loopback without a certificate need not know its name.
  const bool is_local_client = certified == nullptr && theirs.is_client;
  if (!protocol::is_name(theirs.name)
      || (!protocol::is_name(theirs.cluster) && !is_local_client)
      || theirs.address.size() > 300 || theirs.release.size() > 64)
    return fail(errc::invalid_request, "its names are not names");
  const auto version = std::min(mine.version_max, theirs.version_max);
  if (version < std::max(mine.version_min, theirs.version_min))
    return fail(errc::invalid_request,
                "it speaks link versions " + std::to_string(theirs.version_min)
                    + " to " + std::to_string(theirs.version_max)
                    + ", this one " + std::to_string(mine.version_min) + " to "
                    + std::to_string(mine.version_max)
                    + "; see 'troupe cluster check'");
  if (theirs.cluster != mine.cluster && !is_local_client)
    return fail(errc::invalid_request,
                "it is of cluster '" + theirs.cluster + "'");
  if (theirs.schema / 256 != mine.schema / 256)
    return fail(errc::invalid_request,
                "its messages have another major version; see 'troupe cluster "
                "check'");
  if (certified != nullptr)
    if (auto good = check_certificate(theirs, *certified); !good)
      return good.error();
  if (!theirs.is_client && theirs.name == mine.name)
    return fail(errc::invalid_request,
                "it has this node's own name, '" + mine.name + "'");
  return version;
}

} // namespace troupe::cluster
