// A test of a user's: a scripted model and virtual time.
#include <troupe/testing/stage.hpp>

int main() {
  troupe::testing::stage stage;
  stage.model().says("Yes.");
  troupe::protocol::mission mission{.name = "m"};
  mission.agents = {{.card = {.name = "writer"}}};
  mission.tasks.push_back({.id = "t", .agent = "writer", .prompt = "Well?"});
  const auto report = stage.run(mission);
  return report && report->tasks[0].output == "Yes." ? 0 : 1;
}
