#include "support/nodes/real_nodes.hpp"

#include <troupe/certs/cert_folder.hpp>

#include <fstream>
#include <stdexcept>
#include <thread>

namespace troupe::test {

namespace {

constexpr auto port = ":7400";
constexpr std::chrono::seconds soon{30};

protocol::instant wall_now() {
  return std::chrono::time_point_cast<protocol::duration>(
      std::chrono::system_clock::now());
}

void write(const std::string& file, const std::string& text) {
  std::ofstream{file} << text;
}

bool becomes(const std::function<bool()>& is_so,
             std::chrono::milliseconds within) {
  const auto end = std::chrono::steady_clock::now() + within;
  while (!is_so()) {
    if (std::chrono::steady_clock::now() > end)
      return false;
    std::this_thread::yield();
  }
  return true;
}

} // namespace

real_nodes::real_nodes(const std::vector<std::string>& names,
                       std::string journal)
    : journal_(std::move(journal)), names_(names) {
  const certs::folder_access at{path("certs"), wall_now(), false};
  bool is_good =
      certs::start_authority(at, "test", std::chrono::days{2}).has_value()
      && certs::issue_certificate(at, {certs::peer_role::client,
                                       "ada",
                                       {},
                                       wall_now(),
                                       std::chrono::days{1}})
             .has_value();
  for (const auto& name : names)
    is_good = is_good
              && certs::issue_certificate(at, {certs::peer_role::node,
                                               name,
                                               {bed.address(name)},
                                               wall_now(),
                                               std::chrono::days{1}})
                     .has_value();
  if (!is_good)
    throw std::runtime_error{"no certificates"};
  write(path("host.yaml"),
        "log: {level: info}\nagents:\n  - name: pilot\n    run: "
        "[" TROUPE_BINARY_DIR "/tests/bin/troupe_isolated_agent]\n"
        "    environment: [PATH, ASAN_OPTIONS, UBSAN_OPTIONS]\n"
            + (journal_.empty()
                   ? std::string{}
                   : "journal_lease: 5s\njournal: \"" + journal_ + "\"\n"));
  for (const auto& name : names) {
    std::string text = "name: " + name
                       + "\ncluster: test\nlisten: " + bed.address(name) + port
                       + "\ncapacity: 4\nconfig: host.yaml\nseeds:\n";
    for (const auto& other : names)
      if (other != name)
        text += "  - " + bed.address(other) + port + "\n";
    text += "certificates: {ca: certs/ca.crt, cert: certs/" + name
            + ".crt, key: certs/" + name + ".key}\n";
    write(path(name + ".yaml"), text);
    start(name);
  }
}

void real_nodes::start(const std::string& node) {
  bed.start(
      node,
      {TROUPE_BINARY_DIR "/bin/trouped", "--config", path(node + ".yaml")},
      {"ASAN_OPTIONS=detect_leaks=0"});
  if (!bed.wait_line(node, "is ready at", soon))
    throw std::runtime_error{"node " + node + " does not begin"};
}

bool real_nodes::are_joined(const std::vector<std::string>& nodes, ms within) {
  return becomes(
      [&] {
        for (const auto& node : nodes) {
          const auto asker = "asks-" + node;
          bed.start(asker,
                    {TROUPE_BINARY_DIR "/bin/troupe", "--node",
                     bed.address(node) + port, "--cert", path("certs/ada.crt"),
                     "node", "list", "--json"},
                    {"ASAN_OPTIONS=detect_leaks=0"});
          const auto line = bed.wait_line(asker, "\"nodes\"", soon);
          (void)bed.wait_end(asker, soon);
          std::size_t ups = 0;
          if (line)
            for (auto i = line->find("\"state\":\"up\"");
                 i != std::string::npos;
                 i = line->find("\"state\":\"up\"", i + 1))
              ++ups;
          if (ups + 1 < nodes.size())
            return false;
        }
        return true;
      },
      within);
}

void real_nodes::begin_run(const std::string& run, const std::string& node,
                           std::size_t tasks) {
  std::string text = "mission: " + run + "\nconcurrency: 8\ntasks:\n";
  for (std::size_t i = 0; i < tasks; ++i)
    text += "  - {id: t" + std::to_string(i)
            + ", agent: pilot, prompt: \"effect "
            + path(run + "." + std::to_string(i)) + "\"}\n";
  write(path(run + ".yaml"), text);
  bed.start("client-" + run,
            {TROUPE_BINARY_DIR "/bin/troupe", "--node",
             bed.address(node) + port, "--cert", path("certs/ada.crt"), "run",
             path(run + ".yaml"), "--quiet"},
            {"ASAN_OPTIONS=detect_leaks=0"});
}

std::optional<int> real_nodes::end_run(const std::string& run, ms within) {
  return bed.wait_end("client-" + run, within);
}

real_nodes::effects real_nodes::seen(const std::string& run) const {
  effects all;
  for (const auto& it : std::filesystem::directory_iterator{folder_.path()}) {
    const auto name = it.path().filename().string();
    if (!name.starts_with(run + ".") || name.ends_with(".yaml"))
      continue;
    std::ifstream in{it.path()};
    std::size_t lines = 0;
    for (std::string line; std::getline(in, line);)
      ++lines;
    all.done += lines > 0 ? 1 : 0;
    all.repeated += lines > 1 ? 1 : 0;
  }
  return all;
}

bool real_nodes::wait_effects(const std::string& run, std::size_t count,
                              ms within) const {
  return becomes([&] { return seen(run).done >= count; }, within);
}

} // namespace troupe::test
