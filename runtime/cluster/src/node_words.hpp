#pragma once

#include "agent_words.hpp"
#include "hello.hpp"

#include <troupe/protocol/agent.hpp>

#include <variant>
#include <vector>

/// What nodes tell one another of themselves, as JSON in control frames.
namespace troupe::cluster {

/// A node, as others know it.
struct member_told {
  std::string name{};
  std::string address{};
  std::uint64_t incarnation = 0;

  bool operator==(const member_told&) const = default;
};
BOOST_DESCRIBE_STRUCT(member_told, (), (name, address, incarnation))

/// What a node has, and whom it knows. The newest stands for all before.
struct node_facts {
  std::string release{};
  std::uint32_t schema = 0;
  std::uint32_t link_min = 1; ///< Forms of links that it speaks.
  std::uint32_t link_max = 1;
  std::uint32_t capacity = 1;
  bool is_draining = false;
  std::vector<protocol::agent_card> agents{}; ///< Its own.
  std::vector<member_told> members{};
  /// Nodes that were taken out, in the life that was taken out.
  std::vector<member_told> removed{};

  bool operator==(const node_facts&) const = default;
};
BOOST_DESCRIBE_STRUCT(node_facts, (),
                      (release, schema, link_min, link_max, capacity,
                       is_draining, agents, members, removed))

/// How much a node does.
struct load_told {
  std::uint32_t capacity = 1;
  std::uint32_t busy_with_others = 0; ///< Tasks not of the one who is told.

  bool operator==(const load_told&) const = default;
};
BOOST_DESCRIBE_STRUCT(load_told, (), (capacity, busy_with_others))

/// Asks a node to take no new tasks, or to take them again.
struct drain_wish {
  bool is_on = true;

  bool operator==(const drain_wish&) const = default;
};
BOOST_DESCRIBE_STRUCT(drain_wish, (), (is_on))

/// Under which token a node leads; said again and again while it does, to those
/// whose links have version 2.
struct leads_told {
  std::uint64_t token = 0; ///< 0: it does not, or no more.

  bool operator==(const leads_told&) const = default;
};
BOOST_DESCRIBE_STRUCT(leads_told, (), (token))

using node_words = std::variant<node_facts, load_told, drain_wish, leads_told,
                                agent_question, agent_answer>;

/// Of one text.
inline constexpr std::size_t words_bytes_max = 16U << 20U;

/// Errors: as `from_json`; `limit_exceeded`.
[[nodiscard]] protocol::result<node_words> read_words(const std::string& text);

[[nodiscard]] inline std::string words_of(const node_words& it) {
  return boost::json::serialize(protocol::to_json(it));
}

} // namespace troupe::cluster

namespace troupe::protocol {

template <>
inline constexpr std::string_view alternative_name<cluster::node_facts> =
    "node_facts";
template <>
inline constexpr std::string_view alternative_name<cluster::load_told> =
    "load_told";
template <>
inline constexpr std::string_view alternative_name<cluster::drain_wish> =
    "drain_wish";
template <>
inline constexpr std::string_view alternative_name<cluster::leads_told> =
    "leads_told";
template <>
inline constexpr bool omits_defaults<cluster::node_facts> = true;
template <>
inline constexpr bool omits_defaults<cluster::member_told> = true;

} // namespace troupe::protocol
