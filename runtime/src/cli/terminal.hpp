#pragma once

#include "output.hpp"
#include "report/live_view.hpp"
#include "report/tone.hpp"

namespace troupe::cli {

/// The size of the terminal behind `where`; 80 x 24 when it does not tell.
[[nodiscard]] report::screen_size size_of(const output& where);

/// True when `where` is a terminal that can move its cursor.
[[nodiscard]] bool is_drawable(const output& where);

/// How text for `where` is to look. No colours with NO_COLOR, TERM=dumb,
/// `forbidden`, or when it is not a terminal; no width either then.
[[nodiscard]] report::page page_for(const output& where, bool forbidden);

} // namespace troupe::cli
