#include "isolation/agent_process.hpp"
#include "tools/memory_group.hpp"
#include "tools/program.hpp"

#include <memory>
#include <unistd.h>

namespace troupe::isolation {

using namespace std::chrono_literals;
using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

constexpr std::uint32_t restarts_most = 1'000;

result<void> in_range(const char* name, protocol::duration it,
                      protocol::duration least) {
  if (it >= least && it <= 1h)
    return {};
  return fail(errc::invalid_request, std::string{name} + " is "
                                         + protocol::for_people(least)
                                         + " to 1h");
}

} // namespace

result<void> check_options(const agent_process_options& options) {
  if (!options.command.empty())
    if (const auto file =
            tools::find_program(options.command.front(), tools::search_path());
        !file)
      return fail(errc::invalid_request, file.error().detail);
  if (options.resident_max != 0) {
    const auto group = tools::make_memory_group(options.resident_max);
    if (!group)
      return fail(errc::invalid_request,
                  "resident_max: " + group.error().detail);
    (void)::rmdir(group->folder.c_str());
  }
  return check_ranges(options);
}

result<void> check_ranges(const agent_process_options& options) {
  if (options.restarts_max > restarts_most)
    return fail(errc::invalid_request, "restarts_max is at most 1,000");
  for (const auto& good : {in_range("start_max", options.start_max, 100ms),
                           in_range("silence_max", options.silence_max, 1s),
                           in_range("stop_max", options.stop_max, 1ms)})
    if (!good)
      return good;
  return {};
}

actors::task_code code_in_process(const std::string& agent,
                                  const agent_process_options& options) {
  return [it = std::make_shared<agent_process>(agent, options)](
             const actors::task_work& work) {
    return it->perform(work);
  };
}

} // namespace troupe::isolation
