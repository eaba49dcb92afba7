#include "support/actors/supervision_node.hpp"

namespace troupe::test {

using namespace actors;

namespace {

const char* name_of(child_phase phase) {
  switch (phase) {
  case child_phase::idle:
    return "idle";
  case child_phase::starting:
    return "starting";
  case child_phase::running:
    return "running";
  case child_phase::stopping:
    return "stopping";
  case child_phase::restarting:
    break;
  }
  return "restarting";
}

} // namespace

bool supervision_world::crash(const std::string& worker, child_end how) {
  if (workers_.count(worker) == 0)
    return false;
  gone(worker, how);
  return true;
}

void supervision_world::stop(std::chrono::milliseconds limit) {
  if (const auto top = nodes_.find("top"); top != nodes_.end())
    obey("top", top->second->rules.stop(now_, limit == no_stop_limit
                                                  ? supervisor_rules::never
                                                  : now_ + limit));
}

std::uint64_t supervision_world::ask_start(const std::string& supervisor,
                                           const planned_child& child) {
  auto& at = *nodes_.at(supervisor);
  at.plans.emplace(child.rule.id, child);
  obey(supervisor, at.rules.start_child(child.rule, ++requests_, now_));
  return requests_;
}

std::uint64_t supervision_world::ask_terminate(const std::string& supervisor,
                                               const std::string& id) {
  obey(supervisor,
       nodes_.at(supervisor)->rules.terminate_child(id, ++requests_, now_));
  return requests_;
}

const answer_order* supervision_world::answer_to(std::uint64_t request) {
  const auto found = answers_.find(request);
  return found == answers_.end() ? nullptr : &found->second;
}

child_answer supervision_world::answered(std::uint64_t request) {
  run();
  while (answers_.count(request) == 0)
    if (const auto next = next_alarm())
      advance(std::chrono::ceil<std::chrono::milliseconds>(*next - now_));
    else
      break;
  if (const auto* const found = answer_to(request))
    return found->what;
  wrong_.emplace_back("a request has no answer");
  return child_answer::ending;
}

child_answer supervision_world::start(const std::string& supervisor,
                                      const planned_child& child) {
  return answered(ask_start(supervisor, child));
}

child_answer supervision_world::terminate(const std::string& supervisor,
                                          const std::string& id) {
  return answered(ask_terminate(supervisor, id));
}

child_answer supervision_world::restart(const std::string& supervisor,
                                        const std::string& id) {
  obey(supervisor,
       nodes_.at(supervisor)->rules.restart_child(id, ++requests_, now_));
  return answered(requests_);
}

child_answer supervision_world::remove(const std::string& supervisor,
                                       const std::string& id) {
  obey(supervisor,
       nodes_.at(supervisor)->rules.delete_child(id, ++requests_, now_));
  return answered(requests_);
}

bool supervision_world::lives(const std::string& child) const {
  return workers_.count(child) != 0;
}

supervision_world::lines supervision_world::living() const {
  lines result;
  for (const auto& [id, it] : workers_)
    result.push_back(id);
  return result;
}

bool supervision_world::has(const std::string& supervisor) const {
  return nodes_.count(supervisor) != 0;
}

bool supervision_world::is_dynamic(const std::string& supervisor) const {
  return nodes_.at(supervisor)->is_dynamic;
}

supervision_world::lines
supervision_world::children(const std::string& supervisor) const {
  lines result;
  for (const auto& [number, it] : nodes_.at(supervisor)->rules.children().all())
    result.push_back(it.rule.id + " " + name_of(it.phase));
  return result;
}

child_counts supervision_world::count(const std::string& supervisor) const {
  return nodes_.at(supervisor)->rules.children().count();
}

int supervision_world::starts(const std::string& child) const {
  const auto found = starts_.find(child);
  return found == starts_.end() ? 0 : found->second;
}

} // namespace troupe::test
