#pragma once

#include "client_agent_words.hpp"
#include "client_state_words.hpp"
#include "hello.hpp"
#include "troupe/cluster/node.hpp"

#include <variant>

/// What a client asks of a node, and is told, as JSON in control frames. One
/// thing at a time; while a run is followed, `stop_run` and `pause_run` may be
/// said.
namespace troupe::cluster {

struct ask_run {
  protocol::mission mission{};
  std::string model{};
  std::uint64_t seed = 1;
  std::optional<protocol::reuse_spec> reuse{};
};
BOOST_DESCRIBE_STRUCT(ask_run, (), (mission, model, seed, reuse))
struct stop_run {
  std::string why{};
};
BOOST_DESCRIBE_STRUCT(stop_run, (), (why))
struct decide_here {
  std::string task{};
  bool is_yes = false;
  std::string by{};
  std::string note{};
};
BOOST_DESCRIBE_STRUCT(decide_here, (), (task, is_yes, by, note))
struct ask_nodes {};
BOOST_DESCRIBE_STRUCT(ask_nodes, (), ())
struct ask_offer {}; ///< What a mission may use there.
BOOST_DESCRIBE_STRUCT(ask_offer, (), ())
struct ask_join {
  std::string address{};
};
BOOST_DESCRIBE_STRUCT(ask_join, (), (address))
struct ask_remove {
  std::string name{};
};
BOOST_DESCRIBE_STRUCT(ask_remove, (), (name))
struct ask_drain {
  std::string name{};
  bool is_on = true;
};
BOOST_DESCRIBE_STRUCT(ask_drain, (), (name, is_on))

struct ask_submit { ///< Puts a mission into the cluster's queue.
  ask_run what{};
};
BOOST_DESCRIBE_STRUCT(ask_submit, (), (what))

using client_asks =
    std::variant<ask_run, stop_run, decide_here, ask_nodes, ask_offer, ask_join,
                 ask_remove, ask_drain, ask_agents, ask_start, ask_stop,
                 ask_move, ask_submit, ask_queue, ask_state, watch_state>;

struct run_begun {
  protocol::id run{};
};
BOOST_DESCRIBE_STRUCT(run_begun, (), (run))
struct run_told {
  protocol::run_event event{};
};
BOOST_DESCRIBE_STRUCT(run_told, (), (event))
struct run_over {
  protocol::run_report report{};
};
BOOST_DESCRIBE_STRUCT(run_over, (), (report))
struct nodes_told {
  std::vector<node_view> nodes{};
};
BOOST_DESCRIBE_STRUCT(nodes_told, (), (nodes))
struct offer_told {
  std::vector<protocol::agent_card> agents{};
  std::vector<protocol::model_spec> models{}; ///< That calls can go to.
};
BOOST_DESCRIBE_STRUCT(offer_told, (), (agents, models))
struct all_done {};
BOOST_DESCRIBE_STRUCT(all_done, (), ())
struct refused {
  protocol::error why{};
};
BOOST_DESCRIBE_STRUCT(refused, (), (why))

using client_told =
    std::variant<run_begun, run_told, run_over, nodes_told, offer_told,
                 all_done, refused, agents_told, agent_at, mission_queued,
                 queue_told, state_told, state_seen>;

/// Of one text.
inline constexpr std::size_t client_bytes_max = 64U << 20U;

/// Errors: as `from_json`; `limit_exceeded`.
[[nodiscard]] protocol::result<client_asks> read_asks(const std::string& text);
[[nodiscard]] protocol::result<client_told> read_told(const std::string& text);
[[nodiscard]] std::string text_of_asks(const client_asks& it);
[[nodiscard]] std::string text_of_told(const client_told& it);

} // namespace troupe::cluster

namespace troupe::protocol {

#define TROUPE_CLIENT_WORD(Type)                                               \
  template <>                                                                  \
  inline constexpr std::string_view alternative_name<cluster::Type> = #Type;
TROUPE_CLIENT_WORD(ask_run)
TROUPE_CLIENT_WORD(stop_run)
TROUPE_CLIENT_WORD(decide_here)
TROUPE_CLIENT_WORD(ask_nodes)
TROUPE_CLIENT_WORD(ask_offer)
TROUPE_CLIENT_WORD(ask_join)
TROUPE_CLIENT_WORD(ask_remove)
TROUPE_CLIENT_WORD(ask_drain)
TROUPE_CLIENT_WORD(ask_submit)
TROUPE_CLIENT_WORD(run_begun)
TROUPE_CLIENT_WORD(run_told)
TROUPE_CLIENT_WORD(run_over)
TROUPE_CLIENT_WORD(nodes_told)
TROUPE_CLIENT_WORD(offer_told)
TROUPE_CLIENT_WORD(all_done)
TROUPE_CLIENT_WORD(refused)
#undef TROUPE_CLIENT_WORD

} // namespace troupe::protocol
