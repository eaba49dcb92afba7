#include "troupe/cluster/node.hpp"

#include "agent_desk.hpp"
#include "budget_front.hpp"
#include "client_desk.hpp"
#include "engine/ask_actor.hpp"
#include "engine/engine_access.hpp"
#include "engine/runtime_access.hpp"
#include "http/io_thread.hpp"
#include "journal_front.hpp"
#include "listener.hpp"
#include "node_actor.hpp"
#include "node_inside.hpp"
#include "node_security.hpp"
#include "node_settings.hpp"
#include "shared_work.hpp"
#include "store/store_drivers.hpp"

#include <chrono>
#include <mutex>
#include <random>
#include <thread>

namespace troupe::cluster {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

/// Between two looks for runs whose node is gone, at most.
constexpr std::chrono::seconds look_pace{5};

std::uint64_t random_seed() {
  std::random_device device;
  return (std::uint64_t{device()} << 32U) | device();
}

} // namespace

class node::implementation {
public:
  implementation(const node_config& config, link_security security)
      : config_(config),
        security_(std::move(security)), limits_{{config.message_bytes_max}},
        listener_(
            std::make_shared<listener>(io_.context(), security_, limits_)),
        homes_(std::make_shared<home_book>()),
        is_draining_(std::make_shared<std::atomic<bool>>(false)),
        agents_(std::make_shared<agent_desk>(
            agent_desk_config{config.name, config.agents_from_others,
                              config.message_bytes_max, config.move_max})) {}

  ~implementation() {
    listener_->close();
    agents_->close();
    if (desk_)
      desk_->close();
    shared_.reset();
    if (node_) {
      auto& system = engine().system();
      ask_end(system);
      homes_->clear();
    }
    node_ = nullptr;
    {
      const std::lock_guard lock{front_mutex_};
      front_ = nullptr;
    }
    host_.reset();
  }

  result<void> start(runtime_config host) {
    const auto where = connection::parse_address(config_.listen).value();
    const auto port = listener_->listen(where.first, where.second);
    if (!port)
      return port.error();
    mine_ = hello_of(config_);
    const bool is_v6 = where.first.find(':') != std::string::npos;
    address_ = (is_v6 ? "[" + where.first + "]" : where.first) + ":"
               + std::to_string(*port);
    mine_.address = config_.advertise.empty() ? address_ : config_.advertise;
    engine_options options;
    options.budget_front = [this](caf::actor_system& system,
                                  const actors::budget_actor& ledger) {
      const auto front = spawn_budget_front(
          system, actors::make_wall_clock(system), ledger, homes_);
      const std::lock_guard lock{front_mutex_};
      front_ = front;
      return caf::actor_cast<actors::budget_actor>(front);
    };
    options.journal_front = [this](caf::actor_system& system,
                                   const actors::journal_actor& own) {
      return spawn_journal_front(system, actors::make_wall_clock(system), own,
                                 homes_);
    };
    put_gates(options, agents_);
    const auto journal = host.journal;
    const auto lease = host.journal_lease;
    auto made = runtime_access::create(std::move(host), std::move(options));
    if (!made)
      return made.error();
    host_ = std::make_unique<runtime>(std::move(*made));
    if (store::is_url(journal))
      shared_ = std::make_unique<shared_work>(
          *host_, engine(),
          queue_worker_config{config_.name, journal, lease, capacity(),
                              is_draining_},
          std::min<protocol::duration>(lease / 3, look_pace));
    begin();
    return {};
  }

  [[nodiscard]] runtime& host() { return *host_; }
  [[nodiscard]] const std::string& address() const { return address_; }
  [[nodiscard]] agent_desk& agents() { return *agents_; }

  template <class Answer, class Message>
  result<Answer> ask(Message message) {
    return ask_for<Answer>(engine().system(), node_, "the node is gone",
                           std::move(message));
  }

  [[nodiscard]] bool is_idle() {
    return load_->local == 0 && load_->remote == 0
           && engine_access::open_runs(engine()) == 0;
  }

private:
  class engine& engine() {
    return runtime_access::engine_of(*host_);
  }

  [[nodiscard]] std::uint32_t capacity() const {
    return config_.capacity != 0
               ? config_.capacity
               : std::max(1U, std::thread::hardware_concurrency());
  }

  std::shared_ptr<link_parts> make_parts() {
    const auto& roles = engine_access::roles_of(engine());
    auto parts = std::make_shared<link_parts>();
    parts->mine = mine_;
    parts->limits = limits_of(config_);
    parts->clock = engine_access::clock_of(engine());
    parts->registry = [&roles] {
      return roles.get(&roles::registry);
    };
    parts->budget = [&roles] {
      return roles.get(&roles::budget);
    };
    parts->journal = [own = engine_access::journal_of(engine())] {
      return own;
    };
    parts->front = [this] {
      const std::lock_guard lock{front_mutex_};
      return front_;
    };
    parts->load = load_;
    parts->is_stand_in = [book = engine().books().stand_ins](const auto& agent,
                                                             const auto& who) {
      return book->find(agent) == who;
    };
    parts->note_home = [homes = homes_](const auto& account, const auto& from) {
      homes->note(account, from);
    };
    parts->dial = [&io = io_.context(), security = security_,
                   limits = limits_](const std::string& address,
                                     const hello& mine, auto owner) {
      connection::dial(io, address, mine, security, limits, std::move(owner));
    };
    return parts;
  }

  void begin() {
    load_ = std::make_shared<load_board>();
    load_->capacity = capacity();
    node_actor_config config;
    config.parts = make_parts();
    config.seeds = config_.seeds;
    config.how = *placement_of(config_.placement);
    config.seed = random_seed();
    config.own_agents = [this] {
      return engine().agents();
    };
    config.stand_ins = engine().books().stand_ins;
    config.is_draining = is_draining_;
    config.desk = agents_;
    node_ = spawn_node(engine().system(), std::move(config));
    agents_->begin(engine(), node_);
    desk_ = std::make_shared<client_desk>(*host_, node_, is_draining_, mine_,
                                          agents_,
                                          shared_ ? &shared_->queue : nullptr);
    listener_->begin({mine_,
                      [to = node_](auto it, hello theirs) {
                        caf::anon_send(
                            to, hello_arrived{0, std::move(it),
                                              std::make_shared<const hello>(
                                                  std::move(theirs))});
                      },
                      [desk = desk_](auto it, hello theirs) {
                        desk->serve(std::move(it), theirs);
                      }});
  }

  /// Says good-bye, and waits until the links have done so.
  void ask_end(caf::actor_system& system) {
    caf::scoped_actor self{system};
    self->monitor(node_);
    caf::anon_send(node_, end_node{});
    caf::anon_send_exit(node_, caf::exit_reason::user_shutdown);
    self->receive([](const caf::down_msg&) {},
                  caf::after(std::chrono::seconds{5}) >> [] {});
  }

  node_config config_;
  link_security security_;
  connection_limits limits_;
  http::io_thread io_; ///< Outlives the actors, whose connections it carries.
  std::shared_ptr<listener> listener_;
  std::shared_ptr<home_book> homes_;
  std::shared_ptr<std::atomic<bool>> is_draining_;
  std::shared_ptr<agent_desk> agents_; ///< Outlives the engine.
  std::shared_ptr<load_board> load_;
  hello mine_;
  std::string address_;
  std::mutex front_mutex_; ///< Guards what follows.
  budget_front_actor front_;
  std::unique_ptr<runtime> host_;
  node_actor node_;
  std::shared_ptr<client_desk> desk_;
  std::unique_ptr<shared_work> shared_; ///< Null: nobody shares the journal.
};

node::node(std::unique_ptr<implementation> self) : self_(std::move(self)) {}
node::~node() = default;

result<std::unique_ptr<node>> node::start(const node_config& config,
                                          runtime_config host) {
  std::string problems;
  for (const auto& it : problems_of(config))
    problems += it + "\n";
  if (!problems.empty())
    return fail(errc::config_invalid, std::move(problems));
  auto security = make_security(config.certificates);
  if (!security)
    return security.error();
  if (auto good = check_own_name(config); !good)
    return good.error();
  auto self = std::make_unique<implementation>(config, std::move(*security));
  if (auto begun = self->start(std::move(host)); !begun)
    return begun.error();
  return std::unique_ptr<node>{new node{std::move(self)}};
}

runtime& node::host() {
  return self_->host();
}

std::string node::address() const {
  return self_->address();
}

result<std::vector<node_view>> node::nodes() {
  auto all = self_->ask<nodes_listed>(list_nodes{});
  if (!all)
    return all.error();
  return std::move(all->nodes);
}

result<void> node::join(const std::string& address) {
  const auto outcome = self_->ask<node_done>(join_node{address});
  return outcome ? result<void>{} : outcome.error();
}

result<void> node::remove(const std::string& name) {
  const auto outcome = self_->ask<node_done>(remove_node{name});
  return outcome ? result<void>{} : outcome.error();
}

result<void> node::drain(const std::string& name, bool is_on) {
  const auto outcome = self_->ask<node_done>(drain_node{name, is_on});
  return outcome ? result<void>{} : outcome.error();
}

agent_desk& node_inside::desk_of(node& of) {
  return of.self_->agents();
}

link_found node_inside::link_to(node& from, const std::string& name) {
  auto found = from.self_->ask<link_found>(find_link{name});
  return found ? std::move(*found) : link_found{};
}

bool node::is_idle() {
  return self_->is_idle();
}

} // namespace troupe::cluster
