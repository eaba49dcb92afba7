#include "summary_path.hpp"
#include "troupe/actors/plan.hpp"

#include <algorithm>
#include <limits>

namespace troupe::actors {

using protocol::duration;
using protocol::money;
using protocol::run_report;
using protocol::run_summary;
using protocol::task_record;

namespace {

/// `part * 1000 / whole`, rounded to nearest, held to what 32 bits can say.
/// Both not negative; 0 when `whole` is.
std::uint32_t permille(std::uint64_t part, std::uint64_t whole) {
  constexpr auto most = std::numeric_limits<std::int32_t>::max();
  while (part > std::numeric_limits<std::uint64_t>::max() / 2000) {
    part /= 2;
    whole /= 2;
  }
  if (whole == 0)
    return 0;
  const auto ratio = (part * 1000 + whole / 2) / whole;
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(ratio, most));
}

std::uint64_t count(duration value) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(value.count(), 0));
}

std::uint64_t count(money value) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(value.nano_usd, 0));
}

/// Sums up how far estimates were off, each relative to what came true.
class mean_error {
public:
  void add(std::uint64_t estimated, std::uint64_t actual) {
    if (actual == 0)
      return;
    const auto off =
        estimated > actual ? estimated - actual : actual - estimated;
    sum_ += permille(off, actual);
    ++count_;
  }

  [[nodiscard]] std::uint32_t mean() const {
    return count_ == 0 ? 0 : static_cast<std::uint32_t>(sum_ / count_);
  }

private:
  std::uint64_t sum_ = 0;
  std::uint64_t count_ = 0;
};

void compare_estimates(const run_report& report, run_summary& summary) {
  mean_error tokens;
  mean_error cost;
  mean_error time;
  for (const auto& task : report.tasks) {
    if (task.model_calls == 0)
      continue;
    tokens.add(task.estimate.prompt_tokens + task.estimate.output_tokens,
               task.used.prompt() + task.used.output);
    cost.add(count(task.estimate.cost), count(task.cost));
    time.add(count(task.estimate.time), count(running_time(task)));
  }
  summary.token_error_permille = tokens.mean();
  summary.cost_error_permille = cost.mean();
  summary.time_error_permille = time.mean();
}

money cost_at(const protocol::model_spec& model, const run_report& report) {
  money sum;
  for (const auto& task : report.tasks)
    sum += cost_of(model, task.used);
  return sum;
}

void compare_uniform(const run_report& report,
                     const std::vector<protocol::model_spec>& models,
                     run_summary& summary) {
  for (const auto& model : models) {
    if (model.level != protocol::tier::expert || model.prices.empty())
      continue; // a model without prices is nobody's bill
    const auto cost = cost_at(model, report);
    const bool better =
        summary.uniform_model.empty() || cost < summary.uniform_cost
        || (cost == summary.uniform_cost && model.id < summary.uniform_model);
    if (!better)
      continue;
    summary.uniform_model = model.id;
    summary.uniform_cost = cost;
  }
  money paid;
  for (const auto& task : report.tasks)
    paid += task.cost;
  const auto difference = summary.uniform_cost - paid;
  const auto size =
      permille(count(difference < money{} ? money{} - difference : difference),
               count(summary.uniform_cost));
  summary.saving_permille = difference < money{}
                                ? -static_cast<std::int32_t>(size)
                                : static_cast<std::int32_t>(size);
}

/// Of tasks whose model is known, as if it had made all their calls.
money prompt_cache_saving(const run_report& report,
                          const std::vector<protocol::model_spec>& models) {
  money sum;
  for (const auto& task : report.tasks) {
    const auto model =
        std::find_if(models.begin(), models.end(),
                     [&](const auto& it) { return it.id == task.model; });
    if (model == models.end())
      continue;
    auto plain = task.used;
    plain.input = plain.prompt();
    plain.cache_read = plain.cache_write = plain.cache_write_1h = 0;
    sum += cost_of(*model, plain) - cost_of(*model, task.used);
  }
  return sum;
}

} // namespace

run_summary summarise(const run_report& report,
                      const std::vector<protocol::model_spec>& models) {
  run_summary summary;
  if (report.started != protocol::instant{} && report.finished > report.started)
    summary.makespan = report.finished - report.started;
  for (const auto& task : report.tasks)
    summary.work += running_time(task);
  for (const auto task : deciding_chain(report.tasks)) {
    summary.critical_path.push_back(report.tasks[task].task);
    summary.critical_time += running_time(report.tasks[task]);
  }
  const auto places =
      std::min<std::uint64_t>(report.concurrency, report.tasks.size());
  const auto made = count(summary.makespan);
  summary.utilisation_permille = permille(count(summary.work), made * places);
  summary.speedup_permille = permille(count(summary.work), made);
  compare_estimates(report, summary);
  compare_uniform(report, models, summary);
  summary.prompt_cache_saved = prompt_cache_saving(report, models);
  return summary;
}

} // namespace troupe::actors
