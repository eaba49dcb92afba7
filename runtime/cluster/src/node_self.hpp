#pragma once

#include "agent_desk.hpp"
#include "client_desk.hpp"
#include "engine/ask_actor.hpp"
#include "engine/engine.hpp"
#include "engine/runtime_access.hpp"
#include "http/io_thread.hpp"
#include "listener.hpp"
#include "money_fronts.hpp"
#include "node_actor.hpp"
#include "shared_tier.hpp"
#include "shared_work.hpp"
#include "troupe/cluster/node.hpp"

/// What a node of a cluster stands on. Private to its sources.
namespace troupe::cluster {

class node::implementation {
public:
  implementation(const node_config& config, link_security security,
                 const std::vector<protocol::open_account>& shared_accounts);
  ~implementation();
  implementation(const implementation&) = delete;
  implementation& operator=(const implementation&) = delete;

  protocol::result<void> start(runtime_config host);

  [[nodiscard]] runtime& host() { return *host_; }
  [[nodiscard]] const std::string& address() const { return address_; }
  [[nodiscard]] agent_desk& agents() { return *agents_; }

  template <class Answer, class Message>
  protocol::result<Answer> ask(Message message) {
    return ask_for<Answer>(engine().system(), node_, "the node is gone",
                           std::move(message));
  }

  [[nodiscard]] bool is_idle();

private:
  class engine& engine() {
    return runtime_access::engine_of(*host_);
  }
  [[nodiscard]] std::uint32_t capacity() const;
  protocol::result<void> listen();
  engine_options fronts();
  std::shared_ptr<link_parts> make_parts();
  void begin();
  void begin_listening();
  void end_node_actor();

  node_config config_;
  link_security security_;
  connection_limits limits_;
  http::io_thread io_; ///< Outlives the actors, whose connections it carries.
  std::shared_ptr<listener> listener_;
  std::shared_ptr<home_book> homes_;
  std::shared_ptr<std::atomic<bool>> is_draining_;
  std::shared_ptr<shared_tier> shared_; ///< Null: nothing is shared.
  std::shared_ptr<agent_desk> agents_;  ///< Outlives the engine.
  std::shared_ptr<load_board> load_;
  hello mine_;
  std::string address_;
  std::shared_ptr<money_fronts> money_;
  std::unique_ptr<runtime> host_;
  node_actor node_;
  std::shared_ptr<client_desk> desk_;
  std::unique_ptr<shared_work> work_; ///< Null: nobody shares the journal.
};

} // namespace troupe::cluster
