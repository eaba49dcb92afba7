#include "support/actors/play_on_actors.hpp"

#include "support/virtual_time.hpp"

#include <troupe/actors/supervisor.hpp>

#include <caf/all.hpp>

#include <algorithm>
#include <map>
#include <memory>

namespace troupe::test {

using namespace actors;

namespace {

/// What children and those who watch them write.
struct script {
  std::vector<std::string> lines;
  std::map<std::string, caf::actor> workers;
  std::map<std::string, caf::actor> supervisors;
  std::map<std::string, int> starts;
};
using book = std::shared_ptr<script>;

caf::actor spawn_worker(caf::actor_system& system, const planned_child& plan,
                        const book& to) {
  const auto id = plan.rule.id;
  to->lines.push_back("+" + id);
  auto child = system.spawn(
      [=, hangs = plan.hangs](caf::event_based_actor* self) -> caf::behavior {
        self->set_exit_handler([=](const caf::exit_msg& msg) {
          if (hangs)
            return;
          to->lines.push_back("-" + id);
          to->workers.erase(id);
          self->quit(msg.reason);
        });
        self->attach_functor([=, me = self->address()] {
          const auto found = to->workers.find(id);
          if (found == to->workers.end() || found->second.address() != me)
            return; // it was expected
          to->workers.erase(found);
          to->lines.push_back("x" + id);
        });
        return {[=](int how) {
          switch (child_end{how}) {
          case child_end::normal:
            return self->quit();
          case child_end::shutdown:
            return self->quit(caf::exit_reason::user_shutdown);
          case child_end::abnormal:
          case child_end::killed:
            return self->quit(caf::sec::runtime_error);
          }
        }};
      });
  to->workers.insert_or_assign(id, child);
  return child;
}

supervisor_config config_of(const std::string& name,
                            const planned_supervisor& plan, const book& to);

child_spec spec_of(const planned_child& plan, const book& to) {
  child_spec it;
  it.id = plan.rule.id;
  it.restart = plan.rule.restart;
  it.shutdown = plan.rule.shutdown;
  it.kind = plan.rule.kind;
  it.is_significant = plan.rule.is_significant;
  it.start = [plan, to](caf::actor_system& system) -> child_birth {
    const auto attempt = ++to->starts[plan.rule.id];
    if (plan.nested) {
      const auto nested = caf::actor_cast<caf::actor>(
          spawn_supervisor(system, config_of(plan.rule.id, *plan.nested, to)));
      nested->attach_functor([to, id = plan.rule.id, me = nested.address()] {
        const auto found = to->supervisors.find(id);
        if (found != to->supervisors.end() && found->second.address() == me)
          to->supervisors.erase(found);
      });
      to->supervisors.insert_or_assign(plan.rule.id, nested);
      return std::optional{nested};
    }
    if (plan.failing.count(attempt) != 0) {
      to->lines.push_back("!" + plan.rule.id);
      return protocol::fail(protocol::errc::agent_failed, "no");
    }
    if (plan.ignoring.count(attempt) != 0) {
      to->lines.push_back("~" + plan.rule.id);
      return std::optional<caf::actor>{};
    }
    return std::optional{spawn_worker(system, plan, to)};
  };
  return it;
}

supervisor_config config_of(const std::string& name,
                            const planned_supervisor& plan, const book& to) {
  supervisor_config config;
  config.name = name;
  config.strategy = plan.how.strategy;
  config.intensity = plan.how.intensity;
  config.period = plan.how.period;
  config.ends = plan.how.ends;
  for (const auto& it : plan.children)
    config.children.push_back(spec_of(it, to));
  return config;
}

class stage {
public:
  explicit stage(const planned_supervisor& plan) {
    const auto top = world_.keep(
        spawn_supervisor(world_.system(), config_of("top", plan, to_)));
    to_->supervisors.emplace("top", caf::actor_cast<caf::actor>(top));
    top->attach_functor([to = to_] { to->supervisors.erase("top"); });
    settle();
  }
  ~stage() {
    to_->workers.clear();
    to_->supervisors.clear();
  }
  stage(const stage&) = delete;
  stage& operator=(const stage&) = delete;

  [[nodiscard]] bool is_over() const {
    return to_->supervisors.count("top") == 0;
  }

  void play(const play_step& it) {
    if (it.what == play_step::kind::crash)
      return crash(it);
    const auto found = to_->supervisors.find(it.supervisor);
    if (found == to_->supervisors.end())
      return to_->lines.emplace_back("= gone"), void();
    const auto supervisor = found->second;
    switch (it.what) {
    case play_step::kind::start:
      return ask<child_started>(supervisor,
                                start_child{spec_of(it.child, to_), false});
    case play_step::kind::terminate:
      return ask<child_terminated>(supervisor, terminate_child{it.id});
    case play_step::kind::restart:
      return ask<child_started>(supervisor, restart_child{it.id});
    default:
      return ask<child_deleted>(supervisor, delete_child{it.id});
    }
  }

  void stop() {
    if (const auto top = to_->supervisors.find("top");
        top != to_->supervisors.end())
      world_.end(caf::actor{top->second});
    settle();
  }

  std::vector<std::string>& lines() { return to_->lines; }

  void tell_tree(const std::string& name) {
    const auto found = to_->supervisors.find(name);
    if (found == to_->supervisors.end())
      return;
    auto listed =
        world_.answer<children_listed>(found->second, list_children{});
    if (!listed)
      return to_->lines.push_back(name + " does not answer");
    auto& children = listed->children;
    if (!children.empty() && children.front().id.front() == 'd')
      std::sort(children.begin(), children.end(),
                [](const auto& a, const auto& b) { return a.id < b.id; });
    auto line = name + ": ";
    for (const auto& it : children)
      line += (line.back() == ' ' ? "" : ", ") + it.id
              + (it.is_alive ? " running" : " idle");
    to_->lines.push_back(line);
    for (const auto& it : children)
      if (it.id.front() == 's' && it.is_alive)
        tell_tree(it.id);
  }

private:
  void crash(const play_step& it) {
    const auto found = to_->workers.find(it.id);
    if (found == to_->workers.end())
      return;
    const auto worker = found->second;
    to_->workers.erase(found);
    if (it.how == child_end::killed)
      world_.end(worker, caf::exit_reason::kill);
    else
      world_.tell(worker, static_cast<int>(it.how));
    settle();
  }

  template <class Answer, class Message>
  void ask(const caf::actor& supervisor, Message message) {
    const auto asked = world_.ask<Answer>(supervisor, std::move(message));
    world_.run();
    while (!asked->outcome)
      world_.advance(std::chrono::milliseconds{1});
    to_->lines.emplace_back(*asked->outcome ? "= ok" : "= refused");
    settle();
  }

  /// Children that hang are killed after some milliseconds, one by one.
  void settle() {
    for (int i = 0; i < 40; ++i)
      world_.advance(std::chrono::milliseconds{5});
  }

  virtual_time world_;
  book to_ = std::make_shared<script>();
};

} // namespace

std::vector<std::string> lines_on_actors(const otp_play& play) {
  stage on{play.tree};
  if (on.is_over()) {
    on.lines().emplace_back("= start_failed");
    return on.lines();
  }
  on.tell_tree("top");
  for (const auto& it : play.steps) {
    if (on.is_over())
      break;
    on.play(it);
    on.tell_tree("top");
  }
  on.stop();
  return on.lines();
}

} // namespace troupe::test
