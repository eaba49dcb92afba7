#pragma once

#include "troupe/protocol/describe.hpp"
#include "troupe/protocol/time.hpp"

#include <boost/describe/enum.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace troupe {

/// The form of a provider's HTTP API.
enum class provider_kind : std::uint8_t {
  openai_chat,        ///< OpenAI Chat Completions, and what is like it.
  openai_responses,   ///< OpenAI Responses.
  anthropic_messages, ///< Anthropic Messages.
  simulated,          ///< No network and no key.
};
BOOST_DESCRIBE_ENUM(provider_kind, openai_chat, openai_responses,
                    anthropic_messages, simulated)

/// Whether a provider is told which part of a prompt comes again, so that it
/// bills that part lower the next time.
enum class prompt_caching : std::uint8_t {
  automatic, ///< Where it is known: Anthropic's format, and OpenAI itself.
  on,
  off,
};
BOOST_DESCRIBE_ENUM(prompt_caching, automatic, on, off)

/// Limits of the phases of a call; each 1 ms to 1 h.
struct provider_timeouts {
  protocol::duration connect = std::chrono::seconds{10}; ///< Name, TCP, TLS.
  protocol::duration first_byte = std::chrono::seconds{120};
  protocol::duration idle = std::chrono::seconds{60}; ///< Between two reads.
  /// Of the answer itself, whatever else keeps the connection alive: from the
  /// response's header to the first piece, and from each to the next.
  protocol::duration first_piece = std::chrono::minutes{5};
  protocol::duration next_piece = std::chrono::minutes{2};
};
BOOST_DESCRIBE_STRUCT(provider_timeouts, (),
                      (connect, first_byte, idle, first_piece, next_piece))

/// How fast an answer must come, from its first piece on.
struct provider_pace {
  std::uint32_t bytes_min = 0; ///< Of each window; 0: no limit.
  protocol::duration window = std::chrono::seconds{30}; ///< 1 ms to 1 h.
};
BOOST_DESCRIBE_STRUCT(provider_pace, (), (bytes_min, window))

/// When calls to a model of a provider are held back, since it keeps failing.
struct provider_breaker {
  std::uint32_t failures = 5;            ///< In a row; 1 to 1,000.
  std::uint32_t failures_permille = 500; ///< Of the calls; 1 to 1,000.
  std::uint32_t volume = 10; ///< Calls, before their share counts; 1 to 10,000.
  protocol::duration window = std::chrono::seconds{30}; ///< 1 s to 1 h.
  /// The first rest, and the longest: each is twice the one before; 10 ms to
  /// 24 h.
  protocol::duration rest = std::chrono::seconds{5};
  protocol::duration rest_max = std::chrono::minutes{5};
  std::uint32_t probes = 1; ///< At one time, after a rest; 1 to 100.
  /// In each tenth of this twice as many calls as in the one before; 0 to 1 h.
  protocol::duration slow_start = std::chrono::seconds{10};
};
BOOST_DESCRIBE_STRUCT(provider_breaker, (),
                      (failures, failures_permille, volume, window, rest,
                       rest_max, probes, slow_start))

/// How a provider is reached. It never holds a key, only where one is.
struct provider_config {
  std::string name; ///< As in the catalogue: `anthropic`.
  provider_kind kind = provider_kind::openai_chat;
  /// Up to the format's own path. `https`, or `http` to this machine only.
  std::string base_url;
  std::string api_key_env;  ///< Name of an environment variable; may be empty.
  std::string api_key_file; ///< Looked at when the variable is not set.
  std::map<std::string, std::string> headers; ///< Sent with each call.
  std::uint32_t connections_max = 32;         ///< At one time; 1 to 1,000.
  std::uint32_t waiting_max = 1024; ///< Calls that wait; 0 to 100,000.
  /// What the key allows; 0: no limit.
  std::uint32_t requests_per_minute = 0;
  std::uint32_t input_tokens_per_minute = 0;
  std::uint32_t output_tokens_per_minute = 0;
  /// So much time's worth of these may go at once; 1 s to 60 s.
  protocol::duration burst = std::chrono::seconds{10};
  provider_timeouts timeouts;
  provider_pace pace;
  /// Of one response's body, 64 KiB to 1 GiB; unless streamed, 16 MiB at most.
  std::uint32_t answer_bytes_max = 64U << 20U;
  provider_breaker breaker;
  std::string ca_file; ///< PEM; empty: the system's authorities.
  prompt_caching prompt_cache = prompt_caching::automatic;
  /// Came by itself, named by nobody: serves only calls that name its models,
  /// and may lack its key. Not a field of files.
  bool is_preset = false;
};
BOOST_DESCRIBE_STRUCT(provider_config, (),
                      (name, kind, base_url, api_key_env, api_key_file, headers,
                       connections_max, waiting_max, requests_per_minute,
                       input_tokens_per_minute, output_tokens_per_minute, burst,
                       timeouts, pace, answer_bytes_max, breaker, ca_file,
                       prompt_cache))

/// `anthropic`, `openai` and `openrouter` with their addresses and the
/// variables that usually hold their keys, and `simulated`. One without a key
/// in its variable is known, but no call goes there.
[[nodiscard]] std::vector<provider_config> default_providers();

} // namespace troupe
