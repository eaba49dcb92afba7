// The part of store_journal that keeps what is done for sick agents.
#include "journal/record_chain.hpp"
#include "journal/store_journal.hpp"

#include <deque>

namespace troupe {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

constexpr const char* health_stream = "health";

} // namespace

result<void> store_journal::keep_health(const protocol::health_step& what) {
  return commit_made([&]() -> result<actors::store_txn> {
    auto chain = chain_at(*store_, health_stream);
    if (!chain)
      return chain.error();
    actors::store_txn txn;
    txn.id = ids_.next(now_());
    extend_chain(health_stream, {}, {text_of(what)}, *chain, txn);
    return txn;
  });
}

result<std::vector<protocol::health_step>>
store_journal::health(std::size_t count_max) {
  std::deque<protocol::health_step> last; // bounded by count_max
  const auto chain = follow_chain(
      *store_, health_stream, {},
      [&](std::string_view text, const std::string&) -> result<void> {
        auto step = from_text<protocol::health_step>(text, "a step");
        if (!step)
          return step.error();
        last.push_back(std::move(*step));
        if (last.size() > count_max)
          last.pop_front();
        return {};
      });
  if (!chain)
    return chain.error();
  return std::vector<protocol::health_step>{
      std::make_move_iterator(last.begin()),
      std::make_move_iterator(last.end())};
}

} // namespace troupe
