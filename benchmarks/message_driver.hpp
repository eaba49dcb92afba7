#pragma once

#include "measure.hpp"
#include "message_echo.hpp"

#include <algorithm>

namespace troupe::benchmarks {

/// Who asks, of bare CAF and of troupe, with the same code.
template <class Base, bool is_bare>
class driver : public Base {
public:
  template <class... Ts>
  driver(caf::actor_config& cfg, echo_actor to, protocol::instant deadline,
         const Ts&... args)
      : Base(cfg, args...), to_(std::move(to)), deadline_(deadline) {}

  driver_actor::behavior_type make_behavior() override {
    return {
        [this](const order& it) -> caf::result<outcome> {
          order_ = it;
          sent_ = done_ = 0;
          result_ = {};
          promise_ = this->template make_response_promise<outcome>();
          if (it.is_one_way)
            note_window();
          else
            while (sent_ < std::min(it.in_flight, it.count))
              ask();
          return promise_;
        },
        [this](const actors::deadline_tick& tick) {
          table_.on_tick(this, tick);
        },
    };
  }

  void on_exit() override { to_ = nullptr; }

private:
  void note_window() {
    for (std::int64_t i = 0; i < window; ++i) {
      note_message note;
      note.head.message = {1, 1};
      note.body.text.assign(200, 'n');
      this->send(to_, std::move(note));
    }
    done_ += window;
    this->request(to_, caf::infinite, 1).then([this](int) {
      if (done_ < order_.count)
        note_window();
      else
        promise_.deliver(result_);
    });
  }

  void ask() {
    ++sent_;
    auto message = new_ask(deadline_);
    if (order_.has_key)
      message.head.idempotency_key = std::to_string(++keys_);
    if (order_.in_flight == 1)
      began_ = seconds_now();
    if constexpr (is_bare)
      this->request(to_, caf::infinite, std::move(message))
          .then([this](const answer_message&) { answered(); });
    else
      actors::request_until<answer_message>(
          this, table_, this->clock().now() + std::chrono::seconds{60}, to_,
          [this](const protocol::result<answer_message>& answer) {
            if (!answer)
              wrong(answer.error().detail);
            answered();
          },
          std::move(message));
  }

  void answered() {
    if (order_.in_flight == 1)
      result_.latencies.push_back((seconds_now() - began_) * 1e6);
    if (++done_ == order_.count)
      promise_.deliver(std::move(result_));
    else if (sent_ < order_.count)
      ask();
  }

  echo_actor to_;
  protocol::instant deadline_;
  actors::deadline_table table_;
  order order_;
  std::int64_t sent_ = 0;
  std::int64_t done_ = 0;
  std::uint64_t keys_ = 0;
  double began_ = 0;
  outcome result_;
  caf::typed_response_promise<outcome> promise_;
};

using bare_driver = driver<driver_actor::base, true>;
using guarded_driver = driver<actors::actor_base<driver_actor>, false>;

} // namespace troupe::benchmarks
