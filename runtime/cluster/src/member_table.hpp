#pragma once

#include "node_words.hpp"
#include "peer_watch.hpp"

#include <map>
#include <optional>
#include <set>

namespace troupe::cluster {

/// The nodes that one node knows, and what each of them has. Pure.
class member_table {
public:
  struct member {
    member_told who;
    node_facts facts{};
    peer_state state = peer_state::joining;
    std::uint64_t leads = 0; ///< Token; 0: it does not.
  };

  member_table(std::string self, std::size_t members_max)
      : self_(std::move(self)), members_max_(members_max) {}

  enum class verdict : std::uint8_t {
    known, ///< Nothing is new.
    added,
    moved,   ///< Another address, or another life.
    removed, ///< It was taken out, and this is the life that was.
    full,
    self,
  };

  /// Somebody is said to be there: by itself (`is_first_hand`) or by others,
  /// who do not change what it has said itself of the same life.
  verdict hear(const member_told& who, bool is_first_hand);

  /// What a known node says it has. True: its agents, or whether it drains,
  /// have changed. Those whom it knows are to be `hear`d by the caller.
  bool take_facts(const std::string& name, node_facts facts);

  /// Takes a node out; it may come back in a later life. False: unknown.
  bool remove(const std::string& name);
  /// The same, as others say. True: it was here.
  bool hear_removed(const member_told& who);

  void set_state(const std::string& name, peer_state state);

  /// A node says under which token it leads, or by 0 that it does not.
  void set_leads(const std::string& name, std::uint64_t token);
  /// Of those who say that they lead the one with the newest token; null:
  /// nobody that is up or suspected. Its token may be older than one's own.
  [[nodiscard]] const member* leader() const;

  [[nodiscard]] const member* find(const std::string& name) const;
  [[nodiscard]] const std::map<std::string, member>& all() const {
    return members_;
  }
  struct shared_agent {
    protocol::agent_card card;      ///< Of the first of them.
    std::vector<std::string> nodes; ///< That have it, and may be asked.
  };
  /// By name, the agents of nodes that are up or suspected.
  [[nodiscard]] std::map<std::string, shared_agent> agents() const;
  [[nodiscard]] bool knows_address(const std::string& address) const;

  /// For this node's facts.
  [[nodiscard]] std::vector<member_told> told() const;
  [[nodiscard]] std::vector<member_told> told_removed() const;

private:
  std::string self_;
  std::size_t members_max_;
  std::map<std::string, member> members_;        // bounded by members_max_
  std::map<std::string, std::uint64_t> removed_; // bounded by members_max_
};

} // namespace troupe::cluster
