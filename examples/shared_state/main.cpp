// Two agents share state while a mission runs; the program follows what they
// write, and raises a counter with compare-and-set.
#include <troupe/runtime/runtime.hpp>

#include <iostream>

using namespace std::chrono_literals;

namespace {

/// Raises the number under a key by one, whoever else does so too.
troupe::protocol::result<std::uint64_t> raise(troupe::shared_state& state,
                                              const std::string& key) {
  while (true) {
    const auto seen = state.read(key);
    if (!seen)
      return seen.error();
    const auto now = seen->entry ? std::stoull(seen->entry->value) : 0;
    const auto version = seen->entry ? seen->entry->version : 0;
    const auto written = state.put(key, std::to_string(now + 1), version);
    if (written)
      return now + 1;
    if (written.error().code != troupe::protocol::errc::version_conflict)
      return written.error();
  }
}

} // namespace

int main() {
  auto troupe = troupe::runtime::create().value();
  auto stream = troupe.state().follow({"progress/", true}).value();

  for (const auto* name : {"ann", "bob"})
    if (!troupe.add_agent(
            {.name = name},
            [state = troupe.state()](const auto& it) mutable
            -> troupe::protocol::result<std::string> {
              const auto count = raise(state, "progress/tasks");
              if (!count)
                return count.error();
              return it.task.task + " was number " + std::to_string(*count);
            },
            troupe::execution::blocking))
      return 1;

  troupe::protocol::mission mission{.name = "shared"};
  mission.tasks.push_back({.id = "draw", .agent = "ann", .prompt = "Draw."});
  mission.tasks.push_back({.id = "paint", .agent = "bob", .prompt = "Paint."});
  if (!troupe.run(mission))
    return 1;

  while (true) {
    const auto event = stream.next(5s);
    if (!event || !*event)
      return 1;
    const auto tasks = stream.find("progress/tasks");
    if (!tasks)
      continue;
    std::cout << "tasks: " << tasks->value << " (version " << tasks->version
              << ", revision " << stream.revision() << ")\n";
    if (tasks->value == "2")
      return 0;
  }
}
