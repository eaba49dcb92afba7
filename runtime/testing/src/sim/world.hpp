#pragma once

#include "models.hpp"
#include "power_disk.hpp"

#include <troupe/actors/supervisor.hpp>
#include <troupe/runtime/runtime.hpp>

#include <memory>
#include <optional>

namespace troupe {
class engine;
}

namespace troupe::testing::sim {

/// A client of a simulation and what it lives in: processes one after the
/// other on one disk, models elsewhere, and all that befalls them. Writes down
/// what a client, a model and the world outside can see.
class world {
public:
  explicit world(std::uint64_t seed);
  ~world();
  world(const world&) = delete;
  world& operator=(const world&) = delete;

  void play(const step& it, std::uint32_t number);
  /// Lets all go well, waits until all has ended, and looks at what is left.
  void finish();
  [[nodiscard]] const history& seen() const { return history_; }

private:
  struct client_run {
    std::optional<mission_run> handle;
    bool has_begun = false; ///< An event said so.
    bool has_ended = false;
    bool is_paused = false;
  };
  /// What goes wrong right behind something that the world outside has seen.
  struct aimed_fault {
    fact_kind behind = fact_kind::model_asked;
    std::uint64_t turns = 0; ///< Until the process dies.
    std::string name;        ///< Of `victim`.
    caf::actor victim;       ///< Null: the process.
  };
  struct open_question {
    protocol::id run;
    std::string task;
  };

  // Lives.
  bool begin_life();
  void new_network();
  void end_life(int how);
  void die(bool is_power);
  void go_on_anew();
  /// Those that have neither ended nor gone on yet.
  void resume_all();
  bool takes_turn();
  void add_agents();
  void add_tools();
  [[nodiscard]] troupe::engine& engine();
  /// Sees as well whether the state's store is another one.
  bool is_tree_alive();
  [[nodiscard]] std::vector<actors::child_state>
  children_of(const caf::actor& supervisor);
  [[nodiscard]] std::vector<actors::child_state> all_children();

  // What clients do.
  void act(const step& it, dice& random);
  void start_run(std::uint64_t seed);
  void decide_some(dice& random);
  void write_state(dice& random);
  void write_both(dice& random);
  void read_state(dice& random);
  void look();
  void rest();
  void overload(dice& random);
  void offer(std::size_t count, protocol::duration time, dice& random);
  void start_load(dice& random);
  void note_write(const std::string& key, std::optional<std::uint64_t> expected,
                  const protocol::result<std::uint64_t>& outcome);
  std::vector<client_run*> open_runs();
  void with_a_run(dice& random, const char* what,
                  const std::function<void(client_run&)>& code);

  // What goes wrong.
  void harm(const step& it, dice& random);
  void leap(protocol::duration by);
  void harm_disk(step_kind how, dice& random);
  void kill_any(bool is_role, dice& random);
  void kill(const std::string& id, const caf::actor& victim);
  void take_aim(dice& random);
  void strike(const fact& seen);
  void calm_down();
  void calm_all();
  /// Until no run is open any more; false: some are.
  bool wait_for_runs();

  // What is seen.
  void note(fact it);
  void note_refused(const protocol::error& why);
  void witness(fact it); ///< From within: not once the process is dead.
  void fault(const std::string& kind, std::uint64_t count = 1);
  void collect();
  void collect(protocol::id id, client_run& of);
  void collect_report(protocol::id id, client_run& of);
  void follow();
  void read_feeds();
  void advance(protocol::duration by);
  void probe();
  void check_rest();
  void check_accounts();
  void check_files();

  std::uint64_t seed_;
  history history_;
  power_disk disk_;
  std::shared_ptr<network> net_;
  models models_;
  protocol::instant now_;
  std::uint32_t life_ = 0;
  std::uint32_t step_ = 0;
  bool is_alive_ = false;
  bool is_sick_ = false;
  std::uint64_t turns_left_ = 0; ///< Until the process dies; 0: none.
  std::optional<aimed_fault> aim_;
  protocol::instant bad_network_until_{};
  std::map<protocol::id, client_run> runs_;
  std::vector<open_question> questions_;
  std::map<std::string, std::uint64_t> versions_; ///< As the client knows them.
  std::uint64_t feed_offset_ = 0;
  std::int32_t actors_at_rest_ = 0;
  std::uint64_t store_ = 0; ///< Its incarnation.
  std::optional<troupe::runtime> runtime_;
  std::optional<state_stream> stream_;
  std::optional<topic_feed> feed_;
};

} // namespace troupe::testing::sim
