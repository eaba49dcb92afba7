#include "node_file.hpp"

#include "catalogue/models_cache.hpp"
#include "config/program_fields.hpp"
#include "yaml/mapping.hpp"

#include <filesystem>

namespace troupe::cluster {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

namespace {

void read_path(yaml::mapping& fields, const fs::path& folder,
               std::string_view key, std::string& out) {
  fields.text(key, out);
  out = config::whole_path(folder, out);
}

void read_time(yaml::mapping& fields, std::string_view key,
               std::chrono::milliseconds& out, protocol::duration least,
               protocol::duration most) {
  protocol::duration value = out;
  fields.duration(key, value, least, most);
  out = std::chrono::duration_cast<std::chrono::milliseconds>(value);
}

void read_certificates(yaml::mapping& top, const fs::path& folder,
                       node_certificates& out) {
  const auto* at = top.map("certificates");
  if (at == nullptr)
    return;
  yaml::mapping fields{*at, top.found()};
  read_path(fields, folder, "ca", out.ca);
  read_path(fields, folder, "cert", out.cert);
  read_path(fields, folder, "key", out.key);
  read_path(fields, folder, "crl", out.crl);
  fields.finish();
}

struct named_files {
  std::string host;
  std::string roster;
};

named_files read_fields(const yaml::node& root, const fs::path& folder,
                        yaml::problems& found, node_setup& to) {
  yaml::mapping fields{root, found};
  named_files files;
  auto& it = to.node;
  fields.require("name");
  fields.require("cluster");
  fields.text("name", it.name);
  fields.text("cluster", it.cluster);
  fields.text("listen", it.listen);
  fields.text("advertise", it.advertise);
  fields.texts("seeds", it.seeds);
  read_certificates(fields, folder, it.certificates);
  fields.integer("capacity", it.capacity, 0U, 100'000U);
  fields.text("placement", it.placement);
  read_time(fields, "beat", it.beat, 50ms, 60s);
  read_time(fields, "suspect_after", it.suspect_after, 100ms, 600s);
  read_time(fields, "down_after", it.down_after, 150ms, 900s);
  fields.integer("message_bytes_max", it.message_bytes_max);
  fields.text("store", it.store);
  read_time(fields, "leader_lease", it.leader_lease, 1s, 600s);
  fields.boolean("agents_from_others", it.agents_from_others);
  read_time(fields, "move_max", it.move_max, 0s, 600s);
  read_path(fields, folder, "config", files.host);
  read_path(fields, folder, "roster", files.roster);
  read_path(fields, folder, "ready_file", to.ready_file);
  read_time(fields, "drain_max", to.drain_max, 0s, 24h);
  fields.finish();
  return files;
}

void add_all(std::vector<problem>& to, std::vector<problem> more) {
  for (auto& it : more)
    to.push_back(std::move(it));
}

} // namespace

loaded_node load_node(const std::string& file) {
  loaded_node loaded;
  yaml::problems found{file};
  const auto root = yaml::load(file, found);
  if (!root) {
    loaded.problems = found.take();
    return loaded;
  }
  auto& to = loaded.setup;
  const auto files =
      read_fields(*root, fs::path{file}.parent_path(), found, to);
  if (found.empty())
    for (auto& it : problems_of(to.node)) {
      const auto key = it.substr(0, it.find(':'));
      found.add(yaml::nearest_node(*root, "/" + key), std::move(it));
    }
  loaded.problems = found.take();
  if (!files.host.empty()) {
    auto host = load_config(files.host);
    to.host = std::move(host.config);
    add_all(loaded.problems, std::move(host.problems));
  }
  if (!files.roster.empty() && loaded.problems.empty()) {
    auto models = models::load_models(to.host);
    add_all(loaded.problems, std::move(models.problems));
    auto roster = load_roster(files.roster, models.models.all());
    to.agents = std::move(roster.agents);
    add_all(loaded.problems, std::move(roster.problems));
  }
  return loaded;
}

} // namespace troupe::cluster
