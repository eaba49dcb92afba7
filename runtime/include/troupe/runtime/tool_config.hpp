#pragma once

#include "troupe/protocol/describe.hpp"
#include "troupe/protocol/time.hpp"

#include <boost/describe/enum.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace troupe {

/// Whether a program runs in bubblewrap (`bwrap`): without network, with a file
/// system it cannot write to, an own `/tmp`, and seeing no other process.
enum class sandbox_use : std::uint8_t {
  automatic, ///< Where it is there and works.
  none,
  required, ///< The runtime does not start without it.
};
BOOST_DESCRIBE_ENUM(sandbox_use, automatic, none, required)

enum class http_method : std::uint8_t { GET, POST, PUT, DELETE };
BOOST_DESCRIBE_ENUM(http_method, GET, POST, PUT, DELETE)

/// A server that stands behind a tool.
struct http_tool_config {
  http_method method = http_method::GET;
  /// `https`, or `http` to this machine only. `{city}` in path and query stands
  /// for the argument of that name; the others go into the query, or with POST
  /// and PUT into a body of JSON.
  std::string url;
  /// `$NAME` in a value stands for the key in that variable, or in the file of
  /// that name in `key_files`.
  std::map<std::string, std::string> headers;
  std::map<std::string, std::string> key_files;
  std::vector<std::string> allow;  ///< Hosts; empty: only the URL's own.
  bool allow_private = false;      ///< This machine, and addresses of own nets.
  std::uint32_t redirects_max = 3; ///< At most 10.
  std::uint32_t response_max = 256U << 10U; ///< Bytes; 1 to 1 MiB.
  std::string ca_file; ///< PEM; empty: the system's authorities.
};
BOOST_DESCRIBE_STRUCT(http_tool_config, (),
                      (method, url, headers, key_files, allow, allow_private,
                       redirects_max, response_max, ca_file))

/// A program or a server that a model may call. A program is given the
/// arguments as JSON on its standard input, and what it writes to its standard
/// output is the answer. It ends with its task, its time or its runtime, and so
/// does all it has started.
struct tool_config {
  std::string name;        ///< As agents name it.
  std::string description; ///< For the model.
  /// JSON Schema of the arguments.
  std::string parameters = R"({"type":"object"})";
  /// The program and its arguments, as they are: no shell reads them, and
  /// nothing that a model says gets into them. Or empty, and `http.url` set.
  std::vector<std::string> run;
  http_tool_config http;
  protocol::duration timeout = std::chrono::seconds{10}; ///< 1 ms to 1 h.
  std::uint32_t output_max = 64U << 10U;                 ///< Bytes; 1 to 1 MiB.
  std::uint32_t concurrency = 4; ///< Calls at one time; 1 to 256.
  /// As in `tool_options`.
  bool idempotent = false;
  /// Of each process: bytes of address space, 16 MiB to 1 TiB; time of the
  /// processor, in whole seconds, 1 s to 1 h; open files, 8 to 65,536.
  std::uint64_t memory_max = 512ULL << 20U;
  protocol::duration cpu_max = std::chrono::seconds{10};
  std::uint32_t files_max = 64;
  std::uint32_t processes_max = 32; ///< At one time; 1 to 1,000.
  /// Names of variables that it is given, as far as they are set; 64 at most.
  std::vector<std::string> environment{"PATH"};
  /// Where it works. Empty: a folder of its own for each call, which is
  /// removed.
  std::string folder;
  sandbox_use sandbox = sandbox_use::automatic;
  bool network = false; ///< In the sandbox too.
};
BOOST_DESCRIBE_STRUCT(tool_config, (),
                      (name, description, parameters, run, http, timeout,
                       output_max, concurrency, idempotent, memory_max, cpu_max,
                       files_max, processes_max, environment, folder, sandbox,
                       network))

} // namespace troupe
