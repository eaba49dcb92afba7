#pragma once

#include "http/client.hpp"
#include "providers/secret.hpp"
#include "providers/stream_pace.hpp"
#include "providers/wire_codec.hpp"

#include <troupe/actors/caf_types.hpp>
#include <troupe/actors/clock.hpp>
#include <troupe/actors/provider.hpp>
#include <troupe/actors/rate_board.hpp>

#include <caf/actor_system.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace troupe::providers {

struct http_provider_config {
  std::string name; ///< As in the catalogue: `anthropic`.
  wire_options wire;
  std::string base_url;      ///< Up to the format's own path, as `.../v1`.
  secret api_key;            ///< Empty: no key is sent (local servers).
  http::header_list headers; ///< Sent with each call, beside our own.
  http::call_timeouts timeouts;
  pace_limits pace;
  std::size_t answer_bytes_max = 64U << 20U;     ///< With all of its framing.
  std::chrono::milliseconds call_limit{600'000}; ///< Without a deadline.
  std::uint32_t connections_max = 32;            ///< At the same time.
  std::uint32_t waiting_max = 1024; ///< Calls that wait for a connection.
  std::string ca_file;              ///< PEM; empty: the system's authorities.
  /// Plain http to other machines shows key and prompts to the network.
  bool allows_plain_http = false;
  std::shared_ptr<actors::rate_board> told; ///< For the router; may be null.
  http::io_thread* io = nullptr; ///< Required; outlives the actor system.
  std::optional<actors::wall_clock> clock; ///< Empty: read once at start.
};

/// The first problem of a config. Errors: `config_invalid`.
[[nodiscard]] protocol::result<void>
validate(const http_provider_config& config);

/// A provider that calls an HTTP API. It keeps no state but its open calls:
/// when it ends, each of them answers `cancelled`. With a config that
/// `validate` refuses, every call answers that error.
[[nodiscard]] actors::provider_actor
spawn_http_provider(caf::actor_system& system, http_provider_config config);

/// What OpenRouter wants to know of an application: `HTTP-Referer`, `X-Title`.
[[nodiscard]] http::header_list openrouter_headers(std::string site,
                                                   std::string title);

inline constexpr std::string_view openai_base_url = "https://api.openai.com/v1";
inline constexpr std::string_view anthropic_base_url =
    "https://api.anthropic.com/v1";
inline constexpr std::string_view openrouter_base_url =
    "https://openrouter.ai/api/v1";

} // namespace troupe::providers
