#pragma once

#include "answer_keeper.hpp"
#include "requests.hpp"
#include "troupe/actors/actor_base.hpp"

#include <map>
#include <unordered_map>
#include <vector>

namespace troupe::actors {

using answer_cache_impl = router_actor::extend<caf::reacts_to<deadline_tick>>;

/// The ANSWER CACHE's actor. In answer_cache.cpp: who gets which answer; in
/// answer_cache_store.cpp: what it has to do with its store.
class answer_cache : public actor_base<answer_cache_impl> {
public:
  answer_cache(caf::actor_config& cfg, answer_cache_config config);

  const char* name() const override { return "answer-cache"; }
  behavior_type make_behavior() override;
  void on_exit() override;

private:
  using call_request = protocol::request<protocol::model_call>;
  using reply_response = protocol::response<protocol::model_reply>;

  /// One who asked. What its equals have in common is kept once.
  struct asker {
    protocol::header head;
    std::string account;
    bool stream = false;
    protocol::instant deadline;
    delta_sink_actor sink;
    caf::typed_response_promise<reply_response> promise;
    deadline_table::key alarm{}; ///< While it waits.
  };

  /// Equal calls, one of which is made.
  struct flight {
    answer_key_ptr key;
    protocol::model_call body;
    asker leader; ///< While `call` is set.
    protocol::id call;
    std::map<std::uint64_t, asker> waiting; ///< By arrival.
    bool is_shared = true; ///< False: of one whose answer nobody else gets.
  };
  using flight_ptr = std::shared_ptr<flight>;

  protocol::instant now() { return config_.clock.at(clock().now()); }

  caf::result<reply_response> take(const call_request& msg);
  caf::result<reply_response> repeat(const call_request& msg,
                                     const protocol::model_reply& reply);
  caf::result<reply_response> join(const call_request& msg,
                                   const answer_key_ptr& key);
  void add(const flight_ptr& to, std::uint64_t arrival, asker who);
  /// The first who waits makes the call; nobody: the flight is over.
  void lead(const flight_ptr& it);
  void ask_router(const flight_ptr& it);
  void answered(const flight_ptr& it, const reply_response& answer);
  void failed(const flight_ptr& it, const protocol::error& why);
  void land(const flight_ptr& it, const protocol::model_reply& reply);
  /// Each who waits makes a call of its own.
  void part(const flight_ptr& it);
  void fail_all(const flight_ptr& it, const protocol::error& why);
  std::vector<asker> take_waiting(const flight_ptr& it);
  void close(const flight_ptr& it);
  void deliver(asker& to, protocol::model_reply reply);
  void tell(const delta_sink_actor& sink, const protocol::header& head,
            const protocol::model_reply& reply);
  void give_up(asker& who, const protocol::error& why);
  void pass_on(protocol::notification<protocol::model_delta>& msg);
  void end(const protocol::coordination<protocol::cancel>& msg);

  /// Looks into the store, then leads.
  void look(const flight_ptr& it);
  void keep(const answer_key_ptr& key, const protocol::model_reply& reply);
  [[nodiscard]] bool may_use_store();
  /// Empty: it works.
  void note_store(const std::string& failure);

  answer_cache_config config_;
  protocol::id_source ids_;
  deadline_table table_;
  answer_table answers_;
  answer_keeper_actor keeper_; ///< Null without a store.
  std::unordered_map<answer_key_ptr, flight_ptr, answer_key_hash,
                     answer_key_equal>
      flights_;                                        ///< Shared ones.
  std::unordered_map<protocol::id, flight_ptr> calls_; ///< By `flight::call`.
  std::size_t open_ = 0; ///< Askers, of all flights.
  std::uint64_t arrivals_ = 0;
  std::size_t store_asked_ = 0;      ///< Requests to the keeper that are open.
  std::size_t store_bytes_ = 0;      ///< Of answers on their way to it.
  std::uint32_t store_failures_ = 0; ///< In a row.
  protocol::instant store_rests_;    ///< Until then.
};

} // namespace troupe::actors
