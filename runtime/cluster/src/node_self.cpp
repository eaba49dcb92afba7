#include "node_self.hpp"

#include "engine/engine_access.hpp"
#include "journal_front.hpp"
#include "node_security.hpp"
#include "node_settings.hpp"
#include "store/store_drivers.hpp"

#include <chrono>
#include <random>
#include <thread>

namespace troupe::cluster {

using protocol::result;

namespace {

/// Between two looks for runs whose node is gone, at most.
constexpr std::chrono::seconds look_pace{5};

std::uint64_t random_seed() {
  std::random_device device;
  return (std::uint64_t{device()} << 32U) | device();
}

} // namespace

node::implementation::implementation(
    const node_config& config, link_security security,
    const std::vector<protocol::open_account>& shared_accounts)
    : config_(config),
      security_(std::move(security)), limits_{{config.message_bytes_max}},
      listener_(std::make_shared<listener>(io_.context(), security_, limits_)),
      homes_(std::make_shared<home_book>()),
      is_draining_(std::make_shared<std::atomic<bool>>(false)),
      agents_(std::make_shared<agent_desk>(
          agent_desk_config{config.name, config.agents_from_others,
                            config.message_bytes_max, config.move_max})) {
  if (!config.store.empty())
    shared_ = std::make_shared<shared_tier>(
        shared_tier_config{config.store, config.cluster, config.leader_lease,
                           !shared_accounts.empty(), is_draining_});
  money_ = std::make_shared<money_fronts>(homes_, shared_, shared_accounts);
}

node::implementation::~implementation() {
  listener_->close();
  *is_draining_ = true;
  if (host_) {
    // Before any of what they stand on ends: they are not to fail of it.
    engine_access::leave_runs(engine());
    money_->give_back(engine().system());
  }
  if (shared_)
    shared_->end(); // another may lead, before anything else ends here
  agents_->close();
  if (desk_)
    desk_->close();
  work_.reset();
  if (node_) {
    end_node_actor();
    homes_->clear();
  }
  node_ = nullptr;
  money_->forget();
  host_.reset();
}

result<void> node::implementation::listen() {
  const auto where = connection::parse_address(config_.listen).value();
  const auto port = listener_->listen(where.first, where.second);
  if (!port)
    return port.error();
  mine_ = hello_of(config_);
  const bool is_v6 = where.first.find(':') != std::string::npos;
  address_ = (is_v6 ? "[" + where.first + "]" : where.first) + ":"
             + std::to_string(*port);
  mine_.address = config_.advertise.empty() ? address_ : config_.advertise;
  return {};
}

/// Who stands before the engine's own roles.
engine_options node::implementation::fronts() {
  engine_options options;
  options.budget_front = [money = money_](auto& system, const auto& ledger) {
    return money->make(system, ledger);
  };
  options.journal_front = [this](caf::actor_system& system,
                                 const actors::journal_actor& own) {
    return spawn_journal_front(system, actors::make_wall_clock(system), own,
                               homes_);
  };
  if (shared_)
    options.state_front = [this](caf::actor_system& system,
                                 const actors::state_limits& limits) {
      return shared_->make_state(system, actors::make_wall_clock(system),
                                 limits);
    };
  put_gates(options, agents_);
  return options;
}

result<void> node::implementation::start(runtime_config host) {
  if (auto good = listen(); !good)
    return good;
  if (store::is_url(host.ledger))
    host.ledger.clear(); // its own ledger is of its runs
  const auto journal = host.journal;
  const auto lease = host.journal_lease;
  auto made = runtime_access::create(std::move(host), fronts());
  if (!made)
    return made.error();
  host_ = std::make_unique<runtime>(std::move(*made));
  if (store::is_url(journal))
    work_ = std::make_unique<shared_work>(
        *host_, engine(),
        queue_worker_config{config_.name, journal, lease, capacity(),
                            is_draining_},
        std::min<protocol::duration>(lease / 3, look_pace));
  begin();
  return {};
}

bool node::implementation::is_idle() {
  return load_->local == 0 && load_->remote == 0
         && engine_access::open_runs(engine()) == 0;
}

std::uint32_t node::implementation::capacity() const {
  return config_.capacity != 0
             ? config_.capacity
             : std::max(1U, std::thread::hardware_concurrency());
}

std::shared_ptr<link_parts> node::implementation::make_parts() {
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
  parts->front = [money = money_] {
    return money->front();
  };
  parts->load = load_;
  parts->services = [shared = shared_] {
    return shared ? shared->services() : nullptr;
  };
  parts->is_stand_in = [book = engine().books().stand_ins](const auto& agent,
                                                           const auto& who) {
    return book->find(agent) == who;
  };
  parts->note_home = [homes = homes_](const auto& account, const auto& from) {
    homes->note(account, from);
  };
  parts->dial = [&io = io_.context(), security = security_, limits = limits_](
                    const std::string& address, const hello& mine, auto owner) {
    connection::dial(io, address, mine, security, limits, std::move(owner));
  };
  return parts;
}

void node::implementation::begin() {
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
  config.shared = shared_;
  config.desk = agents_;
  node_ = spawn_node(engine().system(), std::move(config));
  if (shared_)
    shared_->begin(engine().system(), engine_access::clock_of(engine()),
                   [to = node_] { caf::anon_send(to, leading_changed{}); });
  agents_->begin(engine(), node_);
  desk_ =
      std::make_shared<client_desk>(*host_, node_, is_draining_, mine_, agents_,
                                    work_ ? &work_->queue : nullptr);
  begin_listening();
}

void node::implementation::begin_listening() {
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
void node::implementation::end_node_actor() {
  caf::scoped_actor self{engine().system()};
  self->monitor(node_);
  caf::anon_send(node_, end_node{});
  caf::anon_send_exit(node_, caf::exit_reason::user_shutdown);
  self->receive([](const caf::down_msg&) {},
                caf::after(std::chrono::seconds{5}) >> [] {});
}

} // namespace troupe::cluster
