#include "support/actors/counter.hpp"
#include "support/protocol/random_source.hpp"
#include "support/virtual_time.hpp"

#include <troupe/protocol/byte_size.hpp>

#include <caf/actor_companion.hpp>

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::actors;
using protocol::errc;

namespace {

using perform = protocol::request<protocol::perform_task>;
using performed = protocol::response<protocol::task_result>;

/// One item takes the worker a beat.
constexpr std::chrono::milliseconds beat{10};
constexpr std::size_t second = 1s / beat;
constexpr std::size_t minute = 60 * second;
constexpr std::size_t times = 10; // what comes, to what can be done
constexpr std::uint64_t seed = 3'003;

/// A worker whose time passes in beats, and a crowd that asks it.
class overload {
public:
  explicit overload(const mailbox_limits& limits) : limits_(limits) {
    worker_ = world_.keep(caf::actor_cast<test::counter_actor>(
        world_.system().spawn<test::counter>(world_.clock(), limits, log_)));
    inside_ = dynamic_cast<test::counter*>(
        caf::actor_cast<caf::abstract_actor*>(worker_));
    world_.run();
    crowd().on_enqueue(
        [this](const caf::mailbox_element_ptr& what) { take(*what); });
  }

  ~overload() {
    crowd().on_enqueue(nullptr);
    crowd().cleanup(caf::exit_reason::user_shutdown, nullptr);
  }

  overload(const overload&) = delete;
  overload& operator=(const overload&) = delete;

  void ask() {
    auto ask = message();
    ask.head.deadline = world_.now() + 1s;
    ask.body.task = std::to_string(items_.size());
    const auto mid = crowd().new_request_id(caf::message_priority::normal);
    numbers_.emplace(mid.request_id().integer_value(), items_.size());
    items_.push_back({now_, {}, 0});
    caf::actor_cast<caf::abstract_actor*>(worker_)->enqueue(
        caf::make_mailbox_element(crowd().ctrl(), mid, {}, std::move(ask)),
        nullptr);
    const auto depth = inside_->depth();
    passes_bound |= depth.messages > limits_.messages_max
                    || depth.bytes > limits_.bytes_max;
  }

  void cancel() {
    protocol::coordination<protocol::cancel> stop;
    stop.body = {{1, ++cancels}, std::to_string(now_)};
    caf::anon_send(worker_, stop);
  }

  /// The worker handles one item, and what costs it no time.
  void serve() {
    for (bool is_free = true; is_free && world_.run_one();)
      for (; seen_ < log_->handled.size(); ++seen_)
        is_free = note(log_->handled[seen_]) && is_free;
    ++now_;
    world_.pass(beat);
  }

  /// How many of the requests from `first` on ended so.
  [[nodiscard]] std::size_t count(std::optional<errc> outcome,
                                  std::size_t first = 0) const {
    return std::count_if(items_.begin() + static_cast<std::ptrdiff_t>(first),
                         items_.end(), [&](const item& it) {
                           return it.outcomes == 1 && it.failure == outcome;
                         });
  }

  [[nodiscard]] std::size_t asked() const { return items_.size(); }
  [[nodiscard]] std::uint32_t waiting() const {
    return inside_->depth().messages;
  }
  /// So many wait at most.
  [[nodiscard]] std::size_t bound() const {
    return std::min<std::size_t>(limits_.messages_max,
                                 limits_.bytes_max
                                     / protocol::byte_size(message()));
  }

  bool passes_bound = false;
  std::size_t longest_wait = 0;   ///< Of an item, in beats.
  std::size_t longest_cancel = 0; ///< Likewise.
  std::uint64_t cancels = 0;
  std::uint64_t cancels_handled = 0;

private:
  struct item {
    std::size_t asked_at = 0;
    std::optional<errc> failure;
    int outcomes = 0;
  };

  caf::actor_companion& crowd() {
    return dynamic_cast<caf::actor_companion&>(
        *caf::actor_cast<caf::abstract_actor*>(crowd_));
  }

  static perform message() {
    perform it;
    it.body.task = "number";
    it.body.prompt.assign(1'000, 'p');
    return it;
  }

  void take(caf::mailbox_element& what) {
    auto& it = items_.at(numbers_.at(what.mid.request_id().integer_value()));
    ++it.outcomes;
    if (what.content().match_elements<caf::error>())
      it.failure = from_caf(what.content().get_as<caf::error>(0)).code;
  }

  /// True when this took no time.
  bool note(const std::string& handled) {
    constexpr std::string_view control = "cancel ";
    const bool is_control = handled.rfind(control, 0) == 0;
    if (is_control) {
      ++cancels_handled;
      longest_cancel = std::max(
          longest_cancel, now_ - std::stoul(handled.substr(control.size())));
    } else {
      longest_wait = std::max(longest_wait,
                              now_ - items_.at(std::stoul(handled)).asked_at);
    }
    return is_control;
  }

  mailbox_limits limits_;
  test::virtual_time world_;
  std::shared_ptr<test::counted> log_ = std::make_shared<test::counted>();
  test::counter_actor worker_;
  test::counter* inside_ = nullptr;
  caf::actor crowd_ = world_.system().spawn<caf::actor_companion>();
  std::vector<item> items_;
  std::unordered_map<std::uint64_t, std::size_t> numbers_; // by request
  std::size_t seen_ = 0; ///< Of what was handled.
  std::size_t now_ = 0;  ///< In beats.
};

mailbox_limits by_count() {
  mailbox_limits limits;
  limits.messages_max = 50;
  return limits;
}

mailbox_limits by_bytes() {
  mailbox_limits limits;
  limits.bytes_max = 64'000;
  return limits;
}

/// A minute of requests at random, with a cancel now and then.
void storm(overload& it) {
  protocol::test::random_source random{seed};
  for (std::size_t i = 0; i < minute; ++i) {
    for (auto n = random.below(2 * times + 1); n > 0; --n)
      it.ask();
    if (i % 7 == 0)
      it.cancel();
    it.serve();
  }
}

} // namespace

TEST_CASE("M3: ten times too much for a minute is refused, not kept",
          "[overload]") {
  INFO("seed " << seed);
  overload it{GENERATE(by_count(), by_bytes())};
  storm(it);
  CHECK(it.asked() > (times - 1) * minute);
  CHECK_FALSE(it.passes_bound);
  CHECK(it.waiting() > it.bound() / 2); // it was at its bound
  const auto goodput = it.count(std::nullopt);
  CHECK(goodput >= minute * 8 / 10);
  CHECK(it.count(errc::overloaded) + goodput + it.waiting() == it.asked());
  CHECK(it.longest_wait <= it.bound());
  CHECK(it.cancels_handled == it.cancels);
  CHECK(it.longest_cancel <= 3);
}

TEST_CASE("M3: within five seconds after it an actor is itself again",
          "[overload]") {
  INFO("seed " << seed);
  overload it{GENERATE(by_count(), by_bytes())};
  storm(it);
  std::size_t beats = 0;
  while (it.waiting() > 0 && beats < minute) {
    it.serve();
    ++beats;
  }
  CHECK(beats <= 5 * second);
  CHECK(it.count(std::nullopt) + it.count(errc::overloaded) == it.asked());
  const auto first = it.asked();
  it.longest_wait = 0;
  for (std::size_t i = 0; i < 5 * second; ++i) {
    it.ask();
    it.serve();
  }
  CHECK(it.count(std::nullopt, first) == 5 * second);
  CHECK(it.longest_wait == 0);
}
