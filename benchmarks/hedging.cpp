// What do second calls beside slow ones take off the tail, and how many are
// made?
//
// A hundred calls a second go for some minutes of virtual time to a model whose
// times to a first piece are lognormal, with the median and the 90th percentile
// of the simulated `balanced` models, and of which one in fifty takes ten times
// as long. Second calls go to another model of the same kind. The router's own
// rules decide: when, and how many at most. Then the first model gets three
// times as slow as a whole for a third of the time: second calls must stay
// within their share.
#include "hedge_rules.hpp"
#include "measure.hpp"
#include "random.hpp"
#include "replay.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <memory>
#include <numbers>

namespace {

using namespace troupe::benchmarks;
namespace actors = troupe::actors;

constexpr double median_s = 0.25;
constexpr double p90_s = 0.6;

struct setting {
  actors::hedge_limits limits;
  bool slows_down = false;
  std::int64_t calls = 0;
  std::uint64_t seed = 0;
};

struct outcome {
  std::vector<double> times; ///< Seconds.
  std::uint64_t seconds = 0; ///< Second calls.
};

class race_track {
public:
  explicit race_track(const setting& how)
      : how_(how), rules_(how.limits, 1), known_(2), random_(how.seed) {}

  outcome run() {
    for (std::int64_t i = 0; i < how_.calls; ++i)
      hour_.at(trace_start + std::chrono::milliseconds{10} * i,
               [this, i] { start(i); });
    hour_.run();
    return std::move(out_);
  }

private:
  struct race {
    actors::routed_call first;
    bool is_over = false;
  };
  using race_ptr = std::shared_ptr<race>;

  double uniform() {
    return static_cast<double>((actors::next_random(random_) >> 11U) + 1)
           / 9007199254740993.0;
  }

  duration draw(double scale) {
    const auto normal = std::sqrt(-2 * std::log(uniform()))
                        * std::cos(2 * std::numbers::pi * uniform());
    const auto sigma = std::log(p90_s / median_s) / 1.2816;
    const auto stall = uniform() < 0.02 ? 10 : 1;
    const auto s = scale * stall * median_s * std::exp(sigma * normal);
    return duration{static_cast<std::int64_t>(s * 1e9)};
  }

  void start(std::int64_t number) {
    auto it = std::make_shared<race>();
    auto& call = it->first;
    call.asked.body.terms.hedge = true;
    call.begun = hour_.now();
    call.deadline = hour_.now() + std::chrono::minutes{1};
    rules_.earn(0);
    const bool is_slow = how_.slows_down && number > how_.calls / 3
                         && number < how_.calls * 2 / 3;
    hour_.after(draw(is_slow ? 3 : 1), [this, it] { end(it); });
    if (const auto patience = rules_.patience(call, known_))
      hour_.after(*patience, [this, it] { hedge(it); });
  }

  void hedge(const race_ptr& it) {
    if (it->is_over || !rules_.may_start(it->first, 0, 3, hour_.now()))
      return;
    rules_.spend(0);
    ++out_.seconds;
    hour_.after(draw(1), [this, it] { end(it); });
  }

  void end(const race_ptr& it) {
    if (std::exchange(it->is_over, true))
      return;
    const auto took = hour_.now() - it->first.begun;
    known_.add_whole(0, took); // of the first, whoever has won
    out_.times.push_back(std::chrono::duration<double>{took}.count());
  }

  setting how_;
  virtual_hour hour_;
  actors::hedge_rules rules_;
  actors::model_latencies known_;
  std::uint64_t random_;
  outcome out_;
};

double percentile(std::vector<double>& values, std::size_t permille) {
  std::sort(values.begin(), values.end());
  return values[std::min(values.size() - 1, values.size() * permille / 1'000)];
}

void measure(const char* name, setting how, std::int64_t rounds) {
  std::vector<double> p50, p95, p99, p999, share;
  for (std::int64_t i = 1; i <= rounds; ++i) {
    how.seed = static_cast<std::uint64_t>(i);
    auto out = race_track{how}.run();
    if (out.times.size() != static_cast<std::size_t>(how.calls))
      wrong("a call has no answer, or two");
    p50.push_back(percentile(out.times, 500));
    p95.push_back(percentile(out.times, 950));
    p99.push_back(percentile(out.times, 990));
    p999.push_back(percentile(out.times, 999));
    share.push_back(100 * static_cast<double>(out.seconds)
                    / static_cast<double>(how.calls));
  }
  std::printf("\n%s\n", name);
  print_row("  p50", spread_of(p50), "s");
  print_row("  p95", spread_of(p95), "s");
  print_row("  p99", spread_of(p99), "s");
  print_row("  p99.9", spread_of(p999), "s");
  print_row("  second calls", spread_of(share), "% of the calls");
}

} // namespace

int main(int argc, char** argv) {
  const options option{argc,
                       argv,
                       "What do second calls beside slow ones take off the "
                       "tail, and how many are made?",
                       {{"rounds", 5, "seeds"}, {"calls", 60'000, "a round"}}};
  print_machine();
  const auto rounds = std::max<std::int64_t>(option["rounds"], 1);
  setting how;
  how.calls = std::max<std::int64_t>(option["calls"], 1'000);
  for (const bool slows_down : {false, true}) {
    how.slows_down = slows_down;
    std::printf("\n%s", slows_down ? "Three times as slow for a third of the "
                                     "time"
                                   : "As usual");
    how.limits.share_permille = 0;
    measure("without second calls", how, rounds);
    how.limits.share_permille = 50;
    measure("at the 95th percentile, 5 % at most", how, rounds);
    how.limits.share_permille = 500;
    measure("at the 95th percentile, half at most", how, rounds);
  }
}
