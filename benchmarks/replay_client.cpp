#include "replay_client.hpp"

#include "random.hpp"

#include <deque>

namespace troupe::benchmarks {

using actors::admission;

client::client(const std::vector<recorded>& calls, const setting& how)
    : how_(how), calls_(&calls), key_(how.limits), random_(how.seed) {
  out_.asked_by.resize(how.tenants);
  out_.done_by.resize(how.tenants);
}

std::uint64_t client::random() {
  return actors::next_random(random_);
}

outcome client::run() {
  for (const auto& call : *calls_) {
    out_.asked_by[call.tenant] += call.input + call.output;
    hour_.at(call.at, [this, &call] {
      auto it = std::make_shared<job>();
      it->what = &call;
      it->deadline = hour_.now() + how_.patience;
      arrive(it);
    });
  }
  hour_.run();
  return std::move(out_);
}

void client::send(const job_ptr& it) {
  ++it->attempts;
  ++out_.sent;
  if (const auto wait = key_.refuse(*it->what, hour_.now())) {
    ++out_.refusals;
    hour_.after(std::chrono::milliseconds{50}, [this, it, wait = *wait] {
      left(it, wait);
      again(it, wait);
    });
    return;
  }
  const std::chrono::duration<double> waited = hour_.now() - it->what->at;
  hour_.after(simulated_key::time_of(*it->what), [this, it, waited] {
    key_.end(*it->what);
    if (hour_.now() < it->deadline) {
      ++out_.done;
      out_.waits.push_back(waited.count());
      out_.done_by[it->what->tenant] += it->what->input + it->what->output;
    }
    left(it, std::nullopt);
  });
}

void client::again(const job_ptr& it, duration wait) {
  if (it->attempts >= how_.attempts_max)
    return;
  const auto pause =
      wait + actors::pause_before_retry({}, it->attempts, random());
  if (hour_.now() + pause < it->deadline)
    hour_.after(pause, [this, it] { arrive(it); });
}

namespace {

class at_once_client final : public client {
public:
  using client::client;

private:
  void arrive(const job_ptr& it) override { send(it); }
  void left(const job_ptr&, std::optional<duration>) override {}
};

class fixed_client final : public client {
public:
  fixed_client(const std::vector<recorded>& calls, const setting& how,
               std::uint32_t at_once)
      : client(calls, how), places_(at_once) {}

private:
  void arrive(const job_ptr& it) override {
    line_.push_back(it);
    serve();
  }
  void left(const job_ptr&, std::optional<duration>) override {
    ++places_;
    serve();
  }
  void serve() {
    while (places_ > 0 && !line_.empty()) {
      const auto it = line_.front();
      line_.pop_front();
      if (hour_.now() >= it->deadline)
        continue;
      --places_;
      send(it);
    }
  }

  std::uint32_t places_;
  std::deque<job_ptr> line_; // bounded by what is replayed
};

/// As the router does it.
class admitted_client final : public client {
public:
  admitted_client(const std::vector<recorded>& calls, const setting& how,
                  bool shares)
      : client(calls, how), shares_(shares), admission_(config_of(how)) {}

private:
  static actors::router_config config_of(const setting& how) {
    actors::router_config config;
    config.models.emplace_back().provider = "p";
    const auto whole = [](double limit) {
      return static_cast<std::uint64_t>(limit);
    };
    config.rates["p"] = {whole(how.limits.requests), whole(how.limits.input),
                         whole(how.limits.output), 1'000, how.burst};
    return config;
  }

  /// Tokens as estimated: up to a tenth off.
  void expect(actors::routed_call& call, const recorded& what) {
    const auto permille = 900 + random() % 201;
    call.need.prompt_tokens = what.input * permille / 1'000;
    call.need.output_tokens = what.output <= 1'024 ? 1'024 : 4'096;
  }

  void arrive(const job_ptr& it) override {
    if (!it->call) {
      it->call = std::make_shared<actors::routed_call>();
      it->call->arrival = ++arrivals_;
      it->call->deadline = it->deadline;
      it->call->asked.body.account =
          shares_ ? std::to_string(it->what->tenant) : "all";
      expect(*it->call, *it->what);
    }
    if (hour_.now() >= it->deadline)
      return;
    if (!rest_.is_over(hour_.now())) {
      const auto turn = rest_.turn(random());
      if (turn < it->deadline)
        hour_.at(turn, [this, it] { arrive(it); });
      return;
    }
    if (admission_.may_enter(0, *it->call, hour_.now())) {
      admission_.enter(*it->call, hour_.now());
      return send(it);
    }
    wait(it);
  }

  void wait(const job_ptr& it) {
    if (admission_.is_hopeless(0, *it->call, hour_.now()))
      return;
    admission_.wait(0, it->call);
    waiting_.emplace(it->call->arrival, it);
    hour_.at(it->deadline, [this, it] {
      if (it->call->line == actors::no_line)
        return;
      admission_.remove(*it->call);
      waiting_.erase(it->call->arrival);
      serve();
    });
    serve();
  }

  void left(const job_ptr& it, std::optional<duration> refused) override {
    if (refused) {
      rest_.ask(*refused, hour_.now());
      admission_.leave(*it->call, admission::ending::refused,
                       actors::cost_of(*it->call), hour_.now());
    } else {
      admission_.leave(*it->call, admission::ending::success,
                       {it->what->input, it->what->output}, hour_.now());
    }
    serve();
  }

  void serve() {
    while (const auto call = admission_.next(0, hour_.now()))
      arrive(waiting_.extract(call->arrival).mapped());
    const auto at = admission_.next_at(0);
    if (at == instant::max() || at == alarm_)
      return;
    alarm_ = at;
    hour_.at(at, [this, at] {
      if (alarm_ != at)
        return;
      alarm_ = {};
      serve();
    });
  }

  bool shares_;
  admission admission_;
  actors::asked_rest rest_;
  std::map<std::uint64_t, job_ptr> waiting_; ///< By arrival.
  std::uint64_t arrivals_ = 0;
  instant alarm_{};
};

} // namespace

outcome replay_at_once(const std::vector<recorded>& calls, const setting& how) {
  return at_once_client{calls, how}.run();
}

outcome replay_fixed(const std::vector<recorded>& calls, const setting& how,
                     std::uint32_t at_once) {
  return fixed_client{calls, how, at_once}.run();
}

outcome replay_admitted(const std::vector<recorded>& calls, const setting& how,
                        bool shares) {
  return admitted_client{calls, how, shares}.run();
}

} // namespace troupe::benchmarks
