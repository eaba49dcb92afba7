#include "support/nodes/real_nodes.hpp"

#include "support/file_text.hpp"

#include <troupe/certs/cert_folder.hpp>

#include <fstream>
#include <stdexcept>
#include <thread>

namespace troupe::test {

namespace {

constexpr auto port = ":7400";
constexpr std::chrono::seconds soon{30};

/// So that clocks may be set back: certificates are good then, too.
protocol::instant long_ago() {
  return std::chrono::time_point_cast<protocol::duration>(
             std::chrono::system_clock::now())
         - std::chrono::hours{12};
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
                       std::string journal, std::map<std::string, place> places)
    : journal_(std::move(journal)), names_(names), places_(std::move(places)) {
  const certs::folder_access at{path("certs"), long_ago(), false};
  const auto issue = [&](certs::peer_role role, const std::string& name,
                         const std::vector<std::string>& addresses) {
    return certs::issue_certificate(
               at, {role, name, addresses, long_ago(), std::chrono::days{2}})
        .has_value();
  };
  bool is_good =
      certs::start_authority(at, "test", std::chrono::days{3}).has_value()
      && issue(certs::peer_role::client, "ada", {});
  for (const auto& name : names)
    is_good =
        is_good && issue(certs::peer_role::node, name, {bed.address(name)});
  if (!is_good)
    throw std::runtime_error{"no certificates"};
  for (const auto& name : names) {
    write_files(name);
    bed.mount(name, places_[name].mounts);
    start(name);
  }
}

void real_nodes::write_files(const std::string& node) {
  const auto& own = places_[node].journal;
  const auto& journal = own.empty() ? journal_ : own;
  write(host_file(node),
        "log: {level: info}\ntools:\n  - {name: double, run: [cat], sandbox: "
        "none}\nagents:\n  - name: pilot\n    run: "
        "[" TROUPE_BINARY_DIR "/tests/bin/troupe_isolated_agent]\n"
        "    environment: [PATH, ASAN_OPTIONS, UBSAN_OPTIONS, LD_PRELOAD, "
        "TROUPE_CLOCK_SHIFT, TROUPE_TEST_NODE]\n"
            + (journal.empty()
                   ? std::string{}
                   : "journal_lease: 5s\njournal: \"" + journal + "\"\n"));
  std::string text =
      "name: " + node + "\ncluster: test\nlisten: " + bed.address(node) + port
      + "\ncapacity: 4\nconfig: host-" + node + ".yaml\nseeds:\n";
  for (const auto& other : names_)
    if (other != node)
      text += "  - " + bed.address(other) + port + "\n";
  text += "certificates: {ca: certs/ca.crt, cert: certs/" + node
          + ".crt, key: certs/" + node + ".key}\n";
  text += places_[node].node_lines;
  write(path(node + ".yaml"), text);
}

void real_nodes::start(const std::string& node) {
  auto env = places_[node].env;
  env.push_back("ASAN_OPTIONS=detect_leaks=0:verify_asan_link_order=0");
  env.push_back("TROUPE_TEST_NODE=" + node);
  bed.start(
      node,
      {TROUPE_BINARY_DIR "/bin/trouped", "--config", path(node + ".yaml")},
      env);
  if (!bed.wait_line(node, "is ready at", soon))
    throw std::runtime_error{"node " + node + " does not begin\n"
                             + bed.output()};
}

bool real_nodes::are_joined(const std::vector<std::string>& nodes, ms within) {
  return becomes(
      [&] {
        for (const auto& node : nodes) {
          const auto line = told_by(node, {"node", "list", "--json"}, soon);
          std::size_t ups = 0;
          for (auto i = line.find("\"state\":\"up\""); i != std::string::npos;
               i = line.find("\"state\":\"up\"", i + 1))
            ++ups;
          if (ups + 1 < nodes.size())
            return false;
        }
        return true;
      },
      within);
}

std::string real_nodes::told_by(const std::string& node,
                                const std::vector<std::string>& words,
                                ms within) {
  const auto asker = "asks-" + node;
  std::vector<std::string> all{TROUPE_BINARY_DIR "/bin/troupe", "--node",
                               bed.address(node) + port, "--cert",
                               path("certs/ada.crt")};
  all.insert(all.end(), words.begin(), words.end());
  bed.start(asker, all, {"ASAN_OPTIONS=detect_leaks=0"});
  const auto line = bed.wait_line(asker, "{", within);
  (void)bed.wait_end(asker, within);
  return line.value_or(std::string{});
}

void real_nodes::begin_run(const std::string& run, const std::string& node,
                           std::size_t tasks, const std::string& how) {
  std::vector<std::string> prompts;
  for (std::size_t i = 0; i < tasks; ++i)
    prompts.push_back("effect " + path(run + "." + std::to_string(i)));
  begin_run(run, node, prompts, "client-" + run, how);
}

void real_nodes::begin_run(const std::string& run, const std::string& node,
                           const std::vector<std::string>& prompts,
                           const std::string& client, const std::string& how) {
  std::string text = "mission: " + run + "\nconcurrency: 8\ntasks:\n";
  for (std::size_t i = 0; i < prompts.size(); ++i)
    text += "  - {id: t" + std::to_string(i) + ", agent: pilot, prompt: \""
            + prompts[i] + "\"}\n";
  write(path(run + ".yaml"), text);
  clients_[run] = client;
  std::vector<std::string> words{TROUPE_BINARY_DIR "/bin/troupe",
                                 "--node",
                                 bed.address(node) + port,
                                 "--cert",
                                 path("certs/ada.crt"),
                                 how,
                                 path(run + ".yaml")};
  if (how == "run")
    words.insert(words.end(), {"--quiet", "--report", report_of(run)});
  bed.start(client, words, {"ASAN_OPTIONS=detect_leaks=0"});
}

std::string real_nodes::printed(const std::vector<std::string>& words) {
  const auto file = path("printed");
  std::string line = TROUPE_BINARY_DIR "/bin/troupe";
  for (const auto& word : words)
    line += " '" + word + "'";
  bed.start("printer", {"sh", "-c", line + " >" + file},
            {"ASAN_OPTIONS=detect_leaks=0"});
  (void)bed.wait_end("printer", soon);
  return file_text(file);
}

std::string real_nodes::id_of(const std::string& run) const {
  constexpr std::string_view before = "\"run\":\"";
  const auto text = file_text(report_of(run));
  const auto at = text.find(before);
  return at == std::string::npos ? std::string{}
                                 : text.substr(at + before.size(), 36);
}

std::optional<int> real_nodes::command(const std::string& node,
                                       const std::vector<std::string>& words) {
  const auto who = "command-" + node;
  bed.mount(who, places_[node].mounts);
  std::vector<std::string> all{TROUPE_BINARY_DIR "/bin/troupe"};
  all.insert(all.end(), words.begin(), words.end());
  bed.start(who, all, {"ASAN_OPTIONS=detect_leaks=0"});
  return bed.wait_end(who, soon);
}

std::optional<int> real_nodes::end_run(const std::string& run, ms within) {
  return bed.wait_end(clients_.at(run), within);
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
