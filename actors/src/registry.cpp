#include "troupe/actors/registry.hpp"

#include "broadcast_queue.hpp"
#include "troupe/actors/actor_base.hpp"
#include "troupe/actors/registry_rules.hpp"
#include "troupe/actors/status.hpp"

#include <caf/all.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <unordered_map>
#include <utility>

namespace troupe::actors {

namespace {

/// Asks the registry to go on with its index.
struct index_tick {};

} // namespace

} // namespace troupe::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::index_tick)

namespace troupe::actors {

namespace {

using namespace protocol;

constexpr std::size_t cards_a_step = 64; // some 4 ms
constexpr std::size_t waiting_max = 1'000;
constexpr std::uint32_t looked_at_max = 64; // for one that is well

using registry_impl =
    registry_actor::extend<caf::reacts_to<coordination<undelivered>>,
                           caf::reacts_to<broadcast_tick>,
                           caf::reacts_to<index_tick>>;

class registry : public actor_base<registry_impl>, public tells_status {
public:
  registry(caf::actor_config& cfg, const registry_config& config)
      : actor_base(cfg, config.clock), clock_(config.clock), ids_(config.seed),
        rules_(config.agents_max),
        lives_(config.lives ? config.lives
                            : std::make_shared<incarnation_book>()),
        health_(config.health), stand_ins_(config.stand_ins) {
    set_down_handler(
        [this](const caf::down_msg& down) { forget(down.source); });
  }

  const char* name() const override { return "registry"; }

  behavior_type make_behavior() override {
    return {
        [this](const protocol::request<register_agent>& msg,
               const agent_actor& who) { return add(msg, who); },
        [this](const protocol::request<discover_agents>& msg) {
          return discover(msg);
        },
        [this](const locate_agents& msg) { return locate(msg); },
        [this](const protocol::request<broadcast>& msg) {
          return tell_all(msg);
        },
        [this](const coordination<undelivered>& msg) {
          broadcasts_.refuse(msg.head.correlation);
        },
        [this](const broadcast_tick&) { broadcasts_.go_on(this, next_id()); },
        [this](const index_tick&) { go_on_indexing(); },
    };
  }

  void tell_status(part_status& to) const override {
    add_figure(to, "agents", rules_.size());
  }

  void on_exit() override {
    broadcasts_.clear();
    const auto ended = fail(errc::unreachable, "the registry has ended");
    for (auto& answer : std::exchange(waiting_, {}))
      answer(&ended);
    handles_.clear();
    names_.clear();
  }

private:
  protocol::id next_id() { return ids_.next(clock_.at(clock().now())); }

  caf::result<protocol::response<agent_registered>>
  add(const protocol::request<register_agent>& msg, const agent_actor& who) {
    if (msg.body.incarnation != 0)
      if (const auto latest =
              lives_->begin(msg.body.card.name, msg.body.incarnation);
          !latest)
        return to_caf(latest.error());
    const auto& agent_name = msg.body.card.name;
    if (is_only_stand_in(agent_name, who))
      return protocol::response<agent_registered>{
          answer_to(msg.head, next_id()), {}};
    auto incarnation = rules_.add(msg.body.card);
    if (!incarnation)
      return to_caf(incarnation.error());
    handles_.insert_or_assign(agent_name, who);
    if (names_.count(who.address()) == 0)
      monitor(who);
    names_[who.address()].insert_or_assign(agent_name, *incarnation);
    return protocol::response<agent_registered>{answer_to(msg.head, next_id()),
                                                {*incarnation}};
  }

  /// Of an agent that this node has of its own: that stays.
  [[nodiscard]] bool is_only_stand_in(const std::string& agent,
                                      const agent_actor& who) const {
    const auto own = handles_.find(agent);
    return own != handles_.end() && own->second != who && stand_ins_
           && stand_ins_->find(agent) == who;
  }

  caf::result<protocol::response<agents_found>>
  discover(const protocol::request<discover_agents>& msg) {
    if (rules_.is_ready_for(msg.body))
      return to_caf(found(msg));
    return when_indexed<protocol::response<agents_found>>(
        [this, msg] { return found(msg); });
  }

  protocol::result<protocol::response<agents_found>>
  found(const protocol::request<discover_agents>& msg) {
    auto matches = rules_.find(msg.body);
    if (!matches)
      return matches.error();
    put_well_first(*matches);
    protocol::response<agents_found> answer{answer_to(msg.head, next_id()), {}};
    for (const auto& it : *matches) {
      answer.body.agents.push_back(*it.card);
      if (!msg.body.text.empty())
        answer.body.scores.push_back(it.permille);
    }
    return answer;
  }

  caf::result<agents_located> locate(const locate_agents& msg) {
    if (std::all_of(msg.queries.begin(), msg.queries.end(),
                    [this](const auto& it) { return rules_.is_ready_for(it); }))
      return to_caf(located(msg));
    return when_indexed<agents_located>([this, msg] { return located(msg); });
  }

  protocol::result<agents_located> located(const locate_agents& msg) {
    agents_located answer;
    for (auto query : msg.queries) {
      query.count_max = is_anybody_unwell() ? looked_at_max : 1;
      auto matches = rules_.find(query);
      if (!matches)
        return matches.error();
      put_well_first(*matches);
      const auto& best = *matches->front().card;
      answer.cards.push_back(best);
      answer.handles.push_back(handle_of(best.name, msg.is_here_only));
      if (msg.others_max > 0)
        answer.others.push_back(others_of(query, best.name, msg.others_max));
    }
    return answer;
  }

  [[nodiscard]] agent_actor handle_of(const std::string& agent,
                                      bool is_here_only = false) const {
    auto other =
        stand_ins_ && !is_here_only ? stand_ins_->find(agent) : agent_actor{};
    return other ? other : handles_.at(agent);
  }

  [[nodiscard]] bool is_anybody_unwell() const {
    return health_ && health_->is_used();
  }

  void put_well_first(std::vector<registry_rules::match>& all) const {
    if (is_anybody_unwell() && all.size() > 1)
      std::stable_sort(all.begin(), all.end(),
                       [this](const auto& a, const auto& b) {
                         return health_->rank_of(a.card->name)
                                < health_->rank_of(b.card->name);
                       });
  }

  std::vector<located_agent>
  others_of(discover_agents query, const std::string& best, std::size_t count) {
    std::vector<located_agent> others;
    if (query.skill.empty())
      return others;
    query.name.clear();
    query.count_max = static_cast<std::uint32_t>(count + 1);
    if (auto matches = rules_.find(query))
      for (const auto& it : *matches)
        if (it.card->name != best && others.size() < count)
          others.push_back({it.card->name, handle_of(it.card->name)});
    return others;
  }

  /// Answers with `work` once questions by text can be answered; others are
  /// answered meanwhile.
  template <class Answer, class Work>
  caf::result<Answer> when_indexed(Work work) {
    if (waiting_.size() >= waiting_max)
      return to_caf(
          fail(errc::overloaded, "the index of agents is being built"));
    if (waiting_.empty())
      send(this, index_tick{});
    auto promise = make_response_promise<Answer>();
    waiting_.push_back(
        [promise, work = std::move(work)](const error* ended) mutable {
          auto answer =
              ended == nullptr ? work() : protocol::result<Answer>{*ended};
          if (answer)
            promise.deliver(std::move(*answer));
          else
            promise.deliver(to_caf(answer.error()));
        });
    return promise;
  }

  void go_on_indexing() {
    if (!rules_.index_some(cards_a_step)) {
      send(this, index_tick{});
      return;
    }
    for (auto& answer : std::exchange(waiting_, {}))
      answer(nullptr);
  }

  caf::result<protocol::response<broadcast_sent>>
  tell_all(const protocol::request<broadcast>& msg) {
    if (auto good = broadcasts_.check(msg.body); !good)
      return to_caf(good.error());
    std::vector<caf::strong_actor_ptr> receivers;
    for (const auto& it : rules_.names_of(msg.body.skill, msg.body.tag)) {
      const auto& who = handles_.at(it);
      if (!stand_ins_ || stand_ins_->find(it) != who) // its own node tells it
        receivers.push_back(caf::actor_cast<caf::strong_actor_ptr>(who));
    }
    auto promise = make_response_promise<protocol::response<broadcast_sent>>();
    broadcasts_.add(this, msg, next_id(), std::move(receivers), promise);
    return promise;
  }

  void forget(const caf::actor_addr& who) {
    const auto found = names_.find(who);
    if (found == names_.end())
      return;
    for (const auto& [name, incarnation] : found->second) {
      // It is started again for its health: tasks for it wait meanwhile.
      if (health_ && !health_->may_be_given(name))
        continue;
      const auto handle = handles_.find(name);
      if (handle != handles_.end() && handle->second.address() == who)
        handles_.erase(handle);
      rules_.remove(name, incarnation);
    }
    names_.erase(found);
  }

  wall_clock clock_;
  id_source ids_;
  registry_rules rules_;
  std::shared_ptr<incarnation_book> lives_;
  std::shared_ptr<const health_book> health_;
  std::shared_ptr<const stand_in_book> stand_ins_;
  broadcast_queue broadcasts_;
  /// Who waits for the index; told an error if it will not come.
  std::vector<std::function<void(const error*)>> waiting_;
  std::unordered_map<std::string, agent_actor> handles_;
  /// Of each agent: the incarnation of each of its names.
  std::unordered_map<caf::actor_addr, std::map<std::string, std::uint64_t>>
      names_;
};

} // namespace

registry_actor spawn_registry(caf::actor_system& system,
                              registry_config config) {
  return system.spawn<registry>(config);
}

} // namespace troupe::actors
