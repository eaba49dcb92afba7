#include "mission_file/mission_reader.hpp"
#include "mission_file/sub_missions.hpp"
#include "troupe/protocol/mission_check.hpp"
#include "troupe/runtime/mission_file.hpp"

#include <algorithm>
#include <optional>

namespace troupe {

namespace {

using mission_file::mission_draft;
using mission_file::read_context;

/// Adds what `check_mission` finds in the draft, each at its line. Left out is
/// what reading has told already about the same value.
void check_draft(const mission_draft& draft, const yaml::node& root,
                 const read_context& where, bool roster_is_whole) {
  const auto told = where.found.list();
  auto is_told = [&](const yaml::node& at) {
    return std::any_of(told.begin(), told.end(), [&](const problem& one) {
      return one.line == at.line && one.column == at.column
             && one.file == where.found.file();
    });
  };
  const auto plain = mission_file::plain_mission(draft);
  for (auto& one : protocol::check_mission(plain, where.options.known_agents)) {
    if (one.pointer.starts_with("/agents/"))
      continue; // `roster::verify` says the same with the right file
    if (!roster_is_whole
        && (one.pointer.ends_with("/agent") || one.pointer.ends_with("/skill")))
      continue;
    const auto place = mission_file::place_of(root, one.pointer);
    if (!place.is_exact || !is_told(*place.at))
      where.found.add(*place.at, std::move(one.message));
  }
}

void check_size(const mission_draft& draft, const yaml::node& root,
                yaml::problems& found) {
  for (auto& it :
       mission_file::too_large(mission_file::size_of_expanded(draft)))
    found.add(yaml::nearest_node(root, "/tasks"), std::move(it));
}

std::optional<protocol::mission> finish(mission_draft draft,
                                        const read_context& where) {
  auto whole = mission_file::expand(std::move(draft));
  for (auto& one : protocol::check_mission(whole, where.options.known_agents))
    where.found.add("with all parts: " + std::move(one.message));
  if (!where.found.empty())
    return std::nullopt;
  return whole;
}

void check_inner(const mission_draft& draft, const yaml::node& root,
                 const read_context& where) {
  roster::verify(draft.agents, where.options.models, where.found);
  check_draft(draft, root, where, where.found.empty());
}

loaded_mission read(const std::optional<yaml::node>& root,
                    const read_context& where) {
  loaded_mission loaded;
  if (root) {
    auto draft = mission_file::read_mission(*root, where);
    const auto before = where.found.list().size();
    roster::verify(draft.agents, where.options.models, where.found);
    const bool roster_is_whole =
        where.found.list().size() == before
        && std::none_of(
            where.found.list().begin(), where.found.list().end(),
            [&](const problem& one) { return one.file != where.found.file(); });
    check_draft(draft, *root, where, roster_is_whole);
    if (where.found.empty())
      mission_file::inline_missions(draft, *root, where, check_inner);
    if (where.found.empty())
      check_size(draft, *root, where.found);
    if (where.found.empty()) {
      mission_file::unroll(draft);
      loaded.mission = finish(std::move(draft), where);
    }
  }
  loaded.problems = where.found.take();
  return loaded;
}

yaml::limits limits_of(const mission_options& options) {
  yaml::limits limits;
  limits.bytes_max = options.file_bytes_max;
  return limits;
}

} // namespace

loaded_mission load_mission(const std::filesystem::path& path,
                            const mission_options& options) {
  yaml::problems found{path.string()};
  const auto root = yaml::load(path, found, limits_of(options));
  auto folder = path.parent_path();
  if (folder.empty())
    folder = ".";
  return read(root, {folder, true, options, found});
}

loaded_mission parse_mission(std::string_view text, const std::string& name,
                             const mission_options& options) {
  yaml::problems found{name};
  const auto root = yaml::parse(text, found, limits_of(options));
  return read(root, {{}, false, options, found});
}

} // namespace troupe
