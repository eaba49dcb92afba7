#include "agent_thread.hpp"

#include "clip.hpp"
#include "poison_watch.hpp"
#include "progress_pace.hpp"
#include "thread_effects.hpp"
#include "troupe/actors/driving.hpp"

#include <caf/all.hpp>

#include <algorithm>

namespace troupe::actors {

using namespace protocol;

namespace {

/// The agent keeps the deadline; its thread waits no longer than this.
constexpr std::chrono::minutes longest_wait{61};

/// The link of the code that runs on the thread, for one task.
class thread_link final : public task_link {
public:
  thread_link(agent_thread_actor::base& self, const blocking_agent_actor& front,
              const thread_ground& on, const work_item& item)
      : self_(self), front_(front), item_(item),
        effects_(self.home_system(), on, item) {}

  result<task_result> ask(const question& what) override {
    auto answer = std::make_shared<colleague_answer>();
    self_.send(front_, work_question{item_.key, what, answer});
    auto& system = self_.home_system();
    if (!is_driven(system))
      return answer->wait(item_.stop, longest_wait);
    (void)drive(system, longest_wait, [&] {
      return answer->is_there() || item_.stop.stop_requested();
    });
    return answer->wait(item_.stop, {});
  }

  void progress(std::uint32_t permille, std::string_view note) override {
    if (!item_.message.body.wants_progress
        || !pace_.lets_through(permille, self_.clock().now()))
      return;
    self_.send(front_, work_progress{
                           item_.key, std::min<std::uint32_t>(permille, 1'000),
                           std::string(clip(note, progress_note_bytes_max))});
  }

  result<std::string> effect(const effect_wish& what,
                             const effect_code& code) override {
    return effects_.effect(what, code);
  }

  result<std::string> use_tool(const std::string& name,
                               const std::string& arguments) override {
    return effects_.use_tool(name, arguments);
  }

  void give_up_code() override { is_code_lost_ = true; }

  [[nodiscard]] bool is_code_lost() const noexcept { return is_code_lost_; }

private:
  agent_thread_actor::base& self_;
  const blocking_agent_actor& front_;
  const work_item& item_;
  thread_effects effects_;
  progress_pace pace_;
  bool is_code_lost_ = false;
};

class agent_thread : public agent_thread_actor::base {
public:
  agent_thread(caf::actor_config& cfg, task_code code, thread_ground on,
               blocking_agent_actor front)
      : agent_thread_actor::base(cfg), code_(std::move(code)),
        on_(std::move(on)), front_(std::move(front)) {
    set_default_handler(caf::drop);
  }

  const char* name() const override { return "agent-thread"; }

  behavior_type make_behavior() override {
    return {[this](const work_item& item) {
      bool is_code_lost = false;
      auto outcome = begin(item, is_code_lost);
      send(front_, work_done{item.key, std::move(outcome), is_code_lost});
    }};
  }

  void on_exit() override {
    front_ = nullptr;
    on_.journal = nullptr;
  }

private:
  /// Work that nobody wants any more when its turn comes is not started.
  result<task_result> begin(const work_item& item, bool& is_code_lost) {
    if (item.stop.stop_requested())
      return fail(errc::cancelled, "");
    if (has_passed(item.message.head.deadline, on_.clock.at(clock().now())))
      return fail(errc::deadline_exceeded,
                  "it had passed before the work was started");
    if (item.message.body.wants_progress)
      send(front_, work_started{item.key});
    thread_link link{*this, front_, on_, item};
    const task_work work{item.message, item.stop, link, on_.incarnation};
    auto outcome = call_watched(code_, work, on_.quarantine.get(), on_.agent,
                                on_.clock, clock().now());
    is_code_lost = link.is_code_lost();
    if (is_code_lost && on_.quarantine)
      return note_lost_code(std::move(outcome), work, *on_.quarantine,
                            on_.agent, on_.clock.at(clock().now()));
    return outcome;
  }

  task_code code_;
  thread_ground on_;
  blocking_agent_actor front_;
};

} // namespace

agent_thread_actor spawn_agent_thread(caf::actor_system& system, task_code code,
                                      thread_ground on,
                                      blocking_agent_actor front) {
  return spawn_apart_as<agent_thread>(system, std::move(code), std::move(on),
                                      std::move(front));
}

} // namespace troupe::actors
