// An agent in C++ that orders something outside: once, however often its task
// is tried. Give a file for the journal, and the order is not placed again when
// the process is killed in between and the run is gone on with.
#include <troupe/runtime/runtime.hpp>

#include <iostream>

namespace {

using text = troupe::protocol::result<std::string>;

/// Stands for a shop that answers with the number of the order.
text place_order(const std::string& key) {
  std::cout << "ordered" << (key.empty() ? " without a key" : "") << "\n";
  return "order 17";
}

} // namespace

int main(int argc, char** argv) {
  troupe::runtime_config config;
  config.journal = argc > 1 ? argv[1] : "";
  auto troupe = troupe::runtime::create(config).value();
  const auto added = troupe.add_agent(
      {.name = "buyer", .skills = {"buy"}},
      [](const troupe::task_view& task) -> text {
        auto number =
            task.effect("order", R"({"item":"tide table"})", place_order);
        if (number && task.task.attempt == 1)
          return troupe::protocol::fail(troupe::protocol::errc::agent_failed,
                                        "the first attempt fails on purpose");
        return number;
      },
      troupe::execution::blocking);

  troupe::protocol::mission mission{.name = "buy"};
  mission.tasks.push_back(
      {.id = "buy", .agent = "buyer", .prompt = "Buy it.", .attempts_max = 2});
  const auto report = troupe.run(mission);
  if (!added || !report)
    return 1;
  const auto& task = report->tasks.front();
  std::cout << task.output << ", " << task.attempts << " attempts\n";
}
