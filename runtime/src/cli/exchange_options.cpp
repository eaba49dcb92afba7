#include "exchange_options.hpp"

#include "report/printable.hpp"
#include "setup.hpp"

namespace troupe::cli {

namespace {

constexpr std::size_t numbers_max = 10;

std::string calls(std::uint64_t count) {
  return std::to_string(count) + (count == 1 ? " call" : " calls");
}

std::string listed(const std::vector<std::uint64_t>& numbers) {
  std::string text;
  for (std::size_t i = 0; i < numbers.size() && i < numbers_max; ++i)
    text += (i == 0 ? "" : ", ") + std::to_string(numbers[i]);
  return text + (numbers.size() > numbers_max ? ", ..." : "");
}

bool tell_recording(const protocol::exchange_counts& counts,
                    const run_arguments& given, console& on) {
  if (counts.failure) {
    tell(on, *counts.failure);
    on.err.line("troupe: the recording ends after " + calls(counts.recorded));
    return false;
  }
  if (!given.quiet && !given.record_models.empty())
    on.err.line("recorded " + calls(counts.recorded) + " in "
                + report::printable_line(given.record_models));
  return true;
}

} // namespace

void add_exchange_options(CLI::App& run, run_arguments& given) {
  auto* record = run.add_option(
      "--record-models", given.record_models,
      "Write all calls of models to a new file, one JSON value a line");
  record->type_name("FILE");
  run.add_option("--replay-models", given.replay_models,
                 "Answer calls of models from such a file; no network, no key")
      ->type_name("FILE")
      ->excludes(record);
  run.add_option("--replay-mode", given.replay_mode,
                 "strict: other calls fail; lenient: the nearest answers")
      ->type_name("MODE")
      ->check(CLI::IsMember({"strict", "lenient"}));
}

void apply_exchanges(const run_arguments& given, exchanges_config& to) {
  if (!given.record_models.empty())
    to = {given.record_models, {}, to.replay_mode};
  if (!given.replay_models.empty())
    to = {{}, given.replay_models, to.replay_mode};
  (void)protocol::enum_from_name(given.replay_mode, to.replay_mode);
}

bool tell_exchanges(const protocol::exchange_counts& counts,
                    const run_arguments& given, console& on) {
  if (counts.recorded > 0 || counts.failure || !given.record_models.empty())
    return tell_recording(counts, given, on);
  if (counts.nearest > 0)
    on.err.line("troupe: replay: " + calls(counts.nearest)
                + " answered by what was recorded for another");
  if (counts.drifted > 0)
    on.err.line(
        "troupe: replay: " + calls(counts.drifted) + " of "
        + std::to_string(counts.replayed + counts.nearest + counts.drifted)
        + " not in the recording");
  if (counts.unused.empty())
    return counts.drifted == 0;
  on.err.line("troupe: replay: recorded, but not asked for: exchange "
              + listed(counts.unused));
  return counts.mode == protocol::replay_mode::lenient && counts.drifted == 0;
}

} // namespace troupe::cli
