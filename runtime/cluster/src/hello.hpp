#pragma once

#include "json/read_json_as.hpp"

#include <troupe/protocol/describe.hpp>
#include <troupe/protocol/json.hpp>
#include <troupe/protocol/schema_version.hpp>

#include <boost/json/serialize.hpp>

#include <cstdint>
#include <optional>
#include <string>

/// The JSON that opens a connection between two nodes, or a client and a node.
namespace troupe::cluster {

/// The forms of a link's frames that this program reads and writes.
inline constexpr std::uint32_t link_version_min = 1;
/// From 2 on: agents are started and moved.
inline constexpr std::uint32_t link_version_max = 2;

/// How far a side has received what the other has numbered.
struct heard {
  std::uint64_t incarnation = 0; ///< Of the other side; 0: never heard of it.
  std::uint64_t session = 0;     ///< Of the other side.
  std::uint64_t number = 0;      ///< The last that has arrived.

  bool operator==(const heard&) const = default;
};
BOOST_DESCRIBE_STRUCT(heard, (), (incarnation, session, number))

/// The first frame of each side.
struct hello {
  std::string protocol = "troupe-link";
  std::uint32_t version_min = link_version_min;
  std::uint32_t version_max = link_version_max;
  std::uint32_t schema = 0; ///< Of messages: major * 256 + minor.
  std::string release{};    ///< Of the program, for people.
  std::string cluster{};
  std::string name{};            ///< Of the node or client.
  bool is_client = false;        ///< It asks, and is no node.
  std::string address{};         ///< Where others reach the node.
  std::uint64_t incarnation = 0; ///< Rises with each start of the node.
  std::uint64_t session = 0;     ///< Rises when it gives the other side up.
  heard received{};

  bool operator==(const hello&) const = default;
};
BOOST_DESCRIBE_STRUCT(hello, (),
                      (protocol, version_min, version_max, schema, release,
                       cluster, name, is_client, address, incarnation, session,
                       received))

/// Before the first numbered frame of a connection.
struct begin {
  std::uint64_t session = 0;
  std::uint64_t next = 1; ///< The number of the next frame.

  bool operator==(const begin&) const = default;
};
BOOST_DESCRIBE_STRUCT(begin, (), (session, next))

/// The last frame of a side.
struct bye {
  std::string why{};
  bool is_leaving = false; ///< The node ends, or was removed.

  bool operator==(const bye&) const = default;
};
BOOST_DESCRIBE_STRUCT(bye, (), (why, is_leaving))

/// What one of these may be long.
inline constexpr std::size_t opening_bytes_max = 16U << 10U;

template <class Opening>
[[nodiscard]] std::string text_of(const Opening& it) {
  return boost::json::serialize(protocol::to_json(it));
}

/// Errors: as `from_json`; `limit_exceeded`.
template <class Opening>
[[nodiscard]] protocol::result<Opening> read_opening(std::string_view text) {
  return read_json_as<Opening>(text, {opening_bytes_max, 8, 256});
}

/// Takes the hello off the bytes that have come. Nothing: more has to come.
/// Errors: `malformed_message`; `limit_exceeded`; `unreachable` when the other
/// side has refused, with its reason.
[[nodiscard]] protocol::result<std::optional<hello>>
take_opening(std::string& bytes);

/// Who a certificate says that the other side is; of connections without one:
/// nobody.
struct peer_name {
  std::string cluster{};
  std::string name{};
  bool is_client = false;
};

/// What `mine` speaks with `theirs`: the highest version that both know.
/// `certified`: null on a loopback connection without certificates. Errors:
/// `invalid_request`: another protocol, no common version, another cluster, a
/// name that is not the certificate's, or its own.
[[nodiscard]] protocol::result<std::uint32_t>
check_hello(const hello& mine, const hello& theirs, const peer_name* certified);

} // namespace troupe::cluster

namespace troupe::protocol {
template <>
inline constexpr bool omits_defaults<cluster::hello> = true;
template <>
inline constexpr bool omits_defaults<cluster::heard> = true;
template <>
inline constexpr bool omits_defaults<cluster::bye> = true;
} // namespace troupe::protocol
