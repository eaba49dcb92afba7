#include "support/cluster/history.hpp"

#include <algorithm>

namespace troupe::test {

namespace {

struct dated_line {
  history_time at;
  std::string text;
};

using lines = std::vector<dated_line>;

std::string text_of(const client_op& op) {
  const auto* what = op.kind == op_kind::write  ? "write "
                     : op.kind == op_kind::read ? "read "
                                                : "effect ";
  return op.client + " -> " + op.node + ": " + what + op.key;
}

std::string end_of(const client_op& op) {
  if (op.end != op_end::ok)
    return op.end == op_end::failed ? "refused" : "unknown";
  if (op.kind == op_kind::effect)
    return "ok";
  return "ok, version " + std::to_string(op.version) + ", value '" + op.value
         + "'";
}

void add(lines& all, const client_op& op) {
  const auto text = text_of(op);
  all.push_back(
      {op.invoked,
       text
           + (op.kind == op_kind::write ? " '" + op.value + "'" : std::string{})
           + " ..."});
  if (op.returned != never)
    all.push_back({op.returned, text + ": " + end_of(op)});
}

std::string stamp(history_time at) {
  const auto us =
      std::chrono::duration_cast<std::chrono::microseconds>(at).count();
  auto digits = std::to_string(us % 1'000'000);
  digits.insert(0, 6 - std::min<std::size_t>(6, digits.size()), '0');
  return std::to_string(us / 1'000'000) + '.' + digits + ' ';
}

} // namespace

std::string to_lines(const history& seen) {
  lines all;
  for (const auto& op : seen.ops)
    add(all, op);
  for (const auto& it : seen.effects)
    all.push_back({it.at, it.node + " does '" + it.key + "'"});
  for (const auto& it : seen.bills)
    all.push_back(
        {it.at, "'" + it.account + "' pays " + std::to_string(it.amount)});
  for (const auto& it : seen.tenures) {
    const auto who = it.node + " as '" + it.singleton + "', token "
                     + std::to_string(it.token);
    all.push_back({it.from, who + ": begins"});
    if (it.until != never)
      all.push_back({it.until, who + ": ends"});
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return a.at < b.at; });
  std::string text;
  for (const auto& line : all)
    text += stamp(line.at) + line.text + '\n';
  return text;
}

} // namespace troupe::test
