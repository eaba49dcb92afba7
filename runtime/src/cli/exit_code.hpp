#pragma once

#include <troupe/protocol/report.hpp>
#include <troupe/protocol/result.hpp>

/// What the command tells the program that started it.
namespace troupe::cli {

inline constexpr int exit_done = 0;
inline constexpr int exit_failed = 1;    ///< A task failed.
inline constexpr int exit_bad_input = 2; ///< Arguments or files.
inline constexpr int exit_budget = 3;    ///< The budget did not suffice.
inline constexpr int exit_waits = 4;     ///< The run waits for somebody.
inline constexpr int exit_fallen = 5;    ///< A part of troupe itself failed.
inline constexpr int exit_cancelled = 130;

/// For a request that could not be carried out.
[[nodiscard]] int exit_code_for(protocol::errc code) noexcept;

/// For a run that has ended.
[[nodiscard]] int exit_code_for(const protocol::run_report& report) noexcept;

} // namespace troupe::cli
