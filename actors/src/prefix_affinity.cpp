#include "prefix_affinity.hpp"

#include <algorithm>

namespace troupe::actors {

namespace {

/// FNV-1a over 64 bits, with a last mix: marks follow from one another.
class chain {
public:
  void add(std::string_view text) {
    for (const auto c : text)
      step(static_cast<unsigned char>(c));
    size_ += text.size();
    step(0xFF); // texts do not run into each other
  }
  [[nodiscard]] prefix_mark mark() const {
    auto z = state_;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
    return {z ^ (z >> 31U), size_};
  }

  void step(std::uint64_t byte) { state_ = (state_ ^ byte) * 0x100000001B3ULL; }

private:
  std::uint64_t state_ = 0xCBF29CE484222325ULL;
  std::uint64_t size_ = 0;
};

void add_part(chain& to, const protocol::content_part& part) {
  to.step(part.index());
  if (const auto* text = std::get_if<protocol::text_part>(&part)) {
    to.add(text->text);
  } else if (const auto* tool = std::get_if<protocol::tool_call>(&part)) {
    to.add(tool->name);
    to.add(tool->arguments);
  } else if (const auto* result = std::get_if<protocol::tool_result>(&part)) {
    to.add(result->content);
  } else if (const auto* thought =
                 std::get_if<protocol::thinking_part>(&part)) {
    to.add(thought->text);
  }
}

} // namespace

std::vector<prefix_mark> prefix_marks(const protocol::model_call& call,
                                      std::size_t marks_max) {
  std::vector<prefix_mark> marks;
  chain text;
  text.add(call.system);
  for (const auto& tool : call.tools) {
    text.add(tool.name);
    text.add(tool.description);
    text.add(tool.input_schema);
  }
  const auto all = call.messages.size() + 1;
  const auto from = all - std::min(all, marks_max);
  if (from == 0)
    marks.push_back(text.mark());
  for (std::size_t i = 0; i < call.messages.size(); ++i) {
    text.step(static_cast<std::uint64_t>(call.messages[i].role));
    for (const auto& part : call.messages[i].content)
      add_part(text, part);
    if (i + 1 >= from)
      marks.push_back(text.mark());
  }
  return marks;
}

std::vector<prefix_affinity::holding>
prefix_affinity::find(std::span<const prefix_mark> marks,
                      protocol::instant now) const {
  std::vector<holding> found;
  for (auto it = marks.rbegin(); it != marks.rend(); ++it) {
    const auto known = marks_.find(it->mark);
    if (known == marks_.end())
      continue;
    const auto& uses = known->second.uses; // used last is the last
    for (auto one = uses.rbegin(); one != uses.rend(); ++one) {
      const bool is_new =
          std::none_of(found.begin(), found.end(), [&](const auto& other) {
            return other.holder == one->holder;
          });
      if (is_new && now < one->until)
        found.push_back({one->holder, it->size});
    }
  }
  return found;
}

void prefix_affinity::note(std::size_t holder,
                           std::span<const prefix_mark> marks,
                           protocol::instant now) {
  // The shortest last: many begin alike, so they are forgotten last.
  for (auto it = marks.rbegin(); it != marks.rend(); ++it) {
    auto [known, is_new] = marks_.try_emplace(it->mark);
    auto& [uses, place] = known->second;
    if (!is_new)
      order_.erase(place);
    place = order_.insert(order_.begin(), it->mark);
    std::erase_if(uses, [&](const use& one) {
      return one.holder == holder || one.until <= now;
    });
    if (uses.size() >= holders_max)
      uses.erase(uses.begin()); // used least recently
    uses.push_back({holder, now + limits_.lifetime});
    if (marks_.size() > limits_.marks_max) {
      marks_.erase(order_.back());
      order_.pop_back();
    }
  }
}

} // namespace troupe::actors
