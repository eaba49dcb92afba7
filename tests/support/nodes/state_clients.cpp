#include "support/nodes/state_clients.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <thread>

namespace troupe::test {

namespace {

std::string value_of(const std::string& word) {
  return word == "-" ? std::string{} : word;
}

void read_line(const std::string& line, client_op op,
               std::map<std::uint64_t, client_op>& to) {
  std::istringstream in{line};
  std::string what;
  std::string kind;
  std::string value;
  std::uint64_t number = 0;
  long long at = 0;
  in >> what >> number >> kind;
  if (what == "begin") {
    if (!(in >> op.key >> value >> at))
      return; // its process was killed while it wrote
    op.kind = kind == "read" ? op_kind::read : op_kind::write;
    op.value = value_of(value);
    op.invoked = history_time{at};
    to.emplace(number, std::move(op));
  } else if (what == "end") {
    std::uint64_t version = 0;
    if (!(in >> version >> value >> at))
      return;
    auto& it = to.at(number);
    it.end = kind == "ok"       ? op_end::ok
             : kind == "failed" ? op_end::failed
                                : op_end::unknown;
    it.version = version;
    if (it.kind == op_kind::read)
      it.value = value_of(value);
    it.returned = it.end == op_end::unknown ? never : history_time{at};
  }
}

} // namespace

state_clients::state_clients(real_nodes& nodes,
                             const std::vector<std::string>& at, unsigned keys)
    : nodes_(nodes), keys_(keys) {
  for (const auto& node : at)
    begin("state-" + node, node, nodes_.path("state-stop"), false);
}

void state_clients::begin(const std::string& client, const std::string& node,
                          const std::string& stop, bool only_reads) {
  clients_[client] = node;
  std::vector<std::string> words{TROUPE_BINARY_DIR
                                 "/tests/bin/troupe_state_client",
                                 nodes_.bed.address(node) + ":7400",
                                 nodes_.path("certs/ada.crt"),
                                 client,
                                 log_of(client),
                                 stop,
                                 std::to_string(keys_)};
  if (only_reads)
    words.emplace_back("read");
  nodes_.bed.start(client, words, {"ASAN_OPTIONS=detect_leaks=0"});
}

history state_clients::seen() const {
  history all;
  for (const auto& [client, node] : clients_) {
    std::map<std::uint64_t, client_op> ops; // bounded by the test
    client_op op;
    op.client = client;
    op.node = node;
    std::ifstream in{log_of(client)};
    for (std::string line; std::getline(in, line);)
      read_line(line, op, ops);
    for (auto& [number, it] : ops)
      all.ops.push_back(std::move(it));
  }
  std::sort(all.ops.begin(), all.ops.end(),
            [](const auto& a, const auto& b) { return a.invoked < b.invoked; });
  return all;
}

std::size_t state_clients::answered() const {
  const auto all = seen().ops;
  return static_cast<std::size_t>(
      std::count_if(all.begin(), all.end(),
                    [](const auto& it) { return it.end == op_end::ok; }));
}

std::chrono::milliseconds state_clients::longest_pause() const {
  std::vector<history_time> times;
  for (const auto& it : seen().ops)
    if (it.end == op_end::ok && it.kind == op_kind::write)
      times.push_back(it.returned);
  std::sort(times.begin(), times.end());
  history_time longest{};
  for (std::size_t i = 1; i < times.size(); ++i)
    longest = std::max(longest, times[i] - times[i - 1]);
  return std::chrono::duration_cast<std::chrono::milliseconds>(longest);
}

bool state_clients::end(const std::string& node,
                        std::chrono::milliseconds within) {
  const auto touch = [](const std::string& file) {
    std::ofstream{file} << "x";
  };
  touch(nodes_.path("state-stop"));
  const auto clients = clients_;
  for (const auto& [client, at] : clients)
    if (!nodes_.bed.wait_end(client, within))
      return false;
  // One more, so that somebody looks at each key in the end.
  const auto stop = nodes_.path("state-last");
  begin("state-last", node, stop, true);
  const auto end = std::chrono::steady_clock::now() + within;
  const auto has_read_all = [&] {
    std::map<std::string, int> read;
    for (const auto& it : seen().ops)
      if (it.client == "state-last" && it.kind == op_kind::read
          && it.end == op_end::ok)
        ++read[it.key];
    return read.size() == keys_;
  };
  while (!has_read_all() && std::chrono::steady_clock::now() < end)
    std::this_thread::yield();
  touch(stop);
  return nodes_.bed.wait_end("state-last", within).has_value()
         && has_read_all();
}

} // namespace troupe::test
