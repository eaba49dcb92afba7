#pragma once

#include "ledger/quota_rules.hpp"
#include "ledger_rules.hpp"
#include "support/protocol/random_source.hpp"

#include <variant>

namespace troupe::test {

/// Nodes that pay calls from slices of one ledger, over a network that loses,
/// delays and doubles what is said, with clocks that differ. Each step is a
/// tenth of a second.
class quota_world {
public:
  explicit quota_world(std::uint64_t seed, std::size_t nodes = 4);

  /// Something happens at random, at times bad things.
  void step(bool is_calm = false);
  /// A call on a node, of the accounts with that number; 0: the plain ones.
  void call(std::size_t node, std::int64_t amount, std::uint64_t which = 0,
            std::int64_t least = -1);
  /// All calls end, everything arrives; false: something is still open after
  /// five minutes.
  bool heal();
  /// What is broken, if anything.
  [[nodiscard]] std::string problem();
  /// What was spent by calls, of all that an account has to bear.
  [[nodiscard]] protocol::money spent(const std::string& account) const;
  [[nodiscard]] protocol::account_state account(const std::string& path) {
    return ledger.describe(path, leader_time()).value();
  }

  actors::ledger_rules ledger;
  bool is_cut = false;   ///< Nobody reaches the leader.
  bool has_died = false; ///< Some node has: what it held is unknown.
  std::uint64_t paid = 0;
  std::uint64_t refused = 0;
  std::uint64_t asked = 0;
  std::size_t under_way = 0;
  protocol::duration longest_wait{};
  std::map<protocol::errc, std::uint64_t> refusals;

private:
  static const std::vector<cluster::shared_accounts>& kinds();

  using said = std::variant<cluster::slice_ask, protocol::settle_budget,
                            cluster::slice_look>;
  using told = std::variant<protocol::result<protocol::budget_reserved>,
                            protocol::result<protocol::account_state>, bool>;
  struct letter {
    std::size_t node = 0;
    std::uint64_t life = 0; ///< Of the node.
    said what;
    protocol::instant sent;
    protocol::instant due;
    std::optional<told> answer{};
  };
  struct question {
    said what;
    protocol::instant until;
  };
  struct call_under_way {
    std::uint64_t which = 0;
    protocol::money amount;
    std::uint64_t tokens = 0;
    protocol::instant asked;
    protocol::instant end; ///< Epoch: it waits.
  };
  struct node {
    explicit node(std::uint64_t seed) : rules({}, seed) {}
    cluster::quota_rules rules;
    std::uint64_t life = 0;
    std::int64_t ppm = 0;
    bool is_cut = false;
    std::map<std::uint64_t, call_under_way> calls;
    std::vector<question> open;
  };

  [[nodiscard]] protocol::instant time_of(const node& it) const {
    return protocol::instant{std::chrono::hours{400'000}}
           + (now - protocol::instant{}) * (1'000'000 + it.ppm) / 1'000'000;
  }
  [[nodiscard]] protocol::instant leader_time();
  void trouble();
  void begin_calls();
  void end_calls(node& it);
  void end_call(node& it, std::uint64_t number, const call_under_way& what);
  void give_up_questions(node& it);
  void deliver();
  void carry_out(const cluster::quota_steps& what, std::size_t at);
  void send(std::size_t at, said what);
  told ask_leader(const said& what);
  void answer(node& it, const said& what, const told& what_it_said);
  void fail(node& it, const said& what);

  protocol::test::random_source random_;
  protocol::instant now{std::chrono::hours{1}};
  std::int64_t leader_ppm_ = 0;
  protocol::instant leader_now_{};
  bool is_calm_ = false;
  std::vector<node> nodes_;
  std::vector<letter> letters_;
  std::uint64_t calls_ = 0;
  std::map<std::uint64_t, protocol::money> spent_; // by accounts' number
};

} // namespace troupe::test
