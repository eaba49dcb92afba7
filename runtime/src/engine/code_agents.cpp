#include "engine/code_agents.hpp"

#include "isolation/agent_process.hpp"

namespace troupe {

using protocol::result;

namespace {

/// Before the process of an agent is made anew.
constexpr actors::restart_backoff process_pauses{std::chrono::milliseconds{50},
                                                 std::chrono::seconds{5}};

/// What a C++ agent's code sees of the link that its actor gives it.
class colleagues final : public task_colleagues {
public:
  explicit colleagues(actors::task_link& link) : link_(link) {}

  result<std::string> ask(const protocol::question& what) override {
    auto answer = link_.ask(what);
    if (!answer)
      return answer.error();
    return std::move(answer->output);
  }
  void progress(std::uint32_t permille, std::string_view note) override {
    link_.progress(permille, note);
  }
  result<std::string> effect(const std::string& name,
                             const std::string& arguments,
                             const effect_function& code,
                             const effect_options& options) override {
    return link_.effect({name, arguments, options.is_idempotent}, code);
  }
  result<std::string> use_tool(const std::string& name,
                               const std::string& arguments) override {
    return link_.use_tool(name, arguments);
  }

private:
  actors::task_link& link_;
};

/// A C++ agent's code as its actor calls it.
actors::task_code wrap(agent_function code) {
  return [code = std::move(code)](
             const actors::task_work& work) -> result<protocol::task_result> {
    colleagues others{work.link};
    auto output = code({work.asked.body, work.asked.head.deadline, work.stop,
                        &others, work.incarnation});
    if (!output)
      return output.error();
    protocol::task_result outcome;
    outcome.output = std::move(*output);
    return outcome;
  };
}

} // namespace

actors::function_agent_config code_agent(const protocol::agent_card& card,
                                         agent_function code, execution where,
                                         announcement_function hear) {
  actors::function_agent_config config;
  config.name = card.name;
  config.code = wrap(std::move(code));
  config.on_announcement = std::move(hear);
  config.is_blocking = where == execution::blocking;
  return config;
}

actors::function_agent_config code_agent(const protocol::agent_card& card,
                                         const agent_process_options& where) {
  actors::function_agent_config config;
  config.name = card.name;
  config.is_blocking = true;
  config.make_code = [name = card.name, where] {
    return isolation::code_in_process(name, where);
  };
  config.remaking.intensity = where.restarts_max;
  config.remaking.period = std::chrono::minutes{1};
  config.remaking.backoff = process_pauses;
  return config;
}

} // namespace troupe
