#include "support/message_samples.hpp"

#include "support/protocol/plant.hpp"
#include "support/protocol/random_message.hpp"

#include <vector>

namespace troupe::protocol::test {

namespace {

struct maker {
  any_message (*random)(random_source&);
  any_message (*plain)();
};

const std::vector<maker>& makers() {
  static const auto all = [] {
    std::vector<maker> list;
    for_each_message_type([&](auto which) {
      using envelope = typename decltype(which)::type;
      list.push_back({[](random_source& source) -> any_message {
                        return test::random<envelope>(source);
                      },
                      []() -> any_message {
                        return envelope{};
                      }});
    });
    return list;
  }();
  return all;
}

} // namespace

std::size_t message_type_count() {
  return makers().size();
}

any_message random_message(std::size_t type, random_source& source) {
  return makers().at(type).random(source);
}

any_message random_message(random_source& source) {
  return random_message(source.below(message_type_count()), source);
}

any_message default_message(std::size_t type) {
  return makers().at(type).plain();
}

header& header_of(any_message& message) {
  return std::visit([](auto& m) -> header& { return m.head; },
                    static_cast<any_message::variant&>(message));
}

void for_each_text_of(any_message& message,
                      const std::function<void(std::string&)>& f) {
  std::visit([&](auto& m) { for_each_text(m, f); },
             static_cast<any_message::variant&>(message));
}

} // namespace troupe::protocol::test
