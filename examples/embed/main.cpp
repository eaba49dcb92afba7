// A program with a troupe inside: one agent in C++, one backed by a model.
// Without a key and a network the model is simulated, and the report says so.
#include <troupe/runtime/report.hpp>
#include <troupe/runtime/runtime.hpp>

#include <algorithm>
#include <iostream>

int main() {
  auto troupe = troupe::runtime::create().value();

  auto added = troupe.add_agent(
      {.name = "counter", .skills = {"count"}}, [](const auto& task) {
        const auto text = task.input("text");
        const auto spaces = std::count(text.begin(), text.end(), ' ');
        return std::to_string(spaces + 1) + " words";
      });

  troupe::protocol::mission mission{.name = "tides"};
  mission.budget = troupe::protocol::parse_money("0.05 USD").value();
  mission.inputs = {{"text", "Tides follow the moon. They come twice a day."}};
  mission.agents = {{.card = {.name = "writer", .skills = {"write"}},
                     .instructions = "You explain things in two sentences."}};
  mission.tasks.push_back({.id = "count",
                           .agent = "counter",
                           .inputs = {"text"},
                           .prompt = "Count the words."});
  mission.tasks.push_back({.id = "explain",
                           .agent = "writer",
                           .needs = {"count"},
                           .inputs = {"text"},
                           .prompt = "Explain the text to a child."});

  auto report = troupe.run(mission);
  if (!added || !report)
    return 1;
  std::cout << troupe::to_text(*report, troupe.callable_models());
}
