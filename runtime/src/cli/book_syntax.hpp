#pragma once

#include "book_arguments.hpp"

#include <CLI/App.hpp>

namespace troupe::cli {

/// The commands `account`, `choices` and `judge`.
void add_account(CLI::App& app, account_arguments& given);
void add_choices(CLI::App& app, choices_arguments& given);
void add_judge(CLI::App& app, judge_arguments& given);

} // namespace troupe::cli
