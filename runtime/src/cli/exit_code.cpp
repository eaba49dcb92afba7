#include "exit_code.hpp"

#include <algorithm>

namespace troupe::cli {

using protocol::errc;

int exit_code_for(errc code) noexcept {
  switch (code) {
  case errc::invalid_request:
  case errc::malformed_message:
  case errc::mission_invalid:
  case errc::config_invalid:
  case errc::file_unreadable:
  case errc::unknown_agent:
  case errc::unknown_run:
  case errc::no_model_fits:
  case errc::key_file_open:
  case errc::provider_unauthorized: // of a start: no key, so nothing was sent
    return exit_bad_input;
  case errc::budget_exhausted:
    return exit_budget;
  case errc::runtime_ended:
    return exit_fallen;
  case errc::cancelled:
    return exit_cancelled;
  default:
    return exit_failed;
  }
}

int exit_code_for(const protocol::run_report& report) noexcept {
  if (report.state == protocol::run_state::done)
    return exit_done;
  if (report.failure && report.failure->code == errc::runtime_ended)
    return exit_fallen;
  if (report.state == protocol::run_state::cancelled)
    return exit_cancelled;
  if (report.state == protocol::run_state::paused)
    return exit_waits;
  const auto lacks_money = [](const auto& it) {
    return it.failure && it.failure->code == errc::budget_exhausted;
  };
  const bool refused =
      lacks_money(report)
      || std::any_of(report.tasks.begin(), report.tasks.end(), lacks_money);
  return refused ? exit_budget : exit_failed;
}

} // namespace troupe::cli
