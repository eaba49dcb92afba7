#pragma once

#include <troupe/protocol/report.hpp>

#include <span>
#include <string>

namespace troupe {

/// The report of a run for people, as `troupe run` prints it: tasks, totals,
/// critical path, what failed and what to do about it. `models` are those the
/// saving is reckoned against: `runtime::callable_models`.
/// Lines of at most 100 columns, without colour, each ended by a newline.
[[nodiscard]] std::string to_text(const protocol::run_report& report,
                                  std::span<const protocol::model_spec> models);

} // namespace troupe
