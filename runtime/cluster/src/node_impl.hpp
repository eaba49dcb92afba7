#pragma once

#include "member_table.hpp"
#include "node_actor.hpp"

#include <troupe/actors/actor_base.hpp>

#include <set>

/// The inside of a node's actor. Private to its sources.
namespace troupe::cluster {

class cluster_node final : public actors::actor_base<node_actor> {
public:
  cluster_node(caf::actor_config& cfg, node_actor_config config)
      : actor_base(cfg, config.parts->clock), config_(std::move(config)),
        ids_(config_.seed),
        table_(config_.parts->mine.name, config_.members_max) {}

  const char* name() const override { return "node"; }
  behavior_type make_behavior() override;
  void on_exit() override;

private:
  struct linked {
    link_actor link;
    std::shared_ptr<link_status> status;
    std::uint64_t life = 0;
    bool has_died = false; ///< Of a fault of its own; made anew with a tick.
  };

  [[nodiscard]] const link_parts& parts() const { return *config_.parts; }
  protocol::instant now() { return parts().clock.at(clock().now()); }

  // node_actor.cpp: who is there
  /// False: it is not to be spoken with.
  bool meet(const member_told& who, bool is_first_hand);
  void link_with(const member_told& who, std::uint64_t life = 0);
  void part_died(const caf::down_msg& it);
  /// Makes links and stand-ins anew that have died of a fault, or were ended by
  /// others, as the health desk does with an agent that seems sick.
  void mend();
  void arrive(const hello_arrived& it);
  void found(const seed_found& it);
  caf::result<node_done> join(const join_node& it);
  [[nodiscard]] link_found link_to(const find_link& it) const;
  void hear(const peer_says& it);
  void tick();
  void ask_seed(const std::string& address);
  void tell_facts();
  void end_links(const std::string& why, bool is_leaving);

  // node_places.cpp: where agents are, and what people ask
  /// Sees to it that somebody stands in for each agent that others have.
  void place_all();
  void place_one(const member_table::shared_agent& it, bool is_here);
  nodes_listed listed();
  agents_listed list_places();
  caf::result<node_done> remove(const std::string& who);
  void end_link_to(const std::string& who);
  caf::result<node_done> drain(const drain_node& it);
  void set_draining(bool is_on);

  // node_leader.cpp: who leads
  void lead_or_follow();
  void say_leads();
  void change_leading();

  node_actor_config config_;
  protocol::id_source ids_;
  member_table table_;
  std::map<std::string, linked> links_;             // bounded by the table
  std::map<std::string, stand_in_actor> stand_ins_; // bounded by agents
  std::set<std::string> registered_;                // of stand_ins_
  std::vector<protocol::agent_card> own_agents_;    // bounded by limits.agents
  std::shared_ptr<const std::string> facts_;
  actors::registry_actor registry_;
  caf::actor_clock::time_point seeds_due_{};
  caf::actor_clock::time_point registered_until_{};
  bool is_news_ = true;
  std::uint32_t until_leads_said_ = 0; ///< Ticks.
  bool has_dead_ = false;
};

} // namespace troupe::cluster
