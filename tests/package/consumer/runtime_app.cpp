#include <troupe/runtime/runtime.hpp>

#include <algorithm>

namespace {

troupe::protocol::mission one_task() {
  troupe::protocol::mission mission{.name = "count"};
  mission.inputs = {{"text", "Tides follow the moon."}};
  mission.tasks.push_back({.id = "count",
                           .agent = "counter",
                           .inputs = {"text"},
                           .prompt = "Count the words."});
  return mission;
}

std::string count_words(const troupe::task_view& task) {
  const auto text = task.input("text");
  const auto spaces = std::count(text.begin(), text.end(), ' ');
  return std::to_string(spaces + 1) + " words";
}

} // namespace

// Who links troupe::runtime runs missions with agents of their own.
int main() {
  auto troupe = troupe::runtime::create();
  if (!troupe)
    return 1;
  const auto added =
      troupe->add_agent({.name = "counter", .skills = {"count"}}, count_words);
  const auto report = troupe->run(one_task());
  const bool is_done = added && report
                       && report->state == troupe::protocol::run_state::done
                       && report->tasks.front().output == "4 words";
  return is_done ? 0 : 1;
}
