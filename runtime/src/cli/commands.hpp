#pragma once

#include "arguments.hpp"
#include "far_node.hpp"
#include "output.hpp"

/// One function a command; each returns the exit code of the process.
namespace troupe::cli {

/// Where a command writes: what was asked for, and all else.
struct console {
  output out{1};
  output err{2};
};

[[nodiscard]] int run_mission(const run_arguments& given, console& on);
/// The same on a node.
[[nodiscard]] int run_far(const run_arguments& given, const far_arguments& far,
                          const connect_node& connect, console& on);
/// Puts the mission into the cluster's queue.
[[nodiscard]] int submit_mission(const run_arguments& given,
                                 const far_arguments& far,
                                 const connect_node& connect, console& on);
[[nodiscard]] int resume_run(const resume_arguments& given, console& on);
[[nodiscard]] int achieve_goal(const do_arguments& given, console& on);
[[nodiscard]] int fork_run(const fork_arguments& given, console& on);
[[nodiscard]] int decide_task(const decision_arguments& given, bool is_yes,
                              console& on);
[[nodiscard]] int pause_run(const wish_arguments& given, console& on);
[[nodiscard]] int cancel_run(const wish_arguments& given, console& on);
[[nodiscard]] int list_runs(const runs_arguments& given, console& on);
[[nodiscard]] int show_run(const show_arguments& given, console& on);
[[nodiscard]] int report_run(const report_arguments& given, console& on);
[[nodiscard]] int look_at_journal(const journal_arguments& given, console& on);
[[nodiscard]] int forget_runs(const journal_arguments& given, console& on);
[[nodiscard]] int plan_mission_file(const plan_arguments& given, console& on);
[[nodiscard]] int validate_missions(const validate_arguments& given,
                                    console& on);
[[nodiscard]] int list_models(const models_arguments& given, console& on);
/// Fetches a provider's list of models into the cache.
[[nodiscard]] int refresh_models(const models_arguments& given, console& on);
[[nodiscard]] int explain_route(const route_arguments& given, console& on);
[[nodiscard]] int list_agents(const agents_arguments& given, console& on);
[[nodiscard]] int show_tree(const tree_arguments& given, console& on);
[[nodiscard]] int show_health(const health_arguments& given, console& on);
[[nodiscard]] int steer_node(const node_arguments& given,
                             const far_arguments& far,
                             const connect_node& connect, console& on);
[[nodiscard]] int use_state(const state_arguments& given,
                            const far_arguments& far,
                            const connect_node& connect, console& on);
/// Connects to the node that a command is for. Errors: `invalid_request`
/// without one; those of `connect`.
[[nodiscard]] protocol::result<std::unique_ptr<far_node>>
reach(const far_arguments& given, const connect_node& connect);
[[nodiscard]] int print_schema(const schema_arguments& given, console& on);
[[nodiscard]] int validate_messages(const message_arguments& given,
                                    console& on);
[[nodiscard]] int print_template(const message_arguments& given, console& on);
[[nodiscard]] int explain_errors(const errors_arguments& given, console& on);
[[nodiscard]] int show_accounts(const account_arguments& given, console& on);
[[nodiscard]] int list_choices(const choices_arguments& given, console& on);
/// All of `troupe cert`.
[[nodiscard]] int keep_certificates(const cert_arguments& given, console& on);
[[nodiscard]] int judge_call(const judge_arguments& given, console& on);

/// The names of all error codes.
[[nodiscard]] std::vector<std::string> error_names();

} // namespace troupe::cli
