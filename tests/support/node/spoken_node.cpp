#include "support/node/spoken_node.hpp"

#include <thread>

namespace troupe::test {

using namespace cluster;

spoken_node::spoken_node(node& to, const std::string& name,
                         std::uint64_t session, std::uint32_t link_max)
    : peer_(to.address()) {
  auto mine = raw_peer::hello_named(name);
  mine.session = session;
  REQUIRE(peer_.join(mine));
  node_facts facts;
  facts.link_max = link_max;
  say(facts);
  REQUIRE(becomes([&] {
    (void)hear();
    const auto view = view_of(to, name);
    return view.state == "up" && view.link_max == link_max;
  }));
}

std::optional<node_words> spoken_node::hear() {
  const auto it = peer_.hear();
  if (!it)
    return {};
  if (it->kind == frame_kind::ping)
    (void)peer_.say(raw_peer::frame_of(frame_kind::pong, it->body));
  if (it->kind != frame_kind::control)
    return load_told{};
  auto words = read_words(it->body);
  if (!words)
    return load_told{};
  return std::move(*words);
}

void spoken_node::say(const node_words& what) {
  (void)peer_.say(
      raw_peer::frame_of(frame_kind::control, words_of(what), ++number_));
}

std::optional<agent_question> spoken_node::next_question() {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{10};
  while (std::chrono::steady_clock::now() < end) {
    auto words = hear();
    if (!words)
      return {};
    if (auto* it = std::get_if<agent_question>(&*words))
      return std::move(*it);
  }
  return {};
}

void spoken_node::tell(const agent_question& asked, agent_told what) {
  say(agent_answer{asked.request, std::move(what)});
}

std::optional<agent_told> spoken_node::ask(agent_asks what) {
  const protocol::id request{42, ++asked_};
  say(agent_question{request, std::move(what)});
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{10};
  while (std::chrono::steady_clock::now() < end) {
    auto words = hear();
    if (!words)
      return {};
    if (auto* it = std::get_if<agent_answer>(&*words))
      if (it->request == request)
        return std::move(it->what);
  }
  return {};
}

void spoken_node::leave() {
  (void)peer_.say(
      raw_peer::frame_of(frame_kind::bye, text_of(bye{"it ends", true})));
  (void)peer_.is_cut();
}

} // namespace troupe::test
