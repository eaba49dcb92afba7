#include "roster/agent_reader.hpp"

#include "troupe/runtime/roster.hpp"
#include "yaml/mapping.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>

namespace troupe::roster {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t files_max = 1'000;

bool is_agent_file(const fs::path& path) {
  const auto ending = path.extension();
  return ending == ".yaml" || ending == ".yml" || ending == ".json";
}

/// The folder's agent files by name; a problem when there is none.
std::vector<fs::path> files_in(const fs::path& folder, yaml::problems& found) {
  std::vector<fs::path> files;
  std::error_code ec;
  for (fs::directory_iterator at{folder, ec}, end; !ec && at != end;
       at.increment(ec))
    if (is_agent_file(at->path()) && files.size() <= files_max)
      files.push_back(at->path());
  if (ec)
    found.add("the folder cannot be read");
  else if (files.empty())
    found.add("the folder has no agent files (*.yaml, *.yml, *.json)");
  else if (files.size() > files_max)
    found.add("the folder has more than " + std::to_string(files_max)
              + " agent files");
  std::sort(files.begin(), files.end());
  return files;
}

const yaml::node* list_in(const yaml::node& root, yaml::problems& found) {
  if (root.kind == yaml::node_kind::sequence)
    return &root;
  if (root.kind != yaml::node_kind::mapping || root.find("agents") == nullptr)
    return nullptr;
  yaml::mapping fields{root, found};
  const auto* list = fields.list("agents");
  fields.finish();
  return list != nullptr ? list : &root;
}

void read_file_of_agents(const fs::path& path, const std::string& shown_path,
                         std::vector<agent_draft>& drafts,
                         yaml::problems& found) {
  yaml::problems here{shown_path};
  if (auto root = yaml::load(path, here)) {
    const auto* list = list_in(*root, here);
    if (list == nullptr)
      drafts.push_back(read_agent(*root, tier_rule::required, here));
    else if (list->kind == yaml::node_kind::sequence)
      for (const auto& item : list->items)
        drafts.push_back(read_agent(item, tier_rule::required, here));
  }
  for (auto& one : here.take())
    found.add(std::move(one));
}

/// What a field of the struct is called in a file.
std::string file_pointer(std::string_view pointer) {
  if (pointer.starts_with("/card"))
    pointer.remove_prefix(5);
  if (pointer == "/level")
    return "/tier";
  if (pointer == "/turns_max")
    return "/max_turns";
  if (pointer == "/tokens_max")
    return "/max_tokens";
  if (pointer == "/repeats_max")
    return "/max_repeats";
  return std::string{pointer};
}

} // namespace

agent_draft read_agent(const yaml::node& at, tier_rule rule,
                       yaml::problems& found) {
  agent_draft draft{{}, found.file(), at};
  auto& spec = draft.spec;
  yaml::mapping fields{at, found};
  fields.text("name", spec.card.name);
  fields.text("description", spec.card.description);
  fields.texts("skills", spec.card.skills);
  fields.texts("tags", spec.card.tags);
  if (rule == tier_rule::required)
    fields.require("tier");
  fields.choice("tier", spec.card.level);
  fields.text("instructions", spec.instructions);
  fields.text("model", spec.model);
  fields.texts("tools", spec.tools);
  fields.texts("asks", spec.asks);
  fields.integer("max_turns", spec.turns_max, 1U, 100U);
  fields.integer("max_tokens", spec.tokens_max, std::uint64_t{1});
  fields.integer("max_repeats", spec.repeats_max, 1U, 100U);
  fields.finish();
  return draft;
}

std::vector<agent_draft> read_agents(const fs::path& file_or_folder,
                                     const std::string& shown_path,
                                     yaml::problems& found) {
  std::vector<agent_draft> drafts;
  std::error_code ec;
  if (!fs::is_directory(file_or_folder, ec)) {
    read_file_of_agents(file_or_folder, shown_path, drafts, found);
    return drafts;
  }
  yaml::problems here{shown_path};
  for (const auto& path : files_in(file_or_folder, here))
    read_file_of_agents(path, (fs::path{shown_path} / path.filename()).string(),
                        drafts, found);
  for (auto& one : here.take())
    found.add(std::move(one));
  return drafts;
}

problem locate(const agent_draft& draft, std::string_view pointer,
               std::string message) {
  const auto& at = yaml::nearest_node(draft.at, file_pointer(pointer));
  return {draft.file, at.line, at.column, std::move(message)};
}

std::vector<protocol::agent_spec>
specs_of(const std::vector<agent_draft>& drafts) {
  std::vector<protocol::agent_spec> specs;
  for (const auto& draft : drafts)
    specs.push_back(draft.spec);
  return specs;
}

void verify(const std::vector<agent_draft>& drafts,
            std::span<const protocol::model_spec> models,
            yaml::problems& found) {
  const auto specs = specs_of(drafts);
  for (auto& one : verify_roster(specs, models)) {
    std::string_view rest = one.pointer;
    std::size_t index = 0;
    rest.remove_prefix(1);
    auto [last, ec] =
        std::from_chars(rest.data(), rest.data() + rest.size(), index);
    rest.remove_prefix(static_cast<std::size_t>(last - rest.data()));
    if (ec == std::errc{} && index < drafts.size())
      found.add(locate(drafts[index], rest, std::move(one.message)));
  }
}

} // namespace troupe::roster

namespace troupe {

loaded_roster load_roster(const std::filesystem::path& file_or_folder,
                          std::span<const protocol::model_spec> models) {
  const auto shown = file_or_folder.string();
  yaml::problems found{shown};
  const auto drafts = roster::read_agents(file_or_folder, shown, found);
  roster::verify(drafts, models, found);
  return {roster::specs_of(drafts), found.take()};
}

} // namespace troupe
