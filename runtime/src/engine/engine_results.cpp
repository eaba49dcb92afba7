// The part of the engine that knows what earlier runs gave, and what a task's
// gate and result depend on.
#include "engine/ask_actor.hpp"
#include "engine/earlier_results.hpp"
#include "engine/engine.hpp"

#include <troupe/protocol/fingerprint.hpp>
#include <troupe/protocol/nearest.hpp>

#include <caf/all.hpp>

namespace troupe {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

/// Of one mission's name: the newest that are looked at for results.
constexpr std::size_t runs_looked_at = 16;
constexpr std::size_t runs_listed_max = 1'000;

} // namespace

result<void> engine::equip(const protocol::mission& mission,
                           std::vector<actors::assignment>& all) const {
  const std::lock_guard lock{mutex_};
  const auto digest_of = [this](const std::string& name) {
    protocol::fingerprint_builder mix;
    mix.add(name);
    if (const auto spec = specs_.find(name); spec != specs_.end()) {
      mix.add_value(*spec->second);
      for (const auto& tool : spec->second->tools)
        if (const auto known = tools_.find(tool); known != tools_.end())
          mix.add_value(known->second.spec);
    } else if (const auto card = cards_.find(name); card != cards_.end()) {
      mix.add_value(card->second);
    }
    return mix.finish();
  };
  std::vector<std::string> names;
  for (const auto& [name, tool] : tools_)
    names.push_back(name);
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i].digest = digest_of(all[i].name);
    for (auto& other : all[i].stand_ins)
      other.digest = digest_of(other.who.name);
    const auto& wanted = mission.tasks[i].gate.tool;
    if (wanted.empty())
      continue;
    const auto tool = tools_.find(wanted);
    if (tool == tools_.end())
      return fail(errc::mission_invalid,
                  "task '" + mission.tasks[i].id + "': its gate names no tool '"
                      + wanted + "'" + protocol::did_you_mean(wanted, names));
    all[i].gate_tool = tool->second.handle;
  }
  return {};
}

result<std::shared_ptr<const actors::result_book>>
earlier_results(caf::actor_system& system, const actors::journal_actor& journal,
                const protocol::mission& mission) {
  std::shared_ptr<const actors::result_book> none;
  if (!mission.reuse.is_on)
    return none;
  if (!journal)
    return fail(errc::invalid_request,
                "results of earlier runs are in the journal; configure one");
  std::vector<protocol::id> runs;
  if (mission.reuse.from) {
    runs.push_back(mission.reuse.from);
  } else {
    const auto listed =
        ask_for<actors::runs_listed>(system, journal, "the journal is gone",
                                     actors::list_runs{runs_listed_max});
    if (!listed)
      return listed.error();
    for (const auto& it : listed->runs)
      if (it.mission == mission.name && runs.size() < runs_looked_at)
        runs.push_back(it.run);
  }
  auto book = std::make_shared<actors::result_book>();
  for (const auto& run : runs) {
    const auto read = ask_for<actors::run_read>(
        system, journal, "the journal is gone", actors::read_run{run});
    if (!read)
      return read.error();
    book->add(run, read->entries);
  }
  return std::shared_ptr<const actors::result_book>{std::move(book)};
}

} // namespace troupe
