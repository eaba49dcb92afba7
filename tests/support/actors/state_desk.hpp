#pragma once

#include "state_rules.hpp"

#include <troupe/actors/state_view.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace troupe::test {

/// A commit that is sent as it is.
class plain_update final : public actors::sealed_update {
public:
  explicit plain_update(protocol::state_update it) : it_(std::move(it)) {}
  [[nodiscard]] const protocol::state_update& get() const noexcept override {
    return it_;
  }

private:
  protocol::state_update it_;
};

inline actors::update_sealer plain_sealer() {
  return [](protocol::state_update it) {
    return std::make_shared<plain_update>(std::move(it));
  };
}

/// Applies what a follower was sent to its view.
inline actors::view_step apply(actors::state_view& view,
                               const actors::state_delivery& it) {
  return std::visit(
      [&](const auto& message) {
        if constexpr (requires { message->get(); })
          return view.apply(message->get().body);
        else
          return view.apply(message);
      },
      it.message);
}

inline protocol::state_write put(std::string key, std::string value,
                                 std::optional<std::uint64_t> expected = {}) {
  return {std::move(key),
          protocol::state_operation::put,
          expected,
          std::move(value),
          {}};
}
inline protocol::state_write
remove_key(std::string key, std::optional<std::uint64_t> expected = {}) {
  return {std::move(key), protocol::state_operation::remove, expected, {}, {}};
}

/// A state store's rules with a clock that the test sets.
struct state_desk {
  explicit state_desk(actors::state_limits limits = {},
                      std::uint64_t revision = 0)
      : rules(limits, plain_sealer(), revision) {}

  protocol::result<protocol::state_written>
  write(std::vector<protocol::state_write> changes,
        protocol::header head = {}) {
    return rules.write({std::move(head), {std::move(changes)}}, now);
  }
  /// The version, or nothing when the key does not exist.
  std::optional<std::uint64_t> version(const std::string& key) {
    const auto answer = rules.read({key}, now);
    return answer && answer->entry
               ? std::optional<std::uint64_t>{answer->entry->version}
               : std::nullopt;
  }
  std::string value(const std::string& key) {
    const auto answer = rules.read({key}, now);
    return answer && answer->entry ? answer->entry->value : std::string{};
  }
  /// Subscribes an owner of its own; the window is its first credit.
  protocol::id follow(std::string key, bool is_prefix, std::uint32_t window,
                      std::uint64_t from = 0) {
    const protocol::id name{1, ++names};
    const auto slot = rules.subscribe({std::move(key), is_prefix, from, window},
                                      name, names, now);
    return slot ? name : protocol::id{};
  }
  /// Takes turns until nothing waits for one.
  void settle() {
    while (rules.needs_turn())
      rules.take_turn(now);
  }
  std::vector<actors::state_delivery> sent() {
    settle();
    return taken();
  }
  /// What is to be sent now, without another turn; one follower each.
  std::vector<actors::state_delivery> taken() {
    std::vector<actors::state_delivery> all;
    for (const auto& it : rules.followers().take_deliveries())
      for (const auto slot : it.slots)
        all.push_back({{slot}, it.message});
    return all;
  }
  void grant(protocol::id name, std::uint32_t count) {
    rules.grant({name, count}, now);
  }
  protocol::result<protocol::state_listed> list(protocol::list_state ask) {
    return answer<protocol::state_listed>(std::move(ask));
  }
  protocol::result<protocol::state_history>
  history(protocol::read_state_history ask) {
    return answer<protocol::state_history>(std::move(ask));
  }

  actors::state_rules rules;
  protocol::instant now{std::chrono::seconds{1'800'000'000}};
  std::uint64_t names = 0;

private:
  /// Of a read with which no other waits.
  template <class Answer>
  protocol::result<Answer> answer(actors::state_question what) {
    if (auto good = rules.begin({}, std::move(what), now); !good)
      return good.error();
    settle();
    auto outcome = std::move(rules.reads().take_answers().at(0).outcome);
    if (!outcome)
      return outcome.error();
    return std::get<Answer>(std::move(*outcome));
  }
};

} // namespace troupe::test
