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

/// The same as a Markdown document, with what each task has written. Whatever
/// missions and models have written is shown as text: no markup, no links.
[[nodiscard]] std::string
to_markdown(const protocol::run_report& report,
            std::span<const protocol::model_spec> models);

/// The same as one HTML page with a timeline and the graph of tasks. It holds
/// no script and names no address, and is of bounded size: what is left out is
/// told. Blocking: some milliseconds a thousand tasks.
[[nodiscard]] std::string to_html(const protocol::run_report& report,
                                  std::span<const protocol::model_spec> models);

} // namespace troupe
