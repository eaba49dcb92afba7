#pragma once

#include "troupe/testing/dice.hpp"

#include <troupe/protocol/time.hpp>

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace troupe::testing {

/// What befalls the messages of a link.
struct link_weather {
  std::uint32_t drop_permille = 0;
  std::uint32_t duplicate_permille = 0; ///< The second comes later.
  std::uint32_t reorder_permille = 0;   ///< May overtake those before them.
  protocol::duration delay_min = std::chrono::milliseconds{1};
  protocol::duration delay_max = std::chrono::milliseconds{5};
};

/// A message that arrives.
struct net_message {
  std::string from;
  std::string to;
  std::uint64_t number =
      0; ///< Of sending, from 1; a copy has that of the first.
  std::string bytes;

  bool operator==(const net_message&) const = default;
};

/// What became of all messages; those that are neither delivered nor lost are
/// on their way.
struct net_counts {
  std::uint64_t sent = 0;
  std::uint64_t delivered = 0; ///< Copies as well.
  std::uint64_t dropped = 0;   ///< By chance, or at a cut.
  std::uint64_t copied = 0;
  std::uint64_t overtaking = 0;
};

/// A network between named nodes, in memory and in virtual time: it is told
/// the time and never waits. Each pair of nodes has a link each way. Messages
/// of a link arrive in the order of sending, but for those that the weather
/// reorders and for copies. The same seed and the same calls give the same
/// deliveries. For one thread; time does not step back.
class network {
public:
  explicit network(std::uint64_t seed) : random_(seed) {}

  /// Of all links that have none of their own.
  void set_weather(const link_weather& of_all) { weather_ = of_all; }
  void set_weather(const std::string& from, const std::string& to,
                   const link_weather& of_link);

  /// One way: what is sent or would arrive from now on is lost, until `heal`.
  void cut(const std::string& from, const std::string& to);
  void heal(const std::string& from, const std::string& to);
  /// Both ways between each of these and each other node.
  void isolate(const std::vector<std::string>& side,
               const std::vector<std::string>& others);
  /// All cuts and clogs.
  void heal_all();

  /// One way: what would arrive waits until `unclog`, and then comes at once.
  void clog(const std::string& from, const std::string& to);
  void unclog(const std::string& from, const std::string& to);
  /// Clogs the links of these nodes one after the other in some order, and
  /// unclogs them in another, all within `span` from now.
  void swizzle_clog(std::vector<std::string> nodes, protocol::instant now,
                    protocol::duration span);

  void send(const std::string& from, const std::string& to, std::string bytes,
            protocol::instant now);

  /// When something happens next; null: nothing is on its way.
  [[nodiscard]] std::optional<protocol::instant> next() const;
  /// What has arrived by now, in order.
  [[nodiscard]] std::vector<net_message> take_due(protocol::instant now);

  [[nodiscard]] const net_counts& counts() const noexcept { return counts_; }
  /// How many messages are on their way, those at a clog included.
  [[nodiscard]] std::size_t under_way() const noexcept;

private:
  using link = std::pair<std::string, std::string>;
  using moment = std::pair<protocol::instant, std::uint64_t>; ///< And order.
  struct change {
    std::string node;
    bool clogs = false;
  };
  struct state {
    std::optional<link_weather> weather;
    protocol::instant latest; ///< No message in order arrives before this.
    bool is_cut = false;
    std::uint32_t clogs = 0;         ///< How many clog it.
    std::deque<net_message> waiting; // bounded by what its user sends
  };

  [[nodiscard]] protocol::duration delay(const link_weather& by);
  void arrive(net_message message, std::vector<net_message>& out);
  void apply(const change& what, std::vector<net_message>& out);
  void let_go(state& of, std::vector<net_message>& out);

  dice random_;
  link_weather weather_;
  std::map<link, state> links_;
  std::map<moment, net_message> on_way_;
  std::map<moment, change> changes_;
  std::set<std::string> clogged_nodes_;
  std::vector<net_message> freed_; ///< By `unclog`, for the next `take_due`.
  std::uint64_t order_ = 0;
  net_counts counts_;
};

} // namespace troupe::testing
