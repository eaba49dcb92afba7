#pragma once

#include "book_arguments.hpp"
#include "cert_arguments.hpp"
#include "run_arguments.hpp"
#include "state_arguments.hpp"

#include <troupe/protocol/model_terms.hpp>
#include <troupe/protocol/money.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What the user typed, by command.
namespace troupe::cli {

struct plan_arguments {
  common_arguments common;
  std::string mission;
  std::vector<std::string> inputs;
  bool dot = false;
};

struct validate_arguments {
  common_arguments common;
  std::vector<std::string> missions;
};

struct models_arguments {
  common_arguments common;
  std::string tier;
  std::string provider;
  bool refresh = false;
};

struct route_arguments {
  common_arguments common;
  std::vector<std::string> text; ///< The prompt, in words.
  std::string tier;              ///< Empty: as the text looks.
  std::string model;
  bool tools = false;
  std::uint32_t output_tokens = 1'024;
  protocol::model_terms terms; ///< Skills, regions and prices.
};

struct agents_arguments {
  common_arguments common;
  bool verify = false;
  std::string path; ///< Of the roster to verify; empty: as of `roster`.
  bool find = false;
  std::vector<std::string> text; ///< What the agent shall do, in words.
  std::string skill;
  std::vector<std::string> tags;
  std::string tier;
  std::uint32_t count = 5;
};

struct tree_arguments {
  common_arguments common;
};

struct health_arguments {
  common_arguments common;
  bool steps = false;  ///< What was done for sick agents, from a journal.
  std::string journal; ///< Its file; empty: the configuration's.
};

enum class node_action : std::uint8_t {
  list,
  join,
  drain,
  remove,
  check,
  agents,
  start_agent,
  stop_agent,
  move_agent,
  queue,
};

/// Of `node`, `cluster`, `agent`, `queue` and the commands inside them.
struct node_arguments {
  common_arguments common;
  node_action action = node_action::list;
  std::string name;    ///< Of the node to drain or remove.
  std::string address; ///< Of the node to join.
  bool is_off = false; ///< It takes tasks again.
  std::string agent;   ///< The name of one to stop or move, or a roster.
  std::string on;      ///< The node where it is to be, or is; empty: any.
};

struct errors_arguments {
  common_arguments common;
  std::string code;
};

struct schema_arguments {
  bool json = false; ///< So too without either flag.
  bool xsd = false;
  bool mission = false; ///< Of mission files.
  std::string type;     ///< One message; empty: all.
};

/// Of `message validate` and `message template`.
struct message_arguments {
  bool makes_template = false;
  std::vector<std::string> files; ///< `-`: standard input.
  bool xsd = false;
  std::string type;
  bool xml = false;
};

struct all_arguments {
  run_arguments run;
  resume_arguments resume;
  fork_arguments fork;
  do_arguments goal;
  decision_arguments approve;
  decision_arguments refuse;
  wish_arguments pause;
  wish_arguments cancel;
  plan_arguments plan;
  validate_arguments validate;
  models_arguments models;
  route_arguments route;
  agents_arguments agents;
  tree_arguments tree;
  health_arguments health;
  node_arguments node;
  run_arguments submit;
  far_arguments far;
  state_arguments state;
  schema_arguments schema;
  message_arguments message;
  errors_arguments errors;
  account_arguments account;
  choices_arguments choices;
  judge_arguments judge;
  runs_arguments runs;
  show_arguments show;
  show_arguments replay;
  report_arguments report;
  journal_arguments journal;
  cert_arguments cert;
  std::string shell; ///< Of `completion`.
};

} // namespace troupe::cli
