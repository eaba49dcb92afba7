#include "troupe/actors/replay.hpp"

#include "requests.hpp"
#include "troupe/actors/actor_base.hpp"
#include "troupe/actors/record_message.hpp"

#include <caf/all.hpp>

#include <algorithm>

namespace troupe::actors {

using protocol::any_message;
using protocol::errc;
using protocol::error;
using protocol::fail;
using protocol::message_kind;
using protocol::result;

namespace {

message_kind kind_of(const any_message& message) {
  return std::visit(
      [](const auto& it) { return std::decay_t<decltype(it)>::kind; }, message);
}

result<any_message> read_answer(caf::type_erased_tuple& content) {
  const auto* type =
      content.size() == 1 ? find_tapped_type(content.type(0).second) : nullptr;
  if (type == nullptr)
    return failure_in(content);
  return type->copy(content.get(0)).message;
}

using replay_actor = caf::typed_actor<caf::reacts_to<deadline_tick>>;
using done_function = std::function<void(std::vector<replayed_answer>)>;

class replay : public actor_base<replay_actor> {
public:
  replay(caf::actor_config& cfg, replay_config config, done_function tell)
      : actor_base(cfg, config.clock), config_(std::move(config)),
        done_(std::move(tell)) {}

  const char* name() const override { return "replay"; }

  behavior_type make_behavior() override {
    receive_responses(table_);
    const auto due = clock().now() + config_.patience;
    for (auto& it : config_.messages)
      if (is_wanted(it))
        send_again(std::move(it), due);
    config_.messages.clear();
    table_.arm(this);
    end_if_done();
    return {[this](const deadline_tick& tick) {
      table_.on_tick(this, tick);
    }};
  }

  void on_exit() override {
    table_.close();
    config_.to = nullptr;
    done_ = nullptr;
  }

private:
  class taker : public deadline_table::entry {
  public:
    taker(replay& self, std::size_t at) : self_(self), at_(at) {}
    void answer(caf::type_erased_tuple& content) override {
      self_.take(at_, read_answer(content));
    }
    void give_up(error why) override { self_.take(at_, std::move(why)); }

  private:
    replay& self_;
    std::size_t at_;
  };

  [[nodiscard]] bool is_wanted(const any_message& it) const {
    return kind_of(it) != message_kind::response
           && (config_.agent.empty() || header_of(it).to == config_.agent);
  }

  void send_again(any_message it, deadline_table::time_point due) {
    std::visit(
        [](auto& message) {
          message.head.deadline = {};
          message.head.confirm = false;
        },
        it);
    auto mid = caf::make_message_id();
    if (kind_of(it) == message_kind::request) {
      answers_.push_back(
          {header_of(it), fail(errc::internal, "not answered yet")});
      ++open_;
      mid = table_.open_request(
          due, statistics(),
          std::make_unique<taker>(*this, answers_.size() - 1));
    }
    auto* to = caf::actor_cast<caf::abstract_actor*>(config_.to);
    to->enqueue(ctrl(), mid, to_caf_message(std::move(it)), context());
    if (mid.is_request())
      table_.watch(mid, ctrl(), to->ctrl());
  }

  void take(std::size_t at, result<any_message> answer) {
    answers_[at].answer = std::move(answer);
    --open_;
    end_if_done();
  }

  void end_if_done() {
    if (open_ > 0 || !done_)
      return;
    std::exchange(done_, nullptr)(std::move(answers_));
    quit();
  }

  replay_config config_;
  done_function done_;
  deadline_table table_;
  std::vector<replayed_answer> answers_; ///< One a request that was sent.
  std::size_t open_ = 0;
};

} // namespace

result<std::vector<any_message>>
messages_of(std::span<const protocol::recorded_message> records) {
  std::vector<any_message> messages;
  messages.reserve(records.size());
  for (const auto& it : records) {
    auto message = protocol::decode_message(to_line(it));
    if (!message)
      return fail(message.error().code, "sequence "
                                            + std::to_string(it.sequence) + ": "
                                            + message.error().detail);
    messages.push_back(std::move(*message));
  }
  return messages;
}

result<std::vector<any_message>> read_message_lines(std::string_view lines) {
  std::vector<any_message> messages;
  for (std::size_t number = 1; !lines.empty(); ++number) {
    const auto end = std::min(lines.find('\n'), lines.size());
    const auto line = lines.substr(0, end);
    lines.remove_prefix(std::min(end + 1, lines.size()));
    if (line.find_first_not_of(" \t\r") == std::string_view::npos)
      continue;
    auto message = protocol::decode_message(line);
    if (!message)
      return fail(message.error().code, "line " + std::to_string(number) + ": "
                                            + message.error().detail);
    messages.push_back(std::move(*message));
  }
  return messages;
}

caf::message to_caf_message(any_message message) {
  return std::visit([](auto& it) { return caf::make_message(std::move(it)); },
                    message);
}

void spawn_replay(caf::actor_system& system, replay_config config,
                  std::function<void(std::vector<replayed_answer>)> done) {
  system.spawn<replay>(std::move(config), std::move(done));
}

} // namespace troupe::actors
