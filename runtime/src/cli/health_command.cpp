#include "commands.hpp"
#include "exit_code.hpp"
#include "report/health_text.hpp"
#include "run_finder.hpp"
#include "setup.hpp"
#include "terminal.hpp"

#include <troupe/protocol/json.hpp>
#include <troupe/runtime/runtime.hpp>

#include <boost/json/serialize.hpp>

namespace troupe::cli {

namespace {

constexpr std::size_t steps_max = 1'000;

int show_steps(const health_arguments& given, console& on) {
  const book_arguments book{given.journal, given.common.config,
                            given.common.json, given.common.no_color};
  const auto journal = open_journal(book, "health --steps", on);
  if (!journal)
    return exit_bad_input;
  const auto steps = journal->health(steps_max);
  if (!steps)
    return refuse(steps.error(), on);
  if (given.common.json)
    on.out.line(boost::json::serialize(protocol::to_json(*steps)));
  else
    on.out.write(
        report::steps_text(*steps, page_for(on.out, given.common.no_color)));
  return exit_done;
}

} // namespace

int show_health(const health_arguments& given, console& on) {
  if (given.steps)
    return show_steps(given, on);
  const auto with = load_setup(given.common, on);
  if (!with)
    return exit_bad_input;
  const auto host = start_host(*with);
  if (!host)
    return refuse(host.error(), on);
  const auto health = host->health();
  if (!health)
    return refuse(health.error(), on);
  if (given.common.json)
    on.out.line(boost::json::serialize(protocol::to_json(*health)));
  else
    on.out.write(
        report::health_text(*health, page_for(on.out, given.common.no_color)));
  return health->is_ready && health->is_live ? exit_done : exit_fallen;
}

} // namespace troupe::cli
