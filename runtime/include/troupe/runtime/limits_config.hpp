#pragma once

#include <troupe/protocol/time.hpp>

#include <boost/describe/class.hpp>

#include <cstdint>
#include <string>
#include <vector>

/// The parts of a configuration that bound what a runtime keeps.
namespace troupe {

/// Beyond each of these, `overloaded` or `limit_exceeded` is the answer.
struct limits_config {
  std::uint32_t runs = 64;                ///< Missions at one time.
  std::uint32_t calls_in_flight = 10'000; ///< Model calls at one time.
  std::uint32_t agents = 100'000;         ///< Known to the registry.
  /// Messages and bytes that wait for one agent; 1 to 16,000,000, and 64 KiB
  /// to 3 GiB.
  std::uint32_t mailbox_messages = 10'000;
  std::uint32_t mailbox_bytes = 256U << 20U;
  /// How far agents may go on asking each other about one task: agents behind
  /// each other, 1 to 16, and questions in all, 0 to 10,000.
  std::uint32_t delegation_depth = 4;
  std::uint32_t delegation_questions = 32;
  /// Crashes over one message until no agent is given it any more, 1 to 1,000;
  /// and how many such messages are remembered, 1 to 100,000.
  std::uint32_t poison_crashes = 3;
  std::uint32_t quarantine_max = 1'000;
  std::uint32_t mission_file_bytes = 4U << 20U;
  std::uint32_t input_file_bytes = 16U << 20U;
};
BOOST_DESCRIBE_STRUCT(limits_config, (),
                      (runs, calls_in_flight, agents, mailbox_messages,
                       mailbox_bytes, delegation_depth, delegation_questions,
                       poison_crashes, quarantine_max, mission_file_bytes,
                       input_file_bytes))

/// What is kept of the messages between agents, to be asked for with
/// `runtime::messages`. The keys of providers are never kept.
struct history_config {
  bool enabled = false;
  std::uint32_t entries_max = 100'000;  ///< 1 to 10,000,000.
  std::uint32_t bytes_max = 64U << 20U; ///< In memory; 64 KiB to 3 GiB.
  protocol::duration age_max = std::chrono::hours{24}; ///< 1 s to 30 days.
  /// Of all conversations, each whole or not at all; 1 to 1,000.
  std::uint32_t sample_permille = 1'000;
  /// Environment variables whose values are never kept; at most 64.
  std::vector<std::string> secrets_env;
};
BOOST_DESCRIBE_STRUCT(history_config, (),
                      (enabled, entries_max, bytes_max, age_max,
                       sample_permille, secrets_env))

/// What the state store may hold; beyond it, `limit_exceeded` or, for
/// subscriptions, `overloaded` is the answer, and old versions are forgotten.
struct state_config {
  std::uint32_t keys_max = 100'000;             ///< 1 to 10,000,000.
  std::uint32_t bytes_max = 256U << 20U;        ///< 64 KiB to 3 GiB.
  std::uint32_t value_bytes_max = 256U << 10U;  ///< Of one; 1 KiB to 16 MiB.
  std::uint32_t versions_max = 16;              ///< Past ones; 1 to 10,000.
  std::uint32_t history_bytes_max = 64U << 20U; ///< Of these; 64 KiB to 3 GiB.
  std::uint32_t subscriptions_max = 10'000;     ///< 1 to 1,000,000.
};
BOOST_DESCRIBE_STRUCT(state_config, (),
                      (keys_max, bytes_max, value_bytes_max, versions_max,
                       history_bytes_max, subscriptions_max))

} // namespace troupe
