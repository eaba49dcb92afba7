// Asks the parts of a runtime how they are.
#include "engine/health_parts.hpp"

#include <troupe/actors/ask_waiting.hpp>
#include <troupe/actors/status.hpp>

#include <caf/all.hpp>

#include <functional>
#include <utility>
#include <vector>

namespace troupe {

using protocol::part_status;

namespace {

/// Who does not answer within this is not live.
constexpr std::chrono::seconds answer_max{2};
/// Tools, agents and runs that are asked; the first of each.
constexpr std::size_t asked_max = 1'000;

struct asked_part {
  std::string way;
  actors::child_phase phase = actors::child_phase::running;
  caf::actor handle;
  bool is_own = true; ///< Without it troupe is not ready.
};

/// What the children of these do may keep them from answering.
bool holds_guests(const std::string& supervisor) {
  return supervisor == "runs" || supervisor == "tools"
         || supervisor == "agents";
}

std::string not_running(actors::child_phase phase) {
  switch (phase) {
  case actors::child_phase::running:
    break;
  case actors::child_phase::starting:
    return "it is being started";
  case actors::child_phase::stopping:
    return "it is being stopped";
  case actors::child_phase::restarting:
    return "it waits to be started again";
  case actors::child_phase::idle:
    return "it is stopped";
  }
  return {};
}

/// Sends all requests, then waits once for all of them.
class round_of_questions {
public:
  explicit round_of_questions(caf::actor_system& system)
      : system_(system), self_(system) {}

  template <class Answer, class Question, class Take>
  void ask(const caf::actor& who, Question question, Take take) {
    if (actors::is_driven(system_)) { // one after the other, in virtual time
      if (auto answer = actors::ask_waiting<Answer>(system_, who, answer_max,
                                                    "it is gone", question))
        take(std::move(*answer));
      return;
    }
    auto asked =
        self_->request<caf::message_priority::high>(who, answer_max, question);
    waits_.push_back([asked, take = std::move(take)]() mutable {
      asked.receive([&](Answer& answer) { take(std::move(answer)); },
                    [](const caf::error&) {});
    });
  }

  void wait() {
    for (auto& it : std::exchange(waits_, {}))
      it();
  }

private:
  caf::actor_system& system_;
  caf::scoped_actor self_;
  std::vector<std::function<void()>> waits_;
};

std::vector<asked_part> parts_below(caf::actor_system& system,
                                    const caf::actor& supervisor,
                                    const std::string& way, bool is_own) {
  std::vector<asked_part> found;
  round_of_questions round{system};
  round.ask<actors::supervisor_described>(
      supervisor, actors::describe_supervisor{},
      [&](const actors::supervisor_described& told) {
        for (const auto& it : told.children)
          if (is_own || found.size() < asked_max)
            found.push_back({way + it.id, it.phase, it.handle, is_own});
      });
  round.wait();
  return found;
}

void judge(const asked_part& it, part_status& status) {
  status.part = it.way;
  if (status.is_live && it.phase == actors::child_phase::running)
    return;
  status.is_ready = false;
  if (const auto why = not_running(it.phase); !why.empty())
    status.why = why;
  else
    status.why = it.is_own ? "it does not answer"
                           : "it does not answer: it "
                             "works, or hangs";
}

} // namespace

protocol::health_report health_of(caf::actor_system& system,
                                  const actors::supervisor_actor& root,
                                  const actors::journal_actor& journal) {
  const auto top = caf::actor_cast<caf::actor>(root);
  std::vector<asked_part> parts{
      {"troupe", actors::child_phase::running, top, true}};
  for (auto& it : parts_below(system, top, {}, true)) {
    parts.push_back(it);
    if (holds_guests(it.way) && it.handle)
      for (auto& guest : parts_below(system, it.handle, it.way + "/", false))
        parts.push_back(std::move(guest));
  }
  if (journal)
    parts.push_back({"journal", actors::child_phase::running,
                     caf::actor_cast<caf::actor>(journal), true});
  protocol::health_report report;
  report.parts.resize(parts.size());
  round_of_questions round{system};
  auto answers = report.parts.begin();
  for (const auto& it : parts) {
    auto& to = *answers++;
    if (it.handle)
      round.ask<actors::status_told>(
          it.handle, actors::get_status{},
          [&to](actors::status_told told) { to = std::move(told.status); });
  }
  round.wait();
  report.is_live = true;
  report.is_ready = true;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    judge(parts[i], report.parts[i]);
    if (!parts[i].is_own)
      continue;
    report.is_live = report.is_live && report.parts[i].is_live;
    report.is_ready = report.is_ready && report.parts[i].is_ready;
  }
  return report;
}

} // namespace troupe
