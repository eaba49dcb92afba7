// A model calls a C++ function by its typed parameters: their schema comes from
// the struct, and so does the check of what the model has sent.
#include <troupe/runtime/report.hpp>
#include <troupe/runtime/typed_tool.hpp>

#include <iostream>
#include <optional>

struct tide_query {
  std::string port;
  std::optional<std::uint32_t> day;
};
BOOST_DESCRIBE_STRUCT(tide_query, (), (port, day))

struct tide {
  std::string port;
  std::uint32_t high_water_minute = 0; ///< Of the day.
};
BOOST_DESCRIBE_STRUCT(tide, (), (port, high_water_minute))

int main() {
  auto troupe = troupe::runtime::create().value();
  const auto added = troupe::add_typed_tool<tide_query>(
      troupe, "tide_table", "Tells when the water is high in a port.",
      [](const tide_query& asked, const troupe::tool_view&) {
        const auto shift = asked.day.value_or(1) * 50 % 720;
        return tide{asked.port, 384 + shift};
      });

  troupe::protocol::mission mission{.name = "tides"};
  mission.agents = {{.card = {.name = "pilot", .skills = {"tides"}},
                     .instructions = "You answer from tables, shortly.",
                     .tools = {"tide_table"}}};
  mission.tasks.push_back(
      {.id = "ask",
       .agent = "pilot",
       .prompt = "Use tide_table and tell when high water comes."});

  const auto report = troupe.run(mission);
  if (!added || !report)
    return 1;
  std::cout << troupe::to_text(*report, troupe.callable_models());
}
