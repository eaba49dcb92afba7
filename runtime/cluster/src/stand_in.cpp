#include "stand_in.hpp"

#include "deadline_table.hpp"
#include "requests.hpp"

#include <troupe/actors/actor_base.hpp>

#include <set>
#include <unordered_map>

namespace troupe::cluster {

using namespace protocol;

namespace {

using perform = protocol::request<perform_task>;
using performed = protocol::response<task_result>;

/// The agent knows its deadline; this is for one that has forgotten it.
constexpr std::chrono::seconds deadline_grace{1};

using stand_in_base =
    stand_in_actor::extend<caf::reacts_to<actors::deadline_tick>,
                           caf::reacts_to<coordination<task_accepted>>,
                           caf::reacts_to<coordination<task_refused>>,
                           caf::reacts_to<coordination<task_started>>,
                           caf::reacts_to<coordination<task_progress>>,
                           caf::reacts_to<coordination<task_finished>>,
                           caf::reacts_to<notification<model_delta>>>;

class stand_in final : public actors::actor_base<stand_in_base> {
public:
  stand_in(caf::actor_config& cfg, stand_in_config config)
      : actor_base(cfg, config.parts->clock), config_(std::move(config)) {}

  const char* name() const override { return "stand-in"; }

  behavior_type make_behavior() override {
    return {
        [this](const perform& msg) { return take(msg); },
        [this](const coordination<cancel>& msg) { end(msg); },
        [](const notification<announcement>&) {}, // its node's registry does
        [this](const set_places& it) {
          is_here_ = it.is_here;
          others_ = it.others;
        },
        [this](const end_stand_in&) {
          is_ending_ = true;
          end_if_idle();
        },
        [this](const actors::deadline_tick& it) { table_.on_tick(this, it); },
        [this](const coordination<task_accepted>& it) { pass_back(it); },
        [this](const coordination<task_refused>& it) { pass_back(it); },
        [this](const coordination<task_started>& it) { pass_back(it); },
        [this](const coordination<task_progress>& it) { pass_back(it); },
        [this](const coordination<task_finished>& it) { pass_back(it); },
        [this](const notification<model_delta>& it) { pass_back(it); },
    };
  }

  void on_exit() override {
    for (auto& [id, it] : std::exchange(open_, {})) {
      if (it.is_here)
        --config_.parts->load->local;
      it.promise.deliver(actors::to_caf(
          fail(errc::unreachable,
               "the stand-in of agent '" + config_.agent + "' has ended")));
    }
    others_ = nullptr;
    table_.close();
  }

private:
  struct passed_on {
    caf::typed_response_promise<performed> promise;
    caf::strong_actor_ptr asker;
    std::shared_ptr<const perform> what;
    std::set<std::string> tried; // bounded by the nodes
    actors::agent_actor here;    ///< This node's own; null: not chosen.
    link_actor there;
    bool is_here = false;
    bool is_cancelled = false;
  };

  caf::result<performed> take(const perform& msg) {
    if (open_.size() >= config_.open_max)
      return actors::to_caf(fail(errc::overloaded, "too many tasks of agent '"
                                                       + config_.agent
                                                       + "' are under way"));
    passed_on it;
    it.promise = make_response_promise<performed>();
    it.asker = current_sender();
    it.what = std::make_shared<const perform>(msg);
    const auto promise = it.promise;
    const auto id = msg.head.message;
    if (!open_.try_emplace(id, std::move(it)).second)
      return actors::to_caf(
          fail(errc::unknown_agent, "a task of that id is under way"));
    pass_on(id, fail(errc::unreachable,
                     "no node has agent '" + config_.agent + "' at present"));
    return promise;
  }

  [[nodiscard]] std::vector<place_load> loads(const passed_on& it) const {
    const auto& load = *config_.parts->load;
    const auto& key = it.what->body.account;
    std::vector<place_load> all;
    all.push_back({true, is_here_ && it.tried.count(config_.node) == 0,
                   load.capacity, load.local.load() + load.remote.load(),
                   affinity_of(key, config_.node)});
    if (others_)
      for (const auto& other : *others_) {
        const auto& status = *other.status;
        all.push_back({false,
                       status.state == peer_state::up && !status.is_draining
                           && it.tried.count(other.node) == 0,
                       status.capacity,
                       status.open.load() + status.busy_with_others.load(),
                       affinity_of(key, other.node)});
      }
    return all;
  }

  /// `why`: what to answer when nobody is left.
  void pass_on(const protocol::id& id, const error& why) {
    const auto found = open_.find(id);
    if (found == open_.end())
      return;
    auto& it = found->second;
    const auto chosen = choose_place(loads(it), config_.how);
    if (it.is_cancelled || !chosen)
      return finish(id, result<performed>{
                            it.is_cancelled
                                ? fail(errc::cancelled, "cancelled on its way")
                                : why});
    it.here = nullptr;
    it.there = nullptr;
    if (*chosen == 0)
      return pass_on_here(id, it);
    const auto& to = (*others_)[*chosen - 1];
    it.tried.insert(to.node);
    it.there = to.link;
    actors::request_until<performed>(
        this, table_, due_of(*it.what), to.link,
        [this, id](result<performed> answer) { answered(id, answer); },
        perform_there{config_.agent, *it.what});
  }

  void pass_on_here(const protocol::id& id, passed_on& it) {
    it.tried.insert(config_.node);
    it.is_here = true;
    ++config_.parts->load->local;
    actors::request_until<actors::agents_located>(
        this, table_, clock().now() + actors::registry_patience,
        config_.parts->registry(),
        [this, id](result<actors::agents_located> where) {
          const auto at = open_.find(id);
          if (at == open_.end())
            return;
          if (!where
              || caf::actor_cast<caf::actor_addr>(where->handles.front())
                     == address())
            return answered(id, fail(errc::unknown_agent, "it has gone"));
          if (at->second.is_cancelled)
            return answered(id, fail(errc::cancelled, "cancelled on its way"));
          at->second.here = where->handles.front();
          actors::request_until<performed>(
              this, table_, due_of(*at->second.what), at->second.here,
              [this, id](result<performed> answer) { answered(id, answer); },
              *at->second.what);
        },
        actors::locate_here(config_.agent));
  }

  [[nodiscard]] actors::deadline_table::time_point
  due_of(const perform& what) const {
    return what.head.deadline == instant{}
               ? actors::deadline_table::never
               : config_.parts->clock.steady_at(what.head.deadline)
                     + deadline_grace;
  }

  /// Who has surely not begun leaves it to the next.
  void answered(const protocol::id& id, const result<performed>& answer) {
    const auto found = open_.find(id);
    if (found == open_.end())
      return;
    leave_place(found->second);
    if (!answer
        && (answer.error().code == errc::unknown_agent
            || answer.error().code == errc::overloaded))
      return pass_on(id, answer.error());
    finish(id, answer);
  }

  void leave_place(passed_on& it) {
    if (std::exchange(it.is_here, false))
      --config_.parts->load->local;
  }

  void finish(const protocol::id& id, const result<performed>& answer) {
    auto it = std::move(open_.at(id));
    open_.erase(id);
    leave_place(it);
    if (answer)
      it.promise.deliver(*answer);
    else
      it.promise.deliver(actors::to_caf(answer.error()));
    end_if_idle();
  }

  void end_if_idle() {
    if (is_ending_ && open_.empty())
      quit(caf::exit_reason::user_shutdown);
  }

  void end(const coordination<cancel>& msg) {
    for (auto& [id, it] : open_) {
      if (it.what->head.cancel_scope != msg.body.scope)
        continue;
      it.is_cancelled = true;
      if (it.there)
        send(it.there, msg);
      else if (it.here)
        send(it.here, msg);
    }
  }

  template <class Message>
  void pass_back(const Message& what) {
    const auto found = open_.find(what.head.correlation);
    if (found != open_.end() && found->second.asker)
      caf::anon_send(caf::actor_cast<caf::actor>(found->second.asker), what);
  }

  stand_in_config config_;
  actors::deadline_table table_;
  bool is_here_ = false;
  bool is_ending_ = false;
  std::shared_ptr<const std::vector<place>> others_;
  std::unordered_map<protocol::id, passed_on> open_; // bounded by open_max
};

} // namespace

stand_in_actor spawn_stand_in(caf::actor_system& system,
                              stand_in_config config) {
  return caf::actor_cast<stand_in_actor>(
      system.spawn<stand_in>(std::move(config)));
}

} // namespace troupe::cluster
