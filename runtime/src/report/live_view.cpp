#include "live_view.hpp"

#include "printable.hpp"
#include "text_table.hpp"
#include "text_width.hpp"

#include <algorithm>
#include <tuple>

namespace troupe::report {

using protocol::for_people;
using protocol::instant;
using protocol::task_state;

namespace {

constexpr std::size_t bar_columns = 10;
constexpr std::uint64_t chars_per_token = 4;

std::string whole_seconds(protocol::duration value) {
  using std::chrono::seconds;
  return for_people(protocol::duration{std::chrono::ceil<seconds>(value)});
}

std::string header(const run_board& board, instant now) {
  const auto done = board.count(task_state::done);
  auto text = printable_line(board.mission()) + ": " + std::to_string(done)
              + " of " + std::to_string(board.rows().size()) + " done";
  if (const auto failed = board.count(task_state::failed); failed != 0)
    text += ", " + std::to_string(failed) + " failed";
  text += "  |  " + for_people(board.spent());
  if (board.budget() != protocol::money::max())
    text += " of " + for_people(board.budget());
  if (board.started() != instant{})
    text += "  |  " + for_people(now - board.started());
  if (board.is_cancelling())
    text += "  |  stopping; Ctrl-C again to leave at once";
  else if (!board.is_finished())
    text += "  |  about " + whole_seconds(board.time_left(now)) + " left";
  return text + (board.is_simulated() ? "  |  simulated" : "");
}

/// How far the agent says it is, or how much of the expected text has arrived:
/// a guess. Never quite full.
std::string progress(const run_board::row& it) {
  if (it.state != task_state::running)
    return {};
  const auto expected =
      std::max<std::uint64_t>(it.estimate.output_tokens * chars_per_token, 1);
  const auto done = it.permille != 0 ? it.permille * bar_columns / 1'000
                                     : it.output_chars * bar_columns / expected;
  const auto full = std::min<std::uint64_t>(done, bar_columns - 1);
  return std::string(full, '#') + std::string(bar_columns - full, '.');
}

std::string state_text(const run_board::row& it) {
  auto text = std::string(enum_name(it.state));
  if (it.attempt > 1 && it.state == task_state::running)
    text += " (try " + std::to_string(it.attempt) + ")";
  return text;
}

std::string elapsed(const run_board::row& it, instant now) {
  if (it.started == instant{})
    return {};
  const auto until = has_ended(it.state) ? it.finished : now;
  return for_people(std::max(until - it.started, protocol::duration{}));
}

/// A column of the view, and the narrowest screen that shows it.
struct view_column {
  text_table::column head;
  std::size_t columns_min;
  text_table::cell (*cell_of)(const run_board::row&, instant);
};

std::string cost_text(const run_board::row& it) {
  return it.cost == protocol::money{} ? "" : for_people(it.cost);
}

const std::vector<view_column>& view_columns() {
  using row = run_board::row;
  using cell = text_table::cell;
  static const std::vector<view_column> all{
      {{"TASK", false, true},
       0,
       [](const row& it, instant) {
         return cell{it.task};
       }},
      {{"STATE"},
       0,
       [](const row& it, instant) {
         return cell{state_text(it), tone_of(it.state)};
       }},
      {{"AGENT", false, true},
       90,
       [](const row& it, instant) {
         return cell{it.agent};
       }},
      {{"MODEL", false, true},
       76,
       [](const row& it, instant) {
         const bool started = it.started != instant{};
         return cell{it.model, started ? tone::plain : tone::faint};
       }},
      {{"PROGRESS"},
       60,
       [](const row& it, instant) {
         return cell{progress(it), tone::busy};
       }},
      {{"TIME", true},
       40,
       [](const row& it, instant now) {
         return cell{elapsed(it, now)};
       }},
      {{"COST", true},
       50,
       [](const row& it, instant) {
         return cell{cost_text(it)};
       }},
      {{"NOTE", false, true}, 100, [](const row& it, instant) {
         return cell{it.note, tone::faint};
       }}};
  return all;
}

text_table table_of(const run_board& board,
                    const std::vector<std::size_t>& shown, instant now,
                    std::size_t columns) {
  std::vector<text_table::column> heads;
  for (const auto& each : view_columns())
    if (columns >= each.columns_min)
      heads.push_back(each.head);
  text_table table{std::move(heads)};
  for (const auto i : shown) {
    std::vector<text_table::cell> cells;
    for (const auto& each : view_columns())
      if (columns >= each.columns_min)
        cells.push_back(each.cell_of(board.rows()[i], now));
    table.add_row(std::move(cells));
  }
  return table;
}

int rank_of(task_state state) {
  if (state == task_state::running)
    return 0;
  if (has_ended(state))
    return 1;
  return state == task_state::ready ? 2 : 3;
}

/// The tasks that find room, in mission order.
std::vector<std::size_t> shown_rows(const run_board& board, std::size_t room) {
  const auto& rows = board.rows();
  std::vector<std::size_t> shown(rows.size());
  for (std::size_t i = 0; i < shown.size(); ++i)
    shown[i] = i;
  if (shown.size() <= room)
    return shown;
  const auto rank = [&](std::size_t i) {
    return std::tuple{rank_of(rows[i].state), ~rows[i].changed, i};
  };
  std::sort(shown.begin(), shown.end(),
            [&](auto a, auto b) { return rank(a) < rank(b); });
  shown.resize(room);
  std::sort(shown.begin(), shown.end());
  return shown;
}

std::string hidden_text(const run_board& board,
                        const std::vector<std::size_t>& shown) {
  std::vector<std::size_t> counts(7);
  for (const auto& it : board.rows())
    ++counts[static_cast<std::size_t>(it.state)];
  for (const auto i : shown)
    --counts[static_cast<std::size_t>(board.rows()[i].state)];
  std::string text;
  for (std::size_t i = 0; i < counts.size(); ++i)
    if (counts[i] != 0)
      text += (text.empty() ? "not shown: " : ", ") + std::to_string(counts[i])
              + ' ' + std::string(enum_name(static_cast<task_state>(i)));
  return text;
}

/// A screen below the narrowest that the table can do cuts its lines, which
/// must not cut a colour's code: such lines come without colours.
void add_lines(std::vector<std::string>& lines, std::string_view text) {
  while (!text.empty()) {
    const auto end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
}

} // namespace

std::vector<std::string> live_lines(const run_board& board, instant now,
                                    screen_size screen, bool color) {
  const auto columns = std::max<std::size_t>(screen.columns, 20) - 1;
  std::vector<std::string> lines{painted(clipped(header(board, now), columns),
                                         tone::strong, color && columns >= 40)};
  const auto room = screen.rows > 4 ? screen.rows - 3 : 1;
  const bool all = board.rows().size() <= room;
  const auto shown = shown_rows(board, all ? room : room - 1);
  const auto table = table_of(board, shown, now, columns);
  add_lines(lines, table.text({columns, color && columns >= 40}));
  if (columns < 40)
    for (auto& line : lines)
      line = clipped(line, columns);
  if (!all)
    lines.push_back(painted(clipped(hidden_text(board, shown), columns),
                            tone::faint, color && columns >= 40));
  return lines;
}

} // namespace troupe::report
