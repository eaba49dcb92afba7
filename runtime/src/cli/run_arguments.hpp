#pragma once

#include <troupe/protocol/money.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What the user typed for commands that run something.
namespace troupe::cli {

/// Options that several commands share.
struct common_arguments {
  std::string config; ///< Configuration file; empty: looked for.
  std::string roster; ///< File or folder of agents; empty: none.
  bool json = false;
  bool no_color = false;
};

/// The node of a cluster that a command is for; without an address: none.
struct far_arguments {
  std::string address; ///< HOST:PORT.
  std::string cert;    ///< PEM file; its key and `ca.crt` beside it.
};

struct run_arguments {
  common_arguments common;
  std::string mission;
  std::vector<std::string> inputs; ///< `FILE` or `NAME=FILE`.
  std::optional<protocol::money> budget;
  std::string model;
  std::optional<std::uint64_t> seed;
  std::uint32_t concurrency = 0; ///< 0: as the mission says.
  std::string out;               ///< Folder for results; empty: print them.
  std::string journal;           ///< Empty: as the configuration says.
  std::string report;            ///< File for the report; empty: none.
  std::string record;            ///< File for the messages; empty: none.
  std::string record_models;     ///< File for calls of models; empty: none.
  std::string replay_models;     ///< Recording to answer from; empty: none.
  std::string replay_mode;       ///< Empty: as the configuration says.
  bool quiet = false;
  bool reuses = false;            ///< Results of earlier runs.
  std::vector<std::string> again; ///< Tasks that run in any case.
  bool explains = false;          ///< Why each task ran or did not.
  std::string by; ///< Who answers at the terminal; empty: the user's name.
};

/// A goal in free words.
struct do_arguments {
  run_arguments run; ///< Its mission is made.
  std::vector<std::string> words;
  bool plans_only = false;
};

/// A new run from what an earlier one has done.
struct fork_arguments {
  run_arguments run; ///< Its mission stands in the journal.
  std::string id;
  std::vector<std::string> prompts; ///< `TASK=TEXT`.
};

struct resume_arguments {
  run_arguments run; ///< Its mission stands in the journal.
  std::string id;
};

} // namespace troupe::cli
