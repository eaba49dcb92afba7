#include "config/budgets_reader.hpp"

#include <chrono>

namespace troupe::config {

using namespace std::chrono_literals;

namespace {

void read_alarms(yaml::mapping& fields, std::vector<std::uint32_t>& alarms) {
  std::vector<std::string> percents;
  fields.texts("alarms", percents);
  for (const auto& text : percents) {
    const bool is_number =
        !text.empty() && text.size() <= 3
        && text.find_first_not_of("0123456789") == std::string::npos;
    const auto percent = is_number ? std::stoul(text) : 0;
    if (percent == 0 || percent > 100)
      fields.found().add(*fields.any("alarms"),
                         "an alarm is a percentage from 1 to 100");
    else
      alarms.push_back(static_cast<std::uint32_t>(percent));
  }
}

} // namespace

void read_budgets(yaml::mapping& top,
                  std::vector<protocol::open_account>& budgets) {
  const auto* at = top.map("budgets");
  if (at == nullptr)
    return;
  for (std::size_t i = 0; i < at->items.size(); ++i) {
    protocol::open_account it;
    it.path = at->keys[i].text;
    yaml::mapping fields{at->items[i], top.found()};
    fields.money("limit", it.limit);
    fields.integer("tokens", it.tokens_max);
    fields.integer("calls", it.calls_max);
    fields.choice("window", it.window);
    fields.boolean("rolling", it.is_rolling);
    fields.duration("time", it.time_max, 1s, 24h * 365);
    read_alarms(fields, it.alarms);
    fields.finish();
    budgets.push_back(std::move(it));
  }
}

} // namespace troupe::config
