#include <troupe/actors/function_agent.hpp>
#include <troupe/actors/system_config.hpp>

#include <caf/all.hpp>

namespace actors = troupe::actors;
namespace protocol = troupe::protocol;

namespace {

protocol::result<protocol::task_result> echo(const actors::task_work& work) {
  protocol::task_result answer;
  answer.output = "heard: " + work.asked.body.prompt;
  return answer;
}

std::string ask(caf::actor_system& system, const actors::agent_actor& agent) {
  protocol::request<protocol::perform_task> msg;
  msg.head.message = {1, 1};
  msg.body.prompt = "ping";
  std::string output;
  caf::scoped_actor self{system};
  self->request(agent, std::chrono::seconds{10}, msg)
      .receive(
          [&](const protocol::response<protocol::task_result>& answer) {
            output = answer.body.output;
          },
          [](const caf::error&) {});
  return output;
}

} // namespace

// Who links troupe::actors gets CAF, and troupe's agents in it.
int main() {
  actors::system_config config;
  caf::actor_system system{config};
  actors::function_agent_config about;
  about.name = "echo";
  about.code = echo;
  about.clock = actors::make_wall_clock(system);
  const auto agent = actors::spawn_function_agent(system, about);
  const auto output = ask(system, agent);
  caf::anon_send_exit(agent, caf::exit_reason::user_shutdown);
  return output == "heard: ping" ? 0 : 1;
}
